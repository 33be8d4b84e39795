// Makes the pictures of the README: a demonstration force in mid-shift, each page dark and light.
//
//   CALLBOX_BIN=target/debug/callbox node screenshots.mjs FOLDER      (or scripts/screenshots)
//
// Everything on them is invented.

import { execFile } from 'node:child_process';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { startDemo } from './demo.mjs';
import { PATIENT, aDesk, command, live, signOnByKeys, tabTo, until, words } from './keys.mjs';
import { ARGS, CHROMIUM, must, press } from './rig.mjs';

const FOLDER = process.argv[2];
const DESK = { width: 1440, height: 900 }, PHONE = { width: 390, height: 844 };
const LARGEST = 250_000;
const SMALLER = ['--force', '--strip', '--speed', '1', '--quality', '80-100'];
// Fast enough that targets pass while we look.
const SPEED = '2';
const NUMBER = '07700 900123';
const POINT = { lat: 53.402, lon: 1.104 };

// ---- What is going on in the room ------------------------------------------------------------

// A deed by somebody of this role, through the API.
function api(demo, role) {
    return async (method, path, body) => {
        const answer = await fetch(`${demo.url}/api/v1${path}`, {
            method,
            headers: {
                authorization: `Bearer ${demo.token(role)}`,
                'content-type': 'application/json',
                'callbox-purpose': 'pictures of the demonstration',
            },
            body: body && JSON.stringify(body),
        });
        const json = await answer.json();
        must(answer.ok, `${path}: ${JSON.stringify(json)}`);
        return json;
    };
}

async function opened(handler, { code, where, said, grade, line }) {
    const contact = line && (await handler('POST', '/contacts', { channel: '999', line })).contact;
    const { incident } = await handler('POST', '/incidents', {
        contact, opening_code: code, words: said,
        location: { known: 'known', words: where, point: POINT, rural: false },
    });
    await handler('PUT', `/incidents/${incident}/grade`, { grade });
    await handler('POST', `/incidents/${incident}/dispatch`, {});
    return incident;
}

// What was there before we look: an earlier call from the same number, a job that nobody can take.
async function before(demo) {
    const handler = api(demo, 'call handler');
    const earlier = await opened(handler, {
        code: 'domestic incident', where: '14 Alder Avenue, Kelsmouth', grade: 2, line: NUMBER,
        said: 'she rings about her former partner again, he has gone now',
    });
    await handler('POST', `/incidents/${earlier}/markers`, {
        marker: 'MARAC', officer_safety: true,
        text: 'high risk from her former partner, who has said that he will burn the house',
    });
    const late = await opened(handler, {
        code: 'road traffic collision injury', grade: 1,
        where: 'Harbour Road at Mill Lane, Kelsmouth',
        said: 'a lorry and a car, somebody is trapped in the car and not answering',
    });
    return late;
}

// ---- The pages -------------------------------------------------------------------------------

// A face that came too late for the page, on a machine with much to do, is there for its picture.
async function inOurFaces() {
    const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
    for (const { style } of rules.filter((rule) => rule instanceof CSSFontFaceRule)) {
        const of = (name) => style.getPropertyValue(name);
        const source = of('src').replace(/url\("?([^")]+)"?\)/g, (_, url) =>
            `url(${new URL(url, `${location.origin}/assets/`)})`);
        const face = new FontFace(of('font-family').replaceAll('"', ''), source, {
            weight: of('font-weight'), unicodeRange: of('unicode-range'),
        });
        document.fonts.add(await face.load());
    }
}

async function picture(page, name) {
    await page.evaluate(inOurFaces);
    for (const colorScheme of ['dark', 'light']) {
        await page.emulateMedia({ colorScheme });
        const path = join(FOLDER, `${name}-${colorScheme}.png`);
        await page.screenshot({ path, animations: 'disabled' });
        await promisify(execFile)('pngquant', [...SMALLER, '--output', path, path]);
        const { size } = await stat(path);
        must(size <= LARGEST, `${path} has ${size} bytes, ${LARGEST} is the most`);
        console.log(`${path}: ${Math.round(size / 1000)} kB`);
    }
}

async function goes(page, demo, path) {
    await page.goto(`${demo.url}${path}`);
    await live(page);
}

// A call in its second minute: lines, questions, the risk of what is known of this number.
async function call(page, demo) {
    await goes(page, demo, '/calls');
    await press(page, 'Alt+1');
    await words(page, NUMBER);
    await press(page, 'Enter');
    await page.waitForURL(/\/calls\/\d+/, PATIENT);
    await page.locator('#words:focus').waitFor(PATIENT);
    const first = 'my ex partner is outside again banging on the door, he has a knife';
    await words(page, first);
    await until(page, 'no code is suggested', (typed) =>
        document.getElementById('words').value === typed
        && document.getElementById('code').value !== '', first);
    await press(page, 'Enter');
    await until(page, 'the log does not open', () => /log=\d/.test(location.search));
    const n = await page.evaluate(() => new URL(location).searchParams.get('log'));
    await line(page, 'I cannot talk loud. The children are upstairs');
    await press(page, 'F12');
    await page.locator('#part-suggest', { hasText: 'Sent to dispatch' }).waitFor(PATIENT);
    for (const key of ['n', 'y', 'y']) {
        const before = await page.locator('[data-prompt]:not([data-open])').count();
        await press(page, 'Alt+4', key);
        await until(page, 'the answer is not there', (was) =>
            document.querySelectorAll('[data-prompt]:not([data-open])').length > was, before);
    }
    await press(page, 'Alt+1');
    await words(page, '14 Alder Avenue, Kelsmouth');
    await press(page, 'Tab', 'ArrowUp');
    await tabTo(page, 'button', 'Save where');
    await press(page, 'Enter');
    await page.locator('#said[data-kind=ok]').waitFor(PATIENT);
    return n;
}

async function line(page, text) {
    await words(page, text);
    await press(page, 'Enter');
    await page.locator('#part-lines', { hasText: text }).waitFor(PATIENT);
}

async function selects(page, n) {
    await command(page, n.slice(-4));
    await page.locator(`#pane [data-n="${n}"]`).waitFor(PATIENT);
}

// The dispatcher accepts it, sends the unit and asks; the handler is about to answer.
async function dispatched(demo, desk, handler, n) {
    await selects(desk, n);
    await command(desk, 'C');
    await desk.locator('#said[data-kind=ok]').waitFor(PATIENT);
    // It comes on duty now: whoever is free is sent elsewhere by the day's own people.
    const dispatcher = api(demo, 'dispatcher');
    const crew = { crew: ['VISITOR-PC'], kind: 'response', skills: ['taser'], equipment: [] };
    const { crew: _, ...rest } = crew;
    for (const unit of await dispatcher('GET', '/units')) {
        if (unit.crew?.includes('VISITOR-PC')) {
            await dispatcher('PUT', `/units/${unit.call_sign}`, { ...rest, crew: [] });
        }
    }
    await dispatcher('PUT', '/units/DC17', crew);
    const sent = { call_sign: 'DC17', reason: 'a crew with taser' };
    await dispatcher('POST', `/incidents/${n}/deployments`, sent);
    await dispatcher('PUT', '/units/DC17/status', { status: 5 });
    const unit = `#incidents tr[data-incident="${n}"] .unit`;
    await dispatcher('POST', `/incidents/${n}/markers`, {
        marker: 'violence', officer_safety: true,
        text: 'the former partner used a knife against officers in March',
    });
    await desk.locator(unit, { hasText: 'DC17' }).waitFor(PATIENT);
    await command(desk, '? @VISITOR-CH', 'which door is he at, front or back');
    await handler.locator('#part-dispatch', { hasText: 'which door' }).waitFor(PATIENT);
    await press(handler, 'Alt+3');
    await words(handler, 'he has gone round to the ba');
}

async function answers(handler) {
    await words(handler, 'ck, into the kitchen');
    await press(handler, 'Enter', 'F8');
    await words(handler, 'the back door, he is in the kitchen now');
    await press(handler, 'Enter', 'Alt+3');
    await line(handler, 'he came in a blue Fiesta, it is outside');
}

// What the force incident manager has to know of.
async function upwards(demo, late, n) {
    const dispatcher = api(demo, 'dispatcher'), leader = api(demo, 'team leader');
    for (const [log, reason] of [
        [late, 'no unit of the district is free'], [n, 'a knife and two children'],
    ]) {
        await dispatcher('POST', `/incidents/${log}/tags`, { tag: 'fim', reason });
    }
    const { owed } = await leader('GET', `/incidents/${late}`);
    const { id } = owed.find(({ lit }) => lit) ?? owed[0];
    await leader('POST', `/obligations/${id}/raise`, { reason: 'every unit near is at a scene' });
}

async function all(browser, demo) {
    const enters = async (name, viewport = DESK, ...where) => {
        const { page } = await aDesk(browser, { viewport, colorScheme: 'dark' });
        await signOnByKeys(page, demo.url, name, ...where);
        return page;
    };
    const late = await before(demo);
    const handler = await enters('Sian Rowe'), desk = await enters('Gareth Pryce');
    // Ours: nobody of the day sends a unit to it.
    await selects(desk, late);
    await command(desk, 'C');
    const n = await call(handler, demo);
    await dispatched(demo, desk, handler, n);
    await picture(handler, 'call');
    await answers(handler);
    await goes(desk, demo, `/incidents/${n}`);
    await desk.locator('#lines li', { hasText: 'blue Fiesta' }).waitFor(PATIENT);
    await picture(desk, 'log');
    const phone = await enters('Priya Nair', PHONE, 'DC17', '/officer');
    await phone.locator('.card').waitFor(PATIENT);
    await picture(phone, 'officer');
    await goes(desk, demo, '/');
    await desk.locator(`#incidents tr[data-incident="${late}"][data-late]`).waitFor({
        timeout: 300_000,
    });
    await desk.locator('.alarm').first().waitFor({ timeout: 300_000 });
    await selects(desk, late);
    await picture(desk, 'board');
    await upwards(demo, late, n);
    const fim = await enters('Owen Harries');
    await goes(fim, demo, '/fim');
    await picture(fim, 'fim');
    await goes(fim, demo, '/wall');
    await picture(fim, 'wall');
}

must(FOLDER, 'name the folder of the pictures');
await mkdir(FOLDER, { recursive: true });
const demo = await startDemo(process.env.CALLBOX_BIN, '--unlimited', '--speed', SPEED);
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
try {
    await all(browser, demo);
} finally {
    await browser.close();
    await demo.stop();
}
