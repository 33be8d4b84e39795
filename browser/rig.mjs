// What the browser tests of pages share: checks that are counted, a page whose faults are watched,
// signing on to the demonstration, and what every page must be.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { chromium } from 'playwright-core';

const axe = createRequire(import.meta.url)('axe-core');
export const CHROMIUM = process.env.CALLBOX_CHROMIUM ?? '/usr/bin/chromium';
export const ARGS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];

export const OUT = new URL('./out/', import.meta.url).pathname;
export const WIDE = { width: 1920, height: 1080 };
export const LAPTOP = { width: 1366, height: 768 };
export const NARROW = { width: 320, height: 640 };

/** How people look at it: name, window, what the browser is told. 200 % is half the window. */
export const LOOKS = [
    ['dark', WIDE, { colorScheme: 'dark' }],
    ['light', LAPTOP, { colorScheme: 'light' }],
    ['forced-colours', LAPTOP, { forcedColors: 'active' }],
    ['narrow', NARROW, { colorScheme: 'light' }],
    ['200-per-cent', { width: 683, height: 384 }, { colorScheme: 'dark' }],
];

const count = { passed: 0, failed: 0 };

export async function check(name, body) {
    try {
        await body();
        count.passed += 1;
        console.log(`passed  ${name}`);
    } catch (fault) {
        count.failed += 1;
        console.log(`FAILED  ${name}: ${fault.message}`);
    }
}

export function must(holds, sentence) {
    if (!holds) throw new Error(sentence);
}

/** A file that is not through by then hangs, and says so. */
const AT_MOST_MS = 15 * 60_000;
/** A browser that has not closed by then is left to the end of the process. */
const CLOSES_MS = 15_000;

const closed = (what) =>
    Promise.race([what.close(), new Promise((resolve) => setTimeout(resolve, CLOSES_MS))]);

/** Runs a whole test file and ends the process with its count; `more` is told to the browser. */
export async function whole(body, more = []) {
    await mkdir(OUT, { recursive: true });
    setTimeout(() => {
        console.log(`FAILED  it hangs after ${count.passed} checks that passed`);
        process.exit(1);
    }, AT_MOST_MS).unref();
    // Without a graphics card a browser that draws must not be told to go without one.
    const args = more.length ? [...ARGS.filter((a) => a !== '--disable-gpu'), ...more] : ARGS;
    try {
        const browser = await chromium.launch({ executablePath: CHROMIUM, args });
        try {
            await body(browser);
        } finally {
            await closed(browser);
        }
    } catch (fault) {
        count.failed += 1;
        console.log(`FAILED  ${fault.message}`);
    }
    console.log(`${count.passed} passed, ${count.failed} failed`);
    process.exit(count.failed === 0 ? 0 : 1);
}

/** Everything the browser complains about, a content security policy above all. */
export async function watchFaults(page) {
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

// With CALLBOX_ASSETS=folder, styles and scripts are as they stand there, without building.
async function withAssets(context) {
    if (!process.env.CALLBOX_ASSETS) return;
    await context.route('**/assets/*.{css,js}', (route) => {
        const path = join(process.env.CALLBOX_ASSETS, basename(route.request().url()));
        return existsSync(path) ? route.fulfill({ path }) : route.continue();
    });
}

/** Somebody's browser, with nothing of anybody else in it. */
export async function newContext(browser, options) {
    const context = await browser.newContext(options);
    await withAssets(context);
    return context;
}

/** Ends such a browser, by force if it does not end by itself: a phone may die too. */
export async function endPhone(context, folder) {
    let ended = false;
    await closed({ close: () => context.close().then(() => (ended = true)) });
    if (!ended) spawnSync('pkill', ['-9', '-f', `--user-data-dir=${folder}`]);
}

/** A browser that keeps what it was told in a folder, as a phone does. */
export async function phoneOf(folder, options) {
    const settings = { executablePath: CHROMIUM, args: ARGS, ...options };
    const context = await chromium.launchPersistentContext(folder, settings);
    await withAssets(context);
    return context;
}

export async function withPage(browser, options, body) {
    const context = await newContext(browser, options);
    try {
        await body(await context.newPage());
    } finally {
        await closed(context);
    }
}

/** Somebody invented signs on and takes the seat that is offered. */
export async function signOn(page, url, name) {
    await page.goto(`${url}/sign-on`);
    await page.getByRole('button', { name }).click();
    await page.getByRole('button', { name: 'Take the seat' }).click();
    await page.waitForURL((at) => at.pathname === '/', { timeout: 20_000 });
}

/** No violation that axe knows, and nothing wider than the window. */
export async function accessible(page, name, picture = {}) {
    await page.screenshot({ path: `${OUT}${name}.png`, ...picture });
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => window.axe.run());
    const words = violations.map((v) => `${v.id} (${v.nodes.length}: ${v.nodes[0].target})`);
    must(violations.length === 0, `${name}: ${words.join('; ')}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    must(wide <= 0, `${name}: the page is ${wide} px wider than the window`);
}

/** Presses keys one by one, and says how many. */
export async function press(page, ...keys) {
    let n = 0;
    for (const key of keys) {
        await page.keyboard.press(key === ' ' ? 'Space' : key);
        n += 1;
    }
    return n;
}
