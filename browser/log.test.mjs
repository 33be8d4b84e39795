// The page of one log in a real browser, by keyboard alone; keys are counted where they have a
// target.
//
//   CALLBOX_BIN=target/debug/callbox node log.test.mjs
//
// Screenshots go to out/. Ends with 'N passed, N failed'; exit status 0 means that none failed.

import { startDemo } from './demo.mjs';
import {
    LAPTOP, LOOKS, OUT, WIDE, accessible, check, must, press, signOn, watchFaults, whole, withPage,
} from './rig.mjs';

const ROW = '#incidents tbody tr[data-incident]';
const DISPATCHER = 'Gareth Pryce';

async function opened(page, url) {
    const first = page.locator(ROW).first();
    await first.waitFor({ timeout: 30_000 });
    const n = await first.getAttribute('data-incident');
    await page.goto(`${url}/incidents/${n}`);
    await page.locator('#lines li').first().waitFor({ timeout: 10_000 });
    await live(page);
    return n;
}

async function live(page) {
    await page.locator('#age[data-state=live]').waitFor({ timeout: 10_000 });
}

async function lineWith(page, text) {
    const line = page.locator('#lines li', { hasText: text }).last();
    await line.waitFor({ timeout: 10_000 });
    return line;
}

// A deed of the same person in another window.
async function elsewhere(page, command, fields) {
    return page.evaluate(async ([command, fields]) => {
        const headers = { Accept: 'application/json' };
        const body = new URLSearchParams(fields);
        const answer = await fetch(`/do/${command}`, { method: 'POST', headers, body });
        return { status: answer.status, json: await answer.json().catch(() => ({})) };
    }, [command, fields]);
}

const focused = (page) => page.evaluate(() => document.activeElement?.id ?? '');

// What unfolds takes the focus, in the browser's next turn.
const takesFocus = (page, start) =>
    page.waitForFunction((id) => document.activeElement?.id.startsWith(id), start,
        { timeout: 5_000 });

async function writes(page, n) {
    await check('log-an-entry-takes-two-keys-and-its-text', async () => {
        await page.evaluate(() => (window.notReloaded = true));
        let keys = await press(page, 'Alt+3');
        must((await focused(page)) === 'entry', 'Alt+3 does not go to the entry');
        await page.keyboard.type('she sees a man at the back door');
        keys += await press(page, 'F12');
        await lineWith(page, 'she sees a man at the back door');
        must(keys === 2, `${keys} keys`);
        must(await page.evaluate(() => window.notReloaded === true), 'the page was loaded again');
        must((await page.locator('#entry').inputValue()) === '', 'the text stays');
    });
    await check('log-both-times-of-a-late-entry', async () => {
        await press(page, 'Alt+3');
        await page.keyboard.type('a first attempt to ring her, no reply');
        await press(page, 'Tab', 'Tab', 'Tab', 'Tab');
        must((await focused(page)) === 'entry-happened', `Tab goes to ${await focused(page)}`);
        await page.keyboard.type('00:01');
        await press(page, 'F12');
        const line = await lineWith(page, 'a first attempt to ring her');
        must((await line.innerText()).includes('entered late'), 'the second time is missing');
    });
    await check('log-what-is-typed-and-where-survive-a-change', async () => {
        await press(page, 'Alt+3');
        await page.keyboard.type('half a sent');
        await elsewhere(page, 'add_entry', { incident: n, text: 'from another desk' });
        await lineWith(page, 'from another desk');
        await page.waitForTimeout(1500);
        await page.keyboard.type('ence');
        must((await page.locator('#entry').inputValue()) === 'half a sentence', 'text was lost');
        must((await focused(page)) === 'entry', 'the focus moved');
        await press(page, 'Control+A', 'Delete');
    });
    await check('log-fact-or-opinion', async () => {
        await page.keyboard.type('the flat is disgusting');
        const found = page.locator('#opinion', { hasText: 'disgusting' });
        await found.waitFor({ timeout: 5_000 });
        await press(page, 'Control+A', 'Delete');
        await page.keyboard.type('blood on the door');
        const quiet = '#opinion:empty, #opinion:not(:has(strong))';
        await page.locator(quiet).waitFor({ timeout: 5_000 });
        await press(page, 'Control+A', 'Delete');
    });
    await check('log-a-correction-strikes-and-keeps', async () => {
        const line = await lineWith(page, 'she sees a man at the back door');
        const entry = await line.getAttribute('data-entry');
        await page.locator('#strike > summary').focus();
        await press(page, 'Enter');
        await takesFocus(page, 'strike-entry');
        await page.keyboard.type(entry);
        await press(page, 'Tab');
        await page.keyboard.type('misheard');
        await press(page, 'Tab');
        await page.keyboard.type('she sees a man at the front door');
        await press(page, 'Tab', 'Enter');
        await lineWith(page, 'she sees a man at the front door');
        await page.locator(`#entry-${entry} s`).waitFor({ timeout: 5_000 });
        const words = await page.locator(`#entry-${entry}`).innerText();
        must(words.includes('back door') && words.includes('misheard'), words);
    });
    await check('log-a-decision-has-its-six-grounds', async () => {
        await page.locator('#decide > summary').focus();
        await press(page, 'Enter');
        await takesFocus(page, 'decide-decision');
        await page.keyboard.type('it is no waste of time: a unit goes');
        await page.locator('#opinion-decision-form', { hasText: 'waste of time' }).waitFor();
        for (const ground of ['known', 'risk', 'powers', 'options', 'action', 'fairness']) {
            await press(page, 'Tab');
            await page.keyboard.type(`${ground} and why`);
        }
        await press(page, 'Tab', 'Enter');
        const line = await lineWith(page, 'Code of Ethics: fairness and why');
        // What is out of sight has a text, and no inner text.
        const words = await line.textContent();
        must(words.includes('Decision: it is no waste of time'), words);
        must(words.includes('Powers and policy: powers and why'), words);
        await page.locator('#decide > summary').focus();
        await press(page, 'Enter');
    });
}

async function asks(page) {
    await check('log-a-question-is-asked-and-answered', async () => {
        await press(page, 'Alt+4');
        await takesFocus(page, 'ask-to');
        await page.keyboard.type('dispatcher');
        await press(page, 'Tab');
        await page.keyboard.type('which door is open');
        await press(page, 'Tab', 'Enter');
        const asked = await lineWith(page, 'which door is open');
        must((await asked.innerText()).includes('NOT ANSWERED'), await asked.innerText());
        await page.locator('#panel-questions', { hasText: 'which door is open' }).waitFor();
        const keys = await press(page, 'F8');
        const id = await focused(page);
        must(id.startsWith('answer-'), `F8 goes to ${id}`);
        const question = id.slice('answer-'.length);
        await page.keyboard.type('the one to the yard');
        must(keys + (await press(page, 'Enter')) === 2, 'more than two keys');
        const line = page.locator(`#asked-${question}`, { hasText: 'ANSWERED' });
        await line.filter({ hasText: 'the one to the yard' }).waitFor({ timeout: 5_000 });
    });
}

async function shows(page, n) {
    await check('log-filters-and-find-by-keyboard', async () => {
        await page.keyboard.press('Escape');
        await press(page, 'Alt+2', 'ArrowRight');
        const kinds = await page.$$eval('#lines li', (all) =>
            [...new Set(all.filter((li) => li.checkVisibility()).map((li) => li.dataset.kind))]);
        must(kinds.join() === 'narrative', `shown: ${kinds.join()}`);
        await press(page, 'ArrowLeft');
        await page.locator('#find').focus();
        await page.keyboard.type('front door');
        const n = await page.$$eval('#lines li', (all) =>
            all.filter((li) => li.checkVisibility()).length);
        must(n === 1 || n === 2, `${n} lines are found`);
        await press(page, 'Control+A', 'Delete');
    });
    await check('log-closing-names-what-is-in-the-way', async () => {
        const way = await page.locator('#panel-closing .in-the-way li').count();
        const close = page.locator('#panel-closing > button');
        must(way === 0 || (await close.isDisabled()), 'closing is offered over what is open');
    });
    await check('log-an-obligation-is-decided-by-keyboard', async () => {
        // One that the day itself does not meet meanwhile.
        const ids = () => page.locator('#panel-owed ul.owed > li', { hasText: 'an answer' })
            .evaluateAll((all) => all.map((li) => li.id));
        const before = await ids();
        await elsewhere(page, 'ask_question', { incident: n, to: 'desk:dispatcher', text: 'who?' });
        let fresh;
        for (let i = 0; i < 50 && !fresh; i += 1) {
            await page.waitForTimeout(100);
            fresh = (await ids()).find((id) => !before.includes(id));
        }
        must(fresh, 'what is owed for the question does not appear');
        const decide = page.locator(`#${fresh} details > summary`);
        await decide.focus();
        await press(page, 'Enter');
        await takesFocus(page, 'own-what-');
        await page.keyboard.type('ring her again now');
        await press(page, 'Enter');
        await lineWith(page, 'ring her again now');
        const verbs = (await page.locator('#panel-owed').innerText()).toLowerCase();
        must(!verbs.includes('noted'), 'something can be noted');
    });
}

async function grows(page, n) {
    await check('log-a-long-log-is-added-to-and-never-drawn-again', async () => {
        await page.evaluate(async (incident) => {
            for (let i = 0; i < 300; i += 1) {
                const body = new URLSearchParams({ incident, text: `line ${i} of a long night` });
                await fetch('/do/add_entry', {
                    method: 'POST', headers: { Accept: 'application/json' }, body,
                });
            }
        }, n);
        await lineWith(page, 'line 299 of a long night');
        await page.evaluate(() => {
            for (const li of document.querySelectorAll('#lines li')) li.kept = true;
        });
        await elsewhere(page, 'add_entry', { incident: n, text: 'one more' });
        await lineWith(page, 'one more');
        const drawn = await page.$$eval('#lines li', (all) => all.filter((li) => !li.kept).length);
        must(drawn <= 3, `${drawn} lines were drawn again`);
        const order = await page.$$eval('#lines li[data-place]', (all) =>
            all.map((li) => Number(li.dataset.place)));
        must(order.every((p, i) => i === 0 || order[i - 1] < p), 'lines are out of order');
    });
    await check('log-what-was-seen-is-recorded-as-read', async () => {
        await page.locator('#lines').evaluate((e) => e.scrollTo(0, e.scrollHeight));
        await page.waitForTimeout(3000);
        await page.reload();
        await page.locator('#lines li').first().waitFor();
        must((await page.locator('#since').count()) === 0, 'it is new still');
        await live(page);
    });
}

// A log of this test's own, out of a call: nobody of the day writes on it.
async function aCall(demo) {
    const send = async (path, body) => {
        const answer = await fetch(`${demo.url}/api/v1${path}`, {
            method: 'POST',
            headers: {
                authorization: `Bearer ${demo.token('call handler')}`,
                'content-type': 'application/json',
            },
            body: JSON.stringify(body),
        });
        const json = await answer.json();
        must(answer.ok, `${path}: ${JSON.stringify(json)}`);
        return json;
    };
    const { contact } = await send('/contacts', { channel: '999', line: '07700 900461' });
    const { incident } = await send('/incidents', {
        contact,
        opening_code: 'concern for safety',
        location: { known: 'known', words: '3 Harbour View', point: null, rural: false },
        words: 'my neighbour has gone out without her coat',
    });
    return incident;
}

// Somebody has listened to the call, and the log does not say all of it.
async function hears(page) {
    const panel = page.locator('#panel-heard');
    const first = panel.locator('.missing li q').first();
    const add = async (text) => {
        await page.locator('#listened > summary').focus();
        await press(page, 'Enter');
        await takesFocus(page, 'listened-');
        await press(page, 'Tab', 'Tab');
        must((await focused(page)) === 'listened-text', `Tab goes to ${await focused(page)}`);
        await page.keyboard.type(text);
        await press(page, 'Tab', 'Tab', 'Enter');
        await panel.locator('.missing li', { hasText: text }).waitFor({ timeout: 10_000 });
    };
    await check('log-what-was-said-and-is-not-on-the-log-is-written-with-one-key', async () => {
        await add('They left in a taxi');
        for (let i = 0; i < 12 && (await first.count()) > 0; i += 1) {
            const sentence = await first.innerText();
            must((await press(page, 'Alt+w')) === 1, 'more than one key');
            await lineWith(page, sentence);
            await panel.locator('.missing li', { hasText: sentence })
                .waitFor({ state: 'detached', timeout: 10_000 });
        }
        await panel.locator('.ok', { hasText: 'is on the log: entry' }).first().waitFor();
        must((await first.count()) === 0, 'something is still listed as missing');
    });
    await check('log-what-was-said-and-is-not-for-the-log-is-set-aside-by-keyboard', async () => {
        await add('My car has gone');
        await accessible(page, 'log-heard-missing', { fullPage: true });
        await press(page, 'Alt+n');
        await takesFocus(page, 'aside-why-');
        await page.keyboard.type('she sold it last year');
        await press(page, 'Enter');
        await panel.locator('li', { hasText: 'she sold it last year' }).waitFor();
        must((await first.count()) === 0, 'what was set aside is still listed');
        await accessible(page, 'log-heard', { fullPage: true });
    });
}

// The log that is worst at that moment: the one worked on before may be closed by then.
async function looks(browser, url) {
    for (const [name, viewport, media] of LOOKS) {
        // The checker itself is evaluated in the page, which the policy rightly forbids.
        await withPage(browser, { viewport, bypassCSP: true }, async (page) => {
            await check(`log-axe-${name}`, async () => {
                await page.emulateMedia(media);
                await signOn(page, url, DISPATCHER);
                await opened(page, url);
                await accessible(page, `log-${name}`);
                await page.locator('#panel-thrive summary').first().click();
                await page.locator('#panel-grade summary').first().click();
                await page.screenshot({ path: `${OUT}log-${name}-forms.png`, fullPage: true });
                await accessible(page, `log-${name}-open`);
            });
        });
    }
    await withPage(browser, { viewport: LAPTOP }, async (page) => {
        await check('log-prints-on-a4', async () => {
            await signOn(page, url, DISPATCHER);
            await opened(page, url);
            const file = await page.pdf({ format: 'A4', path: `${OUT}log-print.pdf` });
            must(file.length > 10_000, 'the print is empty');
        });
    });
}

await whole(async (browser) => {
    // Slow, so that the day's own people do not close the log that is worked on here.
    const demo = await startDemo(process.env.CALLBOX_BIN, '--speed', '0.02');
    try {
        let n = '';
        await withPage(browser, { viewport: WIDE, colorScheme: 'dark' }, async (page) => {
            const faults = await watchFaults(page);
            await check('log-opens-for-somebody-on-duty', async () => {
                await signOn(page, demo.url, DISPATCHER);
                n = await opened(page, demo.url);
                must((await page.title()).startsWith(`Log ${n}`), await page.title());
            });
            await writes(page, n);
            await asks(page);
            await shows(page, n);
            await page.screenshot({ path: `${OUT}log-worked.png` });
            await grows(page, n);
            await check('log-no-faults', () => must(!faults.length, faults.join('; ')));
        });
        await withPage(browser, { viewport: WIDE, bypassCSP: true }, async (page) => {
            await signOn(page, demo.url, DISPATCHER);
            await page.goto(`${demo.url}/incidents/${await aCall(demo)}`);
            await page.locator('#lines li').first().waitFor({ timeout: 10_000 });
            await live(page);
            await hears(page);
        });
        await looks(browser, demo.url);
    } finally {
        await demo.stop();
    }
});
