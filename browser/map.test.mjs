// The map and its list in a real browser, by keyboard, drawn with WebGL in software.
//
//   CALLBOX_BIN=target/debug/callbox node map.test.mjs
//
// Screenshots go to out/. Ends with 'N passed, N failed'; exit status 0 means that none failed.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemo } from './demo.mjs';
import { LAPTOP, LOOKS, OUT, accessible, check, must, press, signOn, watchFaults, whole, withPage }
    from './rig.mjs';
import { onePieceOfLand } from './tiles.mjs';

const DISPATCHER = process.env.CALLBOX_DISPATCHER ?? 'Gareth Pryce';
// Drawing without a graphics card.
const WEBGL = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
    '--ignore-gpu-blocklist'];

async function drawn(page) {
    await page.locator('#map[data-drawn=yes]').waitFor({ timeout: 60_000 });
}

async function open(page, url, path = '/map') {
    const faults = await watchFaults(page);
    await signOn(page, url, DISPATCHER);
    await page.goto(`${url}${path}`);
    await drawn(page);
    return faults;
}

// What is at each place of the canvas: more than the colours of an empty sheet.
async function isDrawn(page, url) {
    const faults = await open(page, url);
    const picture = await page.locator('#map canvas').screenshot();
    must(picture.length > 20_000, `a picture of ${picture.length} bytes is an empty sheet`);
    const role = await page.locator('#map canvas').getAttribute('role');
    must(role === 'application', `the canvas is a ${role}`);
    must(!faults.length, faults.join('; '));
}

// Tab goes by risk, Enter measures, the list shows the distances, Esc leaves.
async function byKeys(page, url) {
    const faults = await open(page, url);
    let keys = await press(page, 'Alt+1', 'Tab');
    const first = await page.locator('#map-said').textContent();
    must(first.length > 10, `the first is said as '${first}'`);
    keys += await press(page, 'Tab', 'Shift+Tab');
    must((await page.locator('#map-said').textContent()) === first, 'back is not the first');
    // What changes elsewhere meanwhile does not lose the place.
    await page.evaluate(() => document.dispatchEvent(
        new CustomEvent('callbox:update', { detail: { topics: ['all'] } })));
    await page.waitForTimeout(2500);
    keys += await press(page, 'Enter');
    must(keys <= 5, `${keys} keys`);
    await page.locator('#from a[data-none]').waitFor({ timeout: 10_000 });
    const far = await page.locator('td.far').evaluateAll((all) =>
        all.filter((cell) => /m$/.test(cell.textContent.trim())).length);
    must(far > 10, `${far} distances`);
    must(/\?(log|unit)=/.test(page.url()), `the address is ${page.url()}`);
    await press(page, 'Escape');
    const left = await page.evaluate(() => document.activeElement.id);
    must(left === 'map-list', `the focus is on ${left}`);
    must(!faults.length, faults.join('; '));
}

// Nobody is caught on the map: Tab leaves it after the last.
async function leavesByTab(page, url) {
    await open(page, url);
    await press(page, 'Alt+1');
    const n = await page.locator('#map-list tbody tr').count();
    for (let i = 0; i <= n + 1; i += 1) await page.keyboard.press('Tab');
    const on = await page.evaluate(() => document.activeElement.tagName);
    must(on !== 'CANVAS', `after ${n + 2} tabs the focus is still on the map`);
}

// The list and the map show the same: what has a point, and what has none is only in the list.
async function sameThings(page, url) {
    await open(page, url);
    const [listed, onMap] = await page.evaluate(async () => {
        const data = await (await fetch('/map/data.json')).json();
        const ids = ['alone', 'many', 'units']
            .flatMap((of) => data[of].features).map((f) => f.properties.id);
        const rows = [...document.querySelectorAll('#map-list tbody tr')]
            .filter((row) => row.querySelector('.grid')).map((row) => row.id);
        return [rows.sort(), ids.sort()];
    });
    const missing = onMap.filter((id) => !listed.includes(id));
    const extra = listed.filter((id) => !onMap.includes(id));
    // Something may have moved between the two.
    must(missing.length + extra.length <= 3, `only drawn: ${missing}; only listed: ${extra}`);
    must(onMap.length > 15, `${onMap.length} things are on the map`);
}

// A unit that moves is seen to move without a hand on anything.
async function isLive(page, url) {
    await open(page, url);
    const places = () => page.locator('#map-list tr[id^=unit-] .grid').allTextContents();
    const before = await places();
    for (let i = 0; i < 60; i += 1) {
        await page.waitForTimeout(1500);
        const now = await places();
        if (now.join() !== before.join()) return;
    }
    throw new Error('no unit moved in 90 s');
}

// A place that a caller reads out is found, said and measured from, and is not in the address.
async function looksUp(page, url) {
    const faults = await open(page, url);
    await press(page, 'Alt+4');
    await page.keyboard.type('53.6 N 1.2 E');
    await press(page, 'Enter');
    await page.locator('#found').waitFor({ timeout: 10_000 });
    const grid = await page.locator('#found .grid').textContent();
    must(/^TG \d{4} \d{4}$/.test(grid) || /^[A-Z]{2} \d{4} \d{4}$/.test(grid), grid);
    must(!page.url().includes('53'), page.url());
    await page.locator('#place').fill('somewhere');
    await press(page, 'Enter');
    await page.locator('#map-list .error').waitFor({ timeout: 10_000 });
    must(!faults.length, faults.join('; '));
}

// The selected log is where the map opens, from the command line.
async function fromTheLine(page, url) {
    const faults = await watchFaults(page);
    await signOn(page, url, DISPATCHER);
    await page.locator('#incidents tr[data-incident]').first().waitFor();
    await page.locator('#command').click();
    await page.keyboard.type('M DN12');
    await press(page, 'Enter');
    await page.waitForURL((at) => at.pathname === '/map', { timeout: 10_000 });
    await drawn(page);
    const chosen = await page.locator('tr[aria-current]').getAttribute('id');
    must(chosen === 'unit-DN12', `${chosen} is looked at`);
    must(!faults.length, faults.join('; '));
}

// Without WebGL the list is there, and the page says why there is no picture.
async function withoutWebgl(page, url) {
    await page.addInitScript(() => {
        HTMLCanvasElement.prototype.getContext = new Proxy(
            HTMLCanvasElement.prototype.getContext,
            { apply: (f, self, [kind, ...rest]) =>
                (/webgl/.test(kind) ? null : Reflect.apply(f, self, [kind, ...rest])) },
        );
    });
    await signOn(page, url, DISPATCHER);
    await page.goto(`${url}/map`);
    await page.locator('#no-map', { hasText: 'cannot draw' }).waitFor({ timeout: 20_000 });
    must((await page.locator('#map-list tbody tr').count()) > 15, 'the list is not whole');
}

// A force's own file of tiles: read part by part, without a word against the policy of content.
async function ownTiles(page, url) {
    const parts = [];
    page.on('response', (response) => {
        if (response.url().endsWith('.pmtiles')) parts.push(response.status());
    });
    const faults = await open(page, url);
    must(parts.length > 0 && parts.every((status) => status === 206), `answers: ${parts}`);
    // The tile is land everywhere; without it the sheet would have the colour of the sea.
    const picture = (await page.locator('#map canvas').screenshot()).toString('base64');
    const pixel = await page.evaluate(async (base64) => {
        const raw = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
        const image = await createImageBitmap(new Blob([raw]));
        const pen = document.createElement('canvas').getContext('2d');
        pen.drawImage(image, 0, 0);
        return [...pen.getImageData(20, 20, 1, 1).data].join();
    }, picture);
    await page.screenshot({ path: `${OUT}map-own-tiles.png` });
    must(pixel === '255,255,255,255', `the corner of the map is ${pixel}`);
    must(!faults.length, faults.join('; '));
}

await whole(async (browser) => {
    const demo = await startDemo(process.env.CALLBOX_BIN);
    const { url } = demo;
    try {
        const fresh = (body) => withPage(browser, { viewport: LAPTOP }, (page) => body(page, url));
        await check('map-is-drawn', () => fresh(isDrawn));
        await check('map-by-keys', () => fresh(byKeys));
        await check('map-leaves-by-tab', () => fresh(leavesByTab));
        await check('map-same-things', () => fresh(sameThings));
        await check('map-looks-up', () => fresh(looksUp));
        await check('map-from-the-line', () => fresh(fromTheLine));
        await check('map-without-webgl', () => fresh(withoutWebgl));
        await check('map-is-live', () => fresh(isLive));
        for (const [look, viewport, media] of LOOKS) {
            await check(`axe-map-${look}`, () =>
                withPage(browser, { viewport, bypassCSP: true }, async (page) => {
                    await page.emulateMedia(media);
                    await signOn(page, url, DISPATCHER);
                    await page.goto(`${url}/map`);
                    await drawn(page);
                    await accessible(page, `map-${look}`);
                }));
        }
    } finally {
        await demo.stop();
    }
    const folder = await mkdtemp(join(tmpdir(), 'callbox-tiles-'));
    await writeFile(join(folder, 'all.pmtiles'), onePieceOfLand());
    const own = await startDemo(process.env.CALLBOX_BIN, '--basemap', join(folder, 'all.pmtiles'));
    try {
        await check('map-own-tiles', () =>
            withPage(browser, { viewport: LAPTOP, colorScheme: 'light' },
                (page) => ownTiles(page, own.url)));
    } finally {
        await own.stop();
        await rm(folder, { recursive: true, force: true });
    }
}, WEBGL);
