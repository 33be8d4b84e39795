// The dispatch board in a real browser, by keyboard alone; keys are counted where they have a
// target.
//
//   CALLBOX_BIN=target/debug/callbox node board.test.mjs
//
// Screenshots go to out/. Ends with 'N passed, N failed'; exit status 0 means that none failed.

import { startDemo } from './demo.mjs';
import {
    LOOKS, OUT, WIDE, accessible, check, must, press, signOn, watchFaults, whole, withPage,
} from './rig.mjs';

const ROWS = '#incidents tbody tr[data-incident]';
const SAID = '#said';
const CURRENT = `${ROWS}[aria-current]`;

const current = (page) => page.locator(CURRENT).getAttribute('data-incident');
const order = (page) => page.$$eval(ROWS, (rows) => rows.map((row) => row.dataset.incident));
const line = (page) => page.locator('#command');
const inLine = (page) => line(page).evaluate((e) => e === document.activeElement);

async function says(page, wanted) {
    await page.waitForFunction(
        ([id, text]) => document.querySelector(id).textContent.includes(text), [SAID, wanted],
        { timeout: 10_000 },
    ).catch(async () => {
        const said = await page.locator(SAID).innerText();
        throw new Error(`the page says '${said}' and not '${wanted}'`);
    });
}

async function paneOf(page, n) {
    await page.locator(`#pane [data-n="${n}"]`).waitFor({ timeout: 10_000 });
}

async function clear(page) {
    await line(page).focus();
    await press(page, 'Control+a', 'Delete');
    await page.waitForTimeout(700);
}

async function choose(page, url, selector) {
    const n = await page.locator(`${ROWS}${selector}`).first().getAttribute('data-incident');
    await page.goto(`${url}/?log=${n}`);
    await paneOf(page, n);
    return n;
}

// A unit whose two last figures no other unit has, in this status.
async function unitOf(page, status, onLog) {
    const units = await page.$$eval('#units dl > div', (groups) =>
        groups.flatMap((group) => [...group.querySelectorAll('.unit')].map((unit) => ({
            status: group.querySelector('dt strong').textContent,
            name: unit.firstChild.textContent.trim(),
            on: Boolean(unit.querySelector('a')),
        }))));
    const suffix = (name) => name.match(/\d+$/)?.[0];
    const only = (unit) => units.filter((u) => suffix(u.name) === suffix(unit.name)).length === 1;
    const free = units.filter((u) => u.status === status && u.on === onLog);
    const unit = free.find((u) => suffix(u.name)?.length === 2 && only(u));
    return unit ? { name: unit.name, suffix: suffix(unit.name) } : null;
}

// A log that waits for a unit. If there is none, one on the way somewhere is released.
async function chooseWaiting(page, url) {
    await page.goto(url);
    await page.locator(ROWS).first().waitFor();
    if ((await page.locator(`${ROWS}[data-waits]`).count()) === 0) {
        const unit = (await unitOf(page, '5', true)) ?? (await unitOf(page, '6', true));
        must(unit, 'no log waits and no unit is on one');
        await page.keyboard.type(`S ${unit.suffix} needed elsewhere`);
        await press(page, 'Enter');
        await says(page, unit.name);
        await page.locator(`${ROWS}[data-waits]`).first().waitFor();
    }
    return choose(page, url, '[data-waits]');
}

// A free unit. If there is none, one whose job is done is released and says that it is free.
async function freeUnit(page) {
    const free = await unitOf(page, '2', false);
    if (free) return free;
    const unit = await unitOf(page, '6', true);
    must(unit, 'no unit is free and none is at a scene');
    for (const text of [`S ${unit.suffix} the job is done`, `2 ${unit.suffix}`]) {
        await page.keyboard.type(text);
        await press(page, 'Enter');
        await says(page, unit.name);
    }
    await page.waitForTimeout(1_500);
    return (await unitOf(page, '2', false)) ?? unit;
}

async function dispatches(page, url) {
    await check('board-line-has-the-focus', async () => {
        await page.locator(ROWS).first().waitFor();
        must(await inLine(page), 'it has not');
    });
    await check('board-why-it-ranks-there-in-1-key', async () => {
        must((await press(page, 'F10')) === 1, 'more than one key');
        const n = await current(page);
        must(n === (await order(page))[0], 'F10 does not begin with the worst');
        await paneOf(page, n);
        await page.locator('#why', { hasText: 'rank 1 ' }).waitFor();
        must(await inLine(page), 'the focus has moved');
        await press(page, 'Alt+ArrowDown');
        must((await current(page)) === (await order(page))[1], 'Alt and an arrow do not go on');
    });
    let unit = null;
    await check('board-a-unit-is-sent-in-5-keys', async () => {
        // The demonstration's own dispatchers may be quicker: then the next log is taken.
        let n = null;
        for (let attempt = 1; attempt <= 4; attempt += 1) {
            n = await chooseWaiting(page, url);
            unit = await freeUnit(page);
            const keys = await press(page, 'd', ' ', ...unit.suffix, 'Enter');
            must(keys === 5, `${keys} keys`);
            await page.locator(`${SAID}:is([data-kind=ok], [data-kind=refused])`).waitFor();
            if (/saved, no\. /.test(await page.locator(SAID).innerText())) break;
            await clear(page);
        }
        await says(page, 'saved, no. ');
        await page.locator(`${ROWS}[data-incident="${n}"] .unit`, { hasText: unit.name }).waitFor();
        must((await line(page).inputValue()) === '', 'the line is not empty again');
    });
    await check('board-a-status-is-set-in-5-keys', async () => {
        const keys = await press(page, '5', ' ', ...unit.suffix, 'Enter');
        must(keys <= 5, `${keys} keys`);
        await says(page, unit.name);
        const has = page.locator('dt strong', { hasText: /^5$/ });
        const five = page.locator('#units dl > div', { has });
        await five.locator('.unit', { hasText: unit.name }).waitFor();
    });
    await check('board-the-first-unit-near-is-sent-in-1-key', async () => {
        // The demonstration's own dispatchers may be quicker: then the next log is taken.
        for (let attempt = 1; ; attempt += 1) {
            try {
                await freeUnit(page);
                await chooseWaiting(page, url);
                const near = page.locator('.near li').first();
                const name = await near.locator('strong').first().innerText({ timeout: 8_000 });
                await press(page, 'Alt+7');
                const divert = near.locator('details[open]');
                await Promise.race([says(page, 'Saved'), divert.waitFor()]).catch(() => {
                    throw new Error(`${name} is neither sent nor asked about`);
                });
                return;
            } catch (fault) {
                if (attempt === 4) throw fault;
            }
        }
    });
}

async function writes(page, url) {
    await check('board-a-line-not-understood-stays-with-its-word-selected', async () => {
        await choose(page, url, '');
        await clear(page);
        await page.keyboard.type('D ŵ9999');
        await press(page, 'Enter');
        await page.locator(`${SAID}[data-kind=refused]`).waitFor();
        const [text, from, to] = await line(page).evaluate((e) =>
            [e.value, e.selectionStart, e.selectionEnd]);
        must(text === 'D ŵ9999', `the line is '${text}'`);
        must(text.slice(from, to) === 'ŵ9999', `'${text.slice(from, to)}' is selected`);
        await press(page, 'Control+a', 'Delete');
    });
    await check('board-what-a-line-could-become-is-taken-by-keys', async () => {
        await clear(page);
        await press(page, 'D', ' ');
        await page.locator('#suggestions [role=option]').first().waitFor();
        await page.screenshot({ path: `${OUT}board-suggestions.png` });
        await press(page, 'ArrowDown');
        const active = await line(page).getAttribute('aria-activedescendant');
        const text = await page.locator(`#${active} b`).innerText();
        await press(page, 'Enter');
        must((await line(page).inputValue()) === `${text} `, 'it is not taken');
        await press(page, 'Escape');
        must((await line(page).inputValue()) === `${text} `, 'Escape threw text away');
    });
    await check('board-an-unfinished-line-is-kept', async () => {
        await press(page, 'Control+a', 'Delete');
        await page.keyboard.type('N he said ');
        await page.waitForFunction(() => document.querySelector('#command').dataset.kept === 'yes');
        await page.waitForTimeout(700);
        await page.reload();
        must((await line(page).inputValue()) === 'N he said ', 'it is gone');
        await press(page, 'Control+a', 'Delete');
        await page.waitForTimeout(700);
    });
    await check('board-all-commands-are-shown-and-closed-by-keys', async () => {
        await line(page).focus();
        await press(page, '?', 'Enter');
        await page.locator('#shown .keys').waitFor();
        await page.screenshot({ path: `${OUT}board-keys.png` });
        await press(page, 'Escape');
        must(await inLine(page), 'the focus is elsewhere');
        await press(page, 'ArrowUp');
        must((await line(page).inputValue()) === '?', 'Up does not bring the last line back');
        await press(page, 'Control+a', 'Delete');
    });
    await check('board-a-search-says-that-it-is-recorded', async () => {
        await page.keyboard.type('F the');
        await press(page, 'Enter');
        await page.locator('#shown', { hasText: 'recorded' }).waitFor();
        await press(page, 'Escape');
    });
}

// What would move is made to: the last row becomes the worst, and stays it.
const becomesWorst = (page) => page.evaluate(() => {
    const row = [...document.querySelectorAll('#incidents tbody tr[data-incident]')].at(-1);
    const n = row.dataset.incident, changed = row.cloneNode(true);
    changed.dataset.rank = '0000000000-0';
    const detail = {
        rows: [{ n, html: changed.outerHTML }], gone: [], summary: '', topics: [], kinds: [],
    };
    const tell = () => document.dispatchEvent(new CustomEvent('callbox:update', { detail }));
    tell();
    // The room goes on sending the row as it really stands: what is played here has to outlast it.
    setInterval(tell, 100);
    return n;
});

async function staysPut(page, url) {
    await check('board-no-row-moves-under-the-selection', async () => {
        await page.goto(url);
        await page.locator(ROWS).first().waitFor();
        await press(page, 'Alt+1', 'ArrowDown', 'ArrowDown');
        const chosen = await current(page);
        await paneOf(page, chosen);
        const before = await order(page);
        const moved = await becomesWorst(page);
        await page.locator('#pending:visible').waitFor();
        await page.screenshot({ path: `${OUT}board-pending.png` });
        await page.waitForTimeout(6_500);
        const after = (await order(page)).filter((n) => before.includes(n));
        const stayed = before.filter((n) => after.includes(n));
        must(JSON.stringify(after) === JSON.stringify(stayed), 'a row moved under the selection');
        must((await current(page)) === chosen, 'the selection did not stay');
        await press(page, 'F10');
        must((await order(page))[0] === moved, 'F10 did not put the worst first');
    });
}

async function looks(browser, url) {
    for (const [name, viewport, media] of LOOKS) {
        // The checker itself is evaluated in the page, which the policy rightly forbids.
        await withPage(browser, { viewport, bypassCSP: true }, async (page) => {
            await check(`board-accessible-${name}`, async () => {
                await signOn(page, url, 'Gareth Pryce');
                await page.emulateMedia(media);
                await choose(page, url, '');
                await accessible(page, `board-${name}`);
            });
        });
    }
}

await whole(async (browser) => {
    must(process.env.CALLBOX_BIN, 'set CALLBOX_BIN to the built callbox');
    const demo = await startDemo(process.env.CALLBOX_BIN);
    try {
        await withPage(browser, { viewport: WIDE, colorScheme: 'dark' }, async (page) => {
            const faults = await watchFaults(page);
            await signOn(page, demo.url, 'Gareth Pryce');
            await dispatches(page, demo.url);
            await writes(page, demo.url);
            await staysPut(page, demo.url);
            const ours = faults.filter((fault) => !fault.includes('422'));
            await check('board-no-faults-in-the-console', () => {
                must(ours.length === 0, ours.join('; '));
            });
        });
        await looks(browser, demo.url);
    } finally {
        await demo.stop();
    }
});
