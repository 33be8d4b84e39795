// A whole 999 call by keyboard alone: ring, lines, questions, THRIVE, grade, end; the silent call;
// a second incident. Keystrokes besides text are counted.
//
//   CALLBOX_BIN=target/debug/callbox node call.test.mjs
//
// Screenshots go to out/call-*.png. Ends with 'N passed, N failed'.

import { startDemo } from './demo.mjs';
import {
    LOOKS, OUT, WIDE, accessible, check, must, press, signOn, watchFaults, whole, withPage,
} from './rig.mjs';

const HANDLER = 'Sian Rowe';
const SAVED = { timeout: 15_000 };

const signs = (page, url) => signOn(page, url, process.env.CALL_HANDLER ?? HANDLER);

async function ring(page, url) {
    await page.goto(`${url}/calls`);
    await page.locator('#new-line').waitFor();
    const keys = await press(page, 'n');
    await page.waitForURL(/\/calls\/\d+/, SAVED);
    await page.locator('#words:focus').waitFor(SAVED);
    return keys;
}

const logOf = (page) => page.evaluate(() => new URL(location).searchParams.get('log'));

async function opens(page, text) {
    await page.keyboard.type(text, { delay: 5 });
    await page.waitForFunction(() => document.getElementById('code').value !== '', null, SAVED);
    const keys = await press(page, 'Enter');
    await page.waitForFunction(() => /log=\d/.test(location.search), null, SAVED);
    await page.locator('#part-lines').waitFor(SAVED);
    return keys;
}

async function answered(page) {
    // Each question is answered in two keys at most: to the section once, and one key each.
    const done = '[data-prompt]:not([data-open])';
    for (let i = 0; i < 60; i += 1) {
        if ((await page.locator('[data-prompt][data-open]').count()) === 0) return;
        const before = await page.locator(done).count();
        await press(page, 'Alt+4', 'u');
        await page.waitForFunction(
            ([wanted, n]) => document.querySelectorAll(wanted).length > n, [done, before], SAVED);
    }
    must(false, 'the questions do not end');
}

async function rated(page) {
    await press(page, 'Alt+5');
    const n = await page.locator('#thrive-form fieldset').count();
    for (let i = 0; i < n; i += 1) {
        await page.locator('#thrive-form fieldset').nth(i).locator('[type=radio]').first().focus();
        await press(page, '4');
        await page.keyboard.type(i === 0 ? 'danger' : 'as the caller described it');
    }
    await press(page, 'Enter');
    const error = page.locator('#thrive-form .error').first();
    await error.waitFor({ state: 'visible', ...SAVED });
    must((await error.innerText()).includes('rationale'), 'the refusal is not beside its field');
    await page.keyboard.type(' at the door now');
    await press(page, 'Enter');
    await page.locator('#part-assessed', { hasText: 'Version 1' }).waitFor(SAVED);
}

async function aCall(page, url) {
    const faults = await watchFaults(page);
    await signs(page, url);
    let keys = 0, log = '';
    await check('ring-to-the-banner-and-a-saved-contact', async () => {
        keys += await ring(page, url);
        must(await page.locator('#call-risk').isVisible(), 'there is no risk banner');
    });
    await check('the-first-line-opens-the-log', async () => {
        keys += await opens(page, 'my ex partner is outside again, he has a knife');
        must(keys === 2, `${keys} keys from answering to a saved log, not 2`);
        log = await logOf(page);
        must((await page.locator('#words').inputValue()) === '', 'the line is still in the field');
    });
    await check('further-lines-stream', async () => {
        await page.keyboard.type('I cannot talk loud', { delay: 5 });
        await press(page, 'Enter');
        await page.locator('#part-lines', { hasText: 'I cannot talk loud' }).waitFor(SAVED);
        must(await page.locator('#words:focus').count(), 'the focus left the words');
    });
    await check('graded-as-suggested-and-at-dispatch', async () => {
        keys += await press(page, 'F12');
        await page.locator('#part-suggest', { hasText: 'Sent to dispatch' }).waitFor(SAVED);
        must(keys <= 8, `${keys} keys until dispatch sees it, not 8`);
    });
    await check('questions-in-two-keys', () => answered(page));
    await check('thrive-refused-beside-the-field-then-recorded', () => rated(page));
    await page.screenshot({ path: `${OUT}call-taking-whole.png`, fullPage: true });
    await check('ending-names-what-is-open', async () => {
        await press(page, 'Alt+0');
        await page.locator('#said[data-kind=refused]').waitFor(SAVED);
        const said = await page.locator('#said').innerText();
        must(said.includes('not told'), said);
        must(said.includes('where it is') && said.includes('who reports'), said);
        await press(page, 'Alt+9');
        await page.locator('#part-end', { hasText: 'has the log\'s number' }).waitFor(SAVED);
        // What only the caller knows may end with the reason why they cannot tell.
        await page.locator('#because').waitFor(SAVED);
        await press(page, 'Alt+2');
        await page.keyboard.type('A. Caller');
        await press(page, 'Enter');
        await page.locator('#part-end', { hasText: '1 thing is open' }).waitFor(SAVED);
        await press(page, 'Alt+1');
        await page.keyboard.type('12 High Street');
        await page.locator('#known').selectOption('known');
        await page.locator('#place').focus();
        await press(page, 'Enter');
        await page.locator('#part-end', { hasText: 'Nothing is open' }).waitFor(SAVED);
    });
    await check('each-grade-says-what-it-means', async () => {
        const means = await page.locator('#grade-form .grade-means').allInnerTexts();
        must(means.length === 4 && means.every((text) => text.length > 40), means.join('; '));
    });
    await check('a-second-incident-keeps-the-caller', async () => {
        await press(page, 'Alt+n');
        await page.waitForURL(/log=new/, SAVED);
        await page.locator('#words:focus').waitFor(SAVED);
        await opens(page, 'and somebody stole my bag, it is a theft');
        must((await logOf(page)) !== log, 'the second incident went onto the first log');
    });
    // A refusal is an answer that the page shows; the browser notes it too.
    const real = faults.filter((fault) => !fault.includes('409'));
    await check('no-faults-in-the-console', () => must(!real.length, real.join('; ')));
}

async function silentCall(page, url) {
    await signs(page, url);
    await check('a-silent-call-is-answered-by-signals', async () => {
        await ring(page, url);
        await press(page, 'F2');
        await page.locator('#part-silent').waitFor(SAVED);
        await page.locator('main').focus();
        await press(page, ' ');
        await page.waitForURL(/log=\d.*silent=1/, SAVED);
        const open = () => page.locator('#part-silent .heard li[aria-current]').innerText();
        for (const key of [' ', 'y', 'n', 's']) {
            await page.locator('main').focus();
            const before = await open();
            await press(page, key);
            await page.waitForFunction(
                (text) => document.querySelector('#part-silent .heard li[aria-current]')
                    ?.innerText !== text, before, SAVED);
        }
        await page.screenshot({ path: `${OUT}call-silent.png`, fullPage: true });
        const lines = await page.locator('#part-lines').innerText();
        must(lines.includes('question 1: a cough, tap or key press = YES'), lines);
        const grade = await page.locator('#part-suggest').innerText();
        must(grade.includes('Immediate'), grade);
    });
}

async function looks(browser, url) {
    for (const [name, viewport, media] of LOOKS) {
        // The checker itself is evaluated in the page, which the policy rightly forbids.
        await withPage(browser, { viewport, bypassCSP: true }, async (page) => {
            await check(`axe-${name}`, async () => {
                await page.emulateMedia(media);
                await signs(page, url);
                await ring(page, url);
                await accessible(page, `call-new-${name}`);
                await opens(page, 'my ex partner is at the door, he has a knife');
                await accessible(page, `call-taking-${name}`);
                await page.goto(`${page.url()}&silent=1`);
                await accessible(page, `call-silent-${name}`);
                await page.goto(`${url}/calls`);
                await accessible(page, `call-list-${name}`);
            });
        });
    }
}

await whole(async (browser) => {
    const demo = await startDemo(process.env.CALLBOX_BIN);
    try {
        await withPage(browser, { viewport: WIDE, colorScheme: 'dark' }, (page) =>
            aCall(page, demo.url));
        await withPage(browser, { viewport: WIDE, colorScheme: 'dark' }, (page) =>
            silentCall(page, demo.url));
        await looks(browser, demo.url);
    } finally {
        await demo.stop();
    }
});
