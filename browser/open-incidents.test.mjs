// The live page of open incidents in a real browser.
//
//   CALLBOX_BIN=target/debug/callbox node open-incidents.test.mjs
//
// Screenshots go to out/. Ends with 'N passed, N failed'; exit status 0 means that none failed.

import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { startDemo } from './demo.mjs';

const axe = createRequire(import.meta.url)('axe-core');
const OUT = new URL('./out/', import.meta.url).pathname;
const CHROMIUM = process.env.CALLBOX_CHROMIUM ?? '/usr/bin/chromium';
const ROWS = '#incidents tr[data-incident]';
const CHANGE_WITHIN_MS = 60_000;
const WIDE = { width: 1366, height: 768 };
const NARROW = { width: 320, height: 640 };
const LOOKS = [
    ['axe-dark', WIDE, { colorScheme: 'dark' }],
    ['axe-light', WIDE, { colorScheme: 'light' }],
    ['axe-forced-colours', WIDE, { forcedColors: 'active' }],
    ['axe-narrow', NARROW, { colorScheme: 'light' }],
];

const count = { passed: 0, failed: 0 };

async function check(name, body) {
    try {
        await body();
        count.passed += 1;
        console.log(`passed  ${name}`);
    } catch (fault) {
        count.failed += 1;
        console.log(`FAILED  ${name}: ${fault.message}`);
    }
}

function must(holds, sentence) {
    if (!holds) throw new Error(sentence);
}

// Everything the browser complains about, a content security policy above all.
async function watchFaults(page) {
    const faults = [];
    page.on('console', (line) => line.type() === 'error' && faults.push(line.text()));
    page.on('pageerror', (fault) => faults.push(fault.message));
    await page.exposeFunction('policyViolated', (what) => faults.push(what));
    await page.addInitScript(() => {
        addEventListener('securitypolicyviolation', (event) =>
            window.policyViolated(`${event.violatedDirective} blocked ${event.blockedURI}`),
        );
    });
    return faults;
}

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

async function withPage(browser, options, body) {
    const context = await browser.newContext(options);
    try {
        await body(await context.newPage());
    } finally {
        await context.close();
    }
}

async function open(page, url) {
    await page.goto(url, { waitUntil: 'domcontentloaded' });
    await page.locator(ROWS).first().waitFor({ timeout: 30_000 });
}

async function accessible(page, name) {
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => window.axe.run());
    const words = violations.map((v) => `${v.id} (${v.nodes.length}: ${v.nodes[0].target})`);
    must(violations.length === 0, words.join('; '));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    must(wide <= 0, `${name}: the page is ${wide} px wider than the window`);
}

async function live(browser, url) {
    await withPage(browser, { viewport: WIDE, colorScheme: 'dark' }, async (page) => {
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
            await check(name, async () => {
                await page.emulateMedia(media);
                await open(page, url);
                await page.screenshot({ path: `${OUT}${name}.png` });
                await accessible(page, name);
            });
        });
    }
}

async function main() {
    const binary = process.env.CALLBOX_BIN;
    must(binary, 'set CALLBOX_BIN to the built callbox');
    await mkdir(OUT, { recursive: true });
    const demo = await startDemo(binary);
    try {
        const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];
        const browser = await chromium.launch({ executablePath: CHROMIUM, args });
        await live(browser, demo.url);
        await looks(browser, demo.url);
        await browser.close();
    } finally {
        await demo.stop();
    }
}

await main().catch((fault) => {
    count.failed += 1;
    console.log(`FAILED  ${fault.message}`);
});
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed === 0 ? 0 : 1);
