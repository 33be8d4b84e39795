// Who looked at what, a log as it stood, and how the alarms did, in a real browser, by keyboard.
//
//   CALLBOX_BIN=target/debug/callbox node audit.test.mjs
//
// Screenshots go to out/. Ends with 'N passed, N failed'; exit status 0 means that none failed.

import { startDemo } from './demo.mjs';
import { LOOKS, WIDE, accessible, check, must, press, signOn, watchFaults, whole, withPage }
    from './rig.mjs';

const AUDITOR = 'Ruth Adeyemi';
const LEADER = 'Amina Khatun';
const WHY = 'complaint 7 about the night shift';

// An auditor needs no seat, and begins where their work is.
async function auditorSignsOn(page, url) {
    await page.goto(`${url}/sign-on`);
    await page.getByRole('button', { name: AUDITOR }).click();
    await page.locator('form.seat button.primary').click();
    await page.waitForURL((at) => at.pathname === '/audit', { timeout: 20_000 });
}

// A log that has been worked on for a while, and that a leader has looked at.
async function aLog(page, url) {
    await signOn(page, url, LEADER);
    const rows = page.locator('#incidents tr[data-incident]');
    await rows.first().waitFor();
    const n = await rows.first().getAttribute('data-incident');
    await page.goto(`${url}/incidents/${n}`);
    await page.locator('#timeline-heading, #lines').first().waitFor();
    return n;
}

async function opensReplay(page, url, n) {
    await page.goto(`${url}/audit`);
    await page.locator('#replay-purpose').fill(WHY);
    await page.locator('#replay-incident').fill(n);
    await press(page, 'Enter');
    await page.locator('#moment').waitFor({ timeout: 60_000 });
}

// Why, whose, and Enter: by keyboard alone.
async function looksByKeys(page, url) {
    const faults = await watchFaults(page);
    await auditorSignsOn(page, url);
    await press(page, 'Alt+1');
    must(await page.evaluate(() => document.activeElement.id === 'purpose'), 'no focus');
    await page.keyboard.type(WHY);
    await press(page, 'Enter');
    await page.locator('#looks').waitFor();
    const rows = await page.locator('#looks tbody tr').count();
    must(rows > 0, 'no look is shown');
    await page.locator('#staff').fill('VISITOR-AUD');
    await press(page, 'Enter');
    await page.locator('#looks').waitFor();
    const first = await page.locator('#looks tbody tr').first().innerText();
    must(first.includes('VISITOR-AUD') && first.includes(WHY), `the auditor's own look: ${first}`);
    must(!page.url().includes('VISITOR'), 'a person is in the address');
    must(!faults.length, faults.join('; '));
}

// Steps from moment to moment, jumps to a second, slides, and looks through other eyes.
async function replayByKeys(page, url, n) {
    const faults = await watchFaults(page);
    await auditorSignsOn(page, url);
    await opensReplay(page, url, n);
    const shown = async () => (await page.locator('#moment').innerText()).trim();
    const now = await shown();
    await press(page, '[');
    await page.waitForURL((at) => at.searchParams.has('seq'));
    await press(page, '[');
    await page.waitForTimeout(500);
    const before = await shown();
    must(before !== now, `the moment did not move: ${now}`);
    await press(page, ']');
    await page.waitForTimeout(500);
    await press(page, 'Alt+2');
    must(await page.evaluate(() => document.activeElement.id === 'since'), 'no slider');
    await press(page, 'Home');
    await press(page, 'Enter');
    await page.waitForURL((at) => at.searchParams.get('since') === '0');
    const lines = await page.locator('.lines-then li').count();
    must(lines > 0, 'a log that is open has no line');
    await page.locator('#role').selectOption('public');
    await page.locator('#role').press('Tab');
    await press(page, 'Enter');
    await page.waitForURL((at) => at.searchParams.get('role') === 'public');
    const words = await page.locator('main').innerText();
    must(words.includes('could see neither'), 'the public sees a log');
    must((await page.locator('form[action^="/do/"]').count()) === 0, 'something can be done here');
    must(!faults.length, faults.join('; '));
}

// The records of the log follow one from the other, and are signed.
async function chainHolds(page, url, n) {
    await auditorSignsOn(page, url);
    await opensReplay(page, url, n);
    await page.goto(`${url}/audit/replay/${n}?since=0`);
    const said = await page.locator('.holds').innerText();
    must(said.startsWith('✓ Yes.'), said);
}

await whole(async (browser) => {
    const demo = await startDemo(process.env.CALLBOX_BIN);
    const { url } = demo;
    try {
        const fresh = (body) => withPage(browser, { viewport: WIDE }, (page) => body(page, url));
        let n = '';
        await fresh(async (page) => { n = await aLog(page, url); });
        await check('audit-looks-by-keys', () => fresh(looksByKeys));
        await check('audit-replay-by-keys', () => fresh((page) => replayByKeys(page, url, n)));
        await check('audit-chain-holds', () => fresh((page) => chainHolds(page, url, n)));
        for (const [look, viewport, media] of LOOKS) {
            await withPage(browser, { viewport, bypassCSP: true }, async (page) => {
                await page.emulateMedia(media);
                await auditorSignsOn(page, url);
                await check(`axe-audit-looks-${look}`, async () => {
                    await page.locator('#purpose').fill(WHY);
                    await page.locator('#purpose').press('Enter');
                    await page.locator('#looks').waitFor();
                    await accessible(page, `audit-looks-${look}`);
                });
                await check(`axe-audit-replay-${look}`, async () => {
                    await opensReplay(page, url, n);
                    await accessible(page, `audit-replay-${look}`);
                    await page.screenshot({ path: `out/audit-replay-whole-${look}.png`,
                        fullPage: true });
                });
            });
            await withPage(browser, { viewport, bypassCSP: true }, async (page) => {
                await page.emulateMedia(media);
                await signOn(page, url, LEADER);
                await check(`axe-audit-alarms-${look}`, async () => {
                    await page.goto(`${url}/alarms#day`);
                    await page.locator('#loads').waitFor();
                    await page.locator('#day').scrollIntoViewIfNeeded();
                    await accessible(page, `audit-alarms-${look}`);
                });
            });
        }
    } finally {
        await demo.stop();
    }
});
