// The officer's page on a phone: risk first, one thumb, and without a connection.
//
//   CALLBOX_BIN=target/debug/callbox node officer.test.mjs
//
// Screenshots go to out/. Ends with 'N passed, N failed'; exit status 0 means that none failed.

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, startCallbox } from './demo.mjs';
import {
    NARROW, OUT, accessible, check, endPhone, must, phoneOf, whole, withPage,
} from './rig.mjs';

const PHONE = { width: 360, height: 640 };
const LEAST_PX = 48;

// A force's room with somebody of three roles, and a unit whose crew is one of them.
async function startForce(binary) {
    const folder = await mkdtemp(join(tmpdir(), 'callbox-officer-'));
    const data = join(folder, 'data');
    const token = async (staff, role) => {
        const args = ['--json', 'token', '--data', data, '--staff', staff, '--role', role];
        return JSON.parse((await promisify(execFile)(binary, args)).stdout).token;
    };
    const tokens = {
        handler: await token('CH14', 'call_handler'),
        dispatcher: await token('DD07', 'dispatcher'),
        officer: await token('PC1', 'officer'),
    };
    const listen = `127.0.0.1:${await freePort()}`;
    const args = ['serve', '--data', data, '--listen', listen];
    const callbox = await startCallbox(spawn(binary, args));
    const stop = async () => {
        await callbox.stop();
        await rm(folder, { recursive: true, force: true });
    };
    const send = async (who, path, body, method = 'POST') => {
        const answer = await fetch(`http://${listen}/api/v1${path}`, {
            method,
            headers: {
                authorization: `Bearer ${tokens[who]}`,
                'content-type': 'application/json',
                'callbox-purpose': 'a check of the test',
            },
            body: body && JSON.stringify(body),
        });
        const json = await answer.json();
        must(answer.ok, `${path}: ${JSON.stringify(json)}`);
        return json;
    };
    return { url: `http://${listen}`, tokens, send, stop };
}

// The air between the phone and the room, which can be cut. (A browser's own "offline" leaves a
// page's worker its connection.)
function startAir(room) {
    const open = new Set();
    let cut = false;
    const air = createServer((phone) => {
        if (cut) return phone.destroy();
        const far = connect(Number(new URL(room).port), '127.0.0.1');
        for (const [from, to] of [
            [phone, far],
            [far, phone],
        ]) {
            open.add(from);
            from.pipe(to);
            from.on('error', () => to.destroy());
            from.on('close', () => open.delete(from) && to.destroy());
        }
    });
    const lose = () => {
        cut = true;
        for (const socket of open) socket.destroy();
    };
    const find = () => (cut = false);
    const stop = () => air.close(lose());
    return new Promise((resolve) =>
        air.listen(0, '127.0.0.1', () =>
            resolve({ url: `http://127.0.0.1:${air.address().port}`, lose, find, stop }),
        ),
    );
}

// A job on which everything is dangerous, with the unit on its way.
async function aJob(force, words) {
    const { incident: n } = await force.send('handler', '/incidents', {
        opening_code: 'domestic incident',
        location: {
            known: 'known',
            words: '14 Heol Awst',
            point: { lat: 51.85, lon: -4.3 },
            rural: false,
        },
        words,
    });
    await force.send('handler', `/incidents/${n}/grade`, { grade: 1 }, 'PUT');
    await force.send('handler', `/incidents/${n}/markers`, {
        marker: 'MARAC',
        text: 'high risk from her former partner, who has said that he will burn the house',
        officer_safety: true,
    });
    await force.send('handler', `/incidents/${n}/entries`, {
        text: 'He is at the door with a knife and says he will use it on anybody who comes',
        critical: true,
    });
    return n;
}

const state = (force) => force.send('dispatcher', '/units/DC14', undefined, 'GET');
const log = (force, n) => force.send('officer', `/incidents/${n}`, undefined, 'GET');

async function signOn(page, force) {
    await page.goto(`${force.url}/sign-on`);
    const token = page.locator('input[name="token"]');
    if (!(await token.isVisible())) {
        await page.locator('details:has(input[name="token"]) summary').click();
    }
    await token.fill(force.tokens.officer);
    await token.press('Enter');
    await page.waitForURL(/seat|officer/);
    if (page.url().includes('seat')) {
        const seat = page.locator('#seat');
        if (await seat.count()) {
            if ((await seat.evaluate((e) => e.tagName)) === 'INPUT') await seat.fill('CAR1');
        }
        await page.locator('button.primary').click();
    }
    await page.waitForURL(`${force.url}/officer`);
}

const press = async (page, name) => {
    const button = page.getByRole('button', { name });
    await button.focus();
    await page.keyboard.press('Enter');
};

async function sizes(page) {
    const small = await page.evaluate((least) => {
        const what = 'a[href], button, summary, input:not([type=hidden]), textarea';
        const all = [...document.querySelectorAll(what)];
        const shown = all.filter((e) => e.checkVisibility() && !e.matches('.skip'));
        return shown
            .map((e) => [e, e.getBoundingClientRect()])
            .filter(([, box]) => box.height < least || box.width < least)
            .map(([e, box]) => `${e.textContent.trim().slice(0, 30)} ${box.width}x${box.height}`);
    }, LEAST_PX);
    must(small.length === 0, `smaller than ${LEAST_PX} px: ${small.join('; ')}`);
}

const until = async (holds, sentence) => {
    for (let tries = 0; tries < 100; tries += 1) {
        if (await holds()) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(sentence);
};

async function riskFirst(page, force, n) {
    const card = page.locator('.card');
    await card.waitFor();
    const lines = await card.locator('li > span:last-child').allInnerTexts();
    must(lines.length <= 3, `${lines.length} lines`);
    const words = lines.join(' ').split(/\s+/).length;
    must(words <= 40, `${words} words`);
    const box = await page.locator('#risk .big').boundingBox();
    must(box.y + box.height <= PHONE.height, `the card ends at ${box.y + box.height} px`);
    await page.locator('a.state.held').click();
    must((await state(force)).status !== 6, 'at scene before the warnings were read');
    await press(page, /Open all warnings/);
    await page.locator('#risk[data-open]').waitFor();
    await press(page, /I am going to/);
    await press(page, /6 At scene/);
    await until(async () => (await state(force)).status === 6, 'not at scene');
    const late = { text: 'she is in the loft', critical: true };
    await force.send('dispatcher', `/incidents/${n}/entries`, late);
    await page.locator('.new', { hasText: 'she is in the loft' }).waitFor();
}

// It closes nothing: the owner of the log is asked, with the risk as it stands.
async function asksToClose(page, force, n) {
    const fold = page.locator('details[id^="fold-close"]').first();
    await fold.locator('summary').click();
    const fields = fold.locator('textarea');
    const said = ['she is with her daughter', 'he may come back tonight', 'Mrs A, calm'];
    for (let i = 0; i < await fields.count(); i += 1) await fields.nth(i).fill(said[i]);
    await fields.first().pressSequentially('; a known time waster');
    await fold.locator('.opinion', { hasText: 'time waster' }).first().waitFor();
    await page.screenshot({ path: `${OUT}officer-ask-to-close.png`, fullPage: true });
    await fold.locator('button').click();
    await page.locator('.questions', { hasText: 'May this log close?' }).waitFor();
    const { entries, questions, open } = await log(force, n);
    must(open, 'the log was closed');
    must(entries.some((e) => e.text.includes('Risk now: he may come back tonight')), 'no entry');
    must(questions.some((q) => q.text.startsWith('May this log close?')), 'no question');
}

async function seenFirst(page, force, n) {
    await page.locator('a.state.held', { hasText: '2' }).click();
    const fold = page.locator('#seen details').first();
    await fold.locator('summary').click();
    await fold.locator('textarea').fill('Mrs A, well; her daughter is with her');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await until(async () => (await state(force)).status === 2, 'not available');
    const { entries } = await log(force, n);
    must(entries.some((e) => e.text.startsWith('Seen and spoken to: Mrs A')), 'not on the log');
}

// Two updates are made without a connection, the browser closes, and each is sent once, in order.
async function offline(force, n) {
    const air = await startAir(force.url);
    const valley = { ...force, url: air.url };
    const folder = await mkdtemp(join(tmpdir(), 'callbox-phone-'));
    let phone = await phoneOf(folder, { viewport: PHONE });
    let page = phone.pages()[0] ?? (await phone.newPage());
    await signOn(page, valley);
    await page.locator('.card').waitFor();
    await page.waitForFunction(() => document.documentElement.dataset.worker === 'ready');
    await until(
        () => page.evaluate(async () => Boolean(await caches.match('/officer'))),
        'the page was not kept',
    );
    const cookies = await phone.cookies();
    air.lose();
    await press(page, /7 Committed/);
    const fold = page.locator(`#fold-note-${n}`);
    await fold.locator('summary').click();
    await fold.locator('textarea').fill('the back door is open');
    await fold.locator('button').click();
    await page.locator('#queue', { hasText: '2 updates will send' }).waitFor();
    await page.screenshot({ path: `${OUT}officer-offline.png` });
    await endPhone(phone, folder);
    phone = await phoneOf(folder, { viewport: PHONE });
    await phone.addCookies(cookies);
    page = await phone.newPage();
    await page.goto(`${air.url}/officer`);
    await page.locator('.card', { hasText: 'MARAC' }).waitFor();
    await page.locator('#queue', { hasText: '2 updates will send' }).waitFor();
    await page.locator('#stale:not([hidden])').waitFor();
    await page.screenshot({ path: `${OUT}officer-reopened-offline.png` });
    air.find();
    await page.locator('#queue').waitFor({ state: 'hidden', timeout: 20_000 });
    must((await state(force)).status === 7, 'the state was not sent');
    const { entries } = await log(force, n);
    must(entries.filter((e) => e.text === 'the back door is open').length === 1, 'not once');
    await page.locator('#stale').waitFor({ state: 'hidden', timeout: 20_000 });
    // Signing off leaves nothing on the phone.
    await page.locator('form.who button').click();
    await page.waitForURL(/sign-on/);
    await until(
        () => page.evaluate(async () => !(await caches.match('/officer'))),
        'the job stayed on the phone',
    );
    await endPhone(phone, folder);
    air.stop();
    await rm(folder, { recursive: true, force: true });
}

async function hold(page, force) {
    const button = page.locator('summary[data-hold]');
    await button.scrollIntoViewIfNeeded();
    const box = await button.boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await page.mouse.up();
    must((await state(force)).status !== 0, 'a short press called for help');
    await page.locator('#emergency[open]').waitFor();
    await button.click();
    const there = await button.boundingBox();
    await page.mouse.move(there.x + there.width / 2, there.y + there.height / 2);
    await page.mouse.down();
    await new Promise((resolve) => setTimeout(resolve, 1400));
    await page.mouse.up();
    await until(async () => (await state(force)).status === 0, 'nobody heard the emergency');
    await press(page, /7 Committed/);
    await until(async () => (await state(force)).status === 7, 'it is not over');
}

async function released(page, force, n) {
    await force.send('dispatcher', `/incidents/${n}/deployments/DC14/stand-down`, {
        reason: 'a nearer unit is free',
    });
    await page.locator('.released', { hasText: 'You are RELEASED' }).waitFor();
    await page.screenshot({ path: `${OUT}officer-released.png` });
    await press(page, 'Understood');
    await page.locator('.free').waitFor();
}

async function looks(browser, force) {
    const all = [
        ['dark', PHONE, { colorScheme: 'dark' }],
        ['light', PHONE, { colorScheme: 'light' }],
        ['forced', PHONE, { forcedColors: 'active' }],
        ['narrow', NARROW, { colorScheme: 'light' }],
    ];
    for (const [name, viewport, media] of all) {
        await check(`axe-${name}`, () =>
            withPage(browser, { viewport, bypassCSP: true, ...media }, async (page) => {
                await signOn(page, force);
                await page.locator('.card').waitFor();
                await accessible(page, `officer-${name}`);
                await sizes(page);
            }));
    }
}

async function theShift(page, force, n) {
    // Without a connection the browser complains of that, and rightly.
    const faults = [];
    page.on('pageerror', (fault) => faults.push(fault.message));
    await signOn(page, force);
    await check('risk-first', () => riskFirst(page, force, n));
    await page.screenshot({ path: `${OUT}officer-at-scene.png`, fullPage: true });
    await check('hold-for-help', () => hold(page, force));
    await check('ask-to-close', () => asksToClose(page, force, n));
    await check('seen-first', () => seenFirst(page, force, n));
    await check('offline', () => offline(force, n));
    await check('released', () => released(page, force, n));
    await check('no-faults', () => must(!faults.length, faults.join('; ')));
}

await whole(async (browser) => {
    const binary = process.env.CALLBOX_BIN;
    must(binary, 'set CALLBOX_BIN to the built callbox');
    const force = await startForce(binary);
    try {
        const unit = { crew: ['PC1'], kind: 'response', skills: [], equipment: [] };
        await force.send('dispatcher', '/units/DC14', unit, 'PUT');
        const n = await aJob(force, 'she is whispering that he is outside and has been drinking');
        await force.send('dispatcher', `/incidents/${n}/deployments`, { call_sign: 'DC14' });
        await looks(browser, force);
        await withPage(browser, { viewport: PHONE }, (page) => theShift(page, force, n));
    } finally {
        await force.stop();
    }
});
