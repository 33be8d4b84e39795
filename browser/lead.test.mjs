// The pages of those who lead the room, in a real browser, by keyboard.
//
//   CALLBOX_BIN=target/debug/callbox node lead.test.mjs
//
// Screenshots go to out/. Ends with 'N passed, N failed'; exit status 0 means that none failed.

import { startDemo } from './demo.mjs';
import { LOOKS, WIDE, accessible, check, must, press, signOn, watchFaults, whole, withPage }
    from './rig.mjs';

const PAGES = ['meeting', 'appointments', 'decisions', 'fim', 'handover', 'wall', 'alarms',
    'guidance', 'guidance/missing-persons', 'crimes', 'decisions/sample', 'panel',
    'markers', 'messages'];
const LEADER = process.env.CALLBOX_LEADER ?? 'Amina Khatun';

// Something that needs the leader's decision: what is owed on the worst logs is raised, a rung each
// time, until something is theirs.
async function needsDecision(page, url) {
    await page.goto(url);
    await page.locator('#incidents tr[data-incident]').first().waitFor();
    const logs = await page.locator('#incidents tr[data-incident]').evaluateAll((all) =>
        all.slice(0, 12).map((row) => `/incidents/${row.dataset.incident}`));
    for (const log of [...logs, ...logs, ...logs]) {
        const raised = await page.evaluate(async (address) => {
            const page = await (await fetch(address)).text();
            const forms = [...new DOMParser().parseFromString(page, 'text/html')
                .querySelectorAll('form[action="/do/raise_obligation"]')];
            for (const { obligation } of forms.slice(0, 4)) {
                const body = new URLSearchParams({
                    obligation: obligation.value, reason: 'no unit of this district is free',
                });
                const headers = { Accept: 'application/json' };
                await fetch('/do/raise_obligation', { method: 'POST', headers, body });
            }
            return forms.length;
        }, log);
        if (raised === 0) continue;
        await page.goto(`${url}/decisions`);
        if ((await page.locator('#chosen').count()) > 0) return;
    }
    throw new Error('nothing could be raised to the leader');
}

// Two keys and the words: the field, and Enter.
async function ownByKeys(page, url) {
    const faults = await watchFaults(page);
    await signOn(page, url, LEADER);
    await needsDecision(page, url);
    const id = await page.locator('#own-words').evaluate((f) => f.form.obligation.value);
    let keys = await press(page, 'Alt+1');
    must(await page.evaluate(() => document.activeElement.id === 'own-words'), 'no focus');
    await page.keyboard.type('I am ringing the next district');
    // A change elsewhere must not take what is typed.
    await page.waitForTimeout(1500);
    const typed = await page.locator('#own-words').inputValue();
    must(typed === 'I am ringing the next district', `typed: ${typed}`);
    keys += await press(page, 'Enter');
    must(keys <= 3, `${keys} keys`);
    await page.locator(`#d-${id}`).waitFor({ state: 'detached', timeout: 20_000 });
    must(!faults.length, faults.join('; '));
}

// Everything that waits can be put off with four keys and the words, and is listed with its end.
async function delayByKeys(page, url) {
    await signOn(page, url, LEADER);
    await needsDecision(page, url);
    const id = await page.locator('#delay-reason').evaluate((f) => f.form.obligation.value);
    await press(page, 'Alt+3', 'Tab');
    await page.keyboard.type('a unit clears in ten minutes');
    await press(page, 'Enter');
    await page.locator(`#later-${id}`).waitFor({ timeout: 20_000 });
}

async function wallIsLarge(page, url) {
    await page.setViewportSize(WIDE);
    await page.goto(`${url}/wall`);
    const sizes = await page.locator('.digits').evaluateAll((all) =>
        all.map((e) => parseFloat(getComputedStyle(e).fontSize)));
    must(sizes.length === 6 && sizes.every((px) => px >= 76), `digits of ${sizes} px`);
    const tall = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    must(tall <= 0, `the wall is ${tall} px taller than the screen`);
}

await whole(async (browser) => {
    const demo = await startDemo(process.env.CALLBOX_BIN);
    const { url } = demo;
    try {
        const fresh = (body) => withPage(browser, { viewport: WIDE }, (page) => body(page, url));
        await check('lead-own-by-keys', () => fresh(ownByKeys));
        await check('lead-delay-by-keys', () => fresh(delayByKeys));
        await check('lead-wall-is-large', () => fresh(wallIsLarge));
        for (const [look, viewport, media] of LOOKS) {
            await withPage(browser, { viewport, bypassCSP: true }, async (page) => {
                await page.emulateMedia(media);
                await signOn(page, url, LEADER);
                for (const name of PAGES) {
                    await check(`axe-lead-${name}-${look}`, async () => {
                        await page.goto(`${url}/${name}`);
                        await accessible(page, `lead-${name.replace('/', '-')}-${look}`);
                    });
                }
            });
        }
    } finally {
        await demo.stop();
    }
    await trains(browser);
});

// A room for training says so on every page, and shows what each trainee did.
async function trains(browser) {
    const demo = await startDemo(process.env.CALLBOX_BIN, '--training', '--pace', 'quiet');
    try {
        for (const [look, viewport, media] of LOOKS) {
            await withPage(browser, { viewport, bypassCSP: true }, async (page) => {
                await page.emulateMedia(media);
                await check(`axe-lead-trainees-${look}`, async () => {
                    await signOn(page, demo.url, LEADER);
                    await page.goto(`${demo.url}/trainees`);
                    const banner = page.getByText('Training: nothing here is real').first();
                    must(await banner.isVisible(), 'no banner says that it is training');
                    await accessible(page, `lead-trainees-${look}`);
                });
            });
        }
    } finally {
        await demo.stop();
    }
}
