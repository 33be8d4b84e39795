// The live page of open incidents in a real browser.
//
//   CALLBOX_BIN=target/debug/callbox node open-incidents.test.mjs
//
// Screenshots go to out/. Ends with 'N passed, N failed'; exit status 0 means that none failed.

import { startDemo } from './demo.mjs';
import { LOOKS, LAPTOP, accessible, check, must, watchFaults, whole, withPage } from './rig.mjs';

const ROWS = '#incidents tr[data-incident]';
const CHANGE_WITHIN_MS = 60_000;

const text = (page) => page.locator('#incidents').innerText();

async function changesWithoutReload(page) {
    await page.evaluate(() => (window.notReloaded = true));
    const before = await text(page);
    const until = Date.now() + CHANGE_WITHIN_MS;
    while (Date.now() < until && (await text(page)) === before) await page.waitForTimeout(200);
    must((await text(page)) !== before, `no row changed within ${CHANGE_WITHIN_MS / 1000} s`);
    must(await page.evaluate(() => window.notReloaded === true), 'the page was loaded again');
}

// What Tab can reach must be reached, in the order of the page, and must show that it is.
async function reachedByKeyboard(page) {
    const n = await page.evaluate(() => {
        const wanted = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
        // Of a list that is walked by the arrow keys, Tab reaches one row.
        const seen = (element) =>
            element.checkVisibility() && !element.disabled && element.tabIndex >= 0;
        window.reachable = [...document.querySelectorAll(wanted)].filter(seen);
        return window.reachable.length;
    });
    must(n > 0, 'nothing on the page can be reached by keyboard');
    const missed = new Set(Array(Math.min(n, 40)).keys());
    for (let i = 0; i < n + 10 && missed.size > 0; i += 1) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => {
            const element = document.activeElement;
            const style = getComputedStyle(element);
            const marked = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
            return { index: window.reachable.indexOf(element), marked, tag: element.outerHTML };
        });
        // A row that arrived meanwhile is no fault of the order.
        if (at.index < 0) continue;
        must(at.marked, `nothing shows that the focus is on ${at.tag.slice(0, 120)}`);
        missed.delete(at.index);
    }
    const kept = await page.evaluate(() => window.reachable.map((e) => e.isConnected));
    const lost = [...missed].filter((index) => kept[index]);
    must(lost.length === 0, `Tab does not reach ${lost.length} of ${n} elements`);
}

async function open(page, url) {
    await page.goto(url, { waitUntil: 'domcontentloaded' });
    await page.locator(ROWS).first().waitFor({ timeout: 30_000 });
}

async function live(browser, url) {
    await withPage(browser, { viewport: LAPTOP, colorScheme: 'dark' }, async (page) => {
        const faults = await watchFaults(page);
        await check('rows-appear', async () => {
            await open(page, url);
            must((await page.locator('main #incidents').count()) === 1, 'main has no #incidents');
            must((await page.title()).length > 0, 'the page has no title');
        });
        await check('rows-change-without-reload', () => changesWithoutReload(page));
        await check('keyboard-reaches-everything', () => reachedByKeyboard(page));
        await check('no-faults-in-the-console', () => must(!faults.length, faults.join('; ')));
    });
}

async function looks(browser, url) {
    for (const [name, viewport, media] of LOOKS) {
        // The checker itself is evaluated in the page, which the policy rightly forbids.
        await withPage(browser, { viewport, bypassCSP: true }, async (page) => {
            await check(`axe-${name}`, async () => {
                await page.emulateMedia(media);
                await open(page, url);
                await accessible(page, `axe-${name}`);
            });
        });
    }
}

await whole(async (browser) => {
    must(process.env.CALLBOX_BIN, 'set CALLBOX_BIN to the built callbox');
    const demo = await startDemo(process.env.CALLBOX_BIN);
    try {
        await live(browser, demo.url);
        await looks(browser, demo.url);
    } finally {
        await demo.stop();
    }
});
