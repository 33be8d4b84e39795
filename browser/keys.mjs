// Somebody at a desk who has a keyboard and nothing else: walks by Tab, types, and counts the keys
// that are not the words themselves. Nothing here points, clicks or puts the focus anywhere.

import { must, newContext, press, watchFaults } from './rig.mjs';

/** How long something may take on a machine that is busy with other things. */
export const PATIENT = { timeout: 60_000 };

/** Waits until it holds in the page; the sentence says what did not come. */
export async function until(page, sentence, holds, argument) {
    await page.waitForFunction(holds, argument, PATIENT).catch(async () => {
        const said = await page.locator('#said').innerText().catch(() => '');
        throw new Error(`${sentence} (the page says '${said}', the focus is on ${await at(page)})`);
    });
}

/** What has the focus, for a sentence. */
export const at = (page) => page.evaluate(() =>
    document.activeElement?.outerHTML.replace(/\s+/g, ' ').slice(0, 120) ?? 'nothing');

/** A window of their own for somebody; it keeps its faults, and whether anybody pointed. */
export async function aDesk(browser, options) {
    const context = await newContext(browser, options);
    const page = await context.newPage();
    const faults = await watchFaults(page);
    await page.addInitScript(() => {
        const count = () => {
            const before = Number(sessionStorage.getItem('pointed') ?? 0);
            sessionStorage.setItem('pointed', String(before + 1));
        };
        addEventListener('pointerdown', count, true);
        addEventListener('mousedown', count, true);
    });
    return { context, page, faults };
}

/** How often somebody pointed. */
export const pointed = (page) => page.evaluate(() =>
    Number(sessionStorage.getItem('pointed') ?? 0));

/** Tab, until the focus is on what is meant. Says how many keys that took. */
export async function tabTo(page, selector, words = '', most = 200) {
    for (let keys = 0; keys <= most; keys += 1) {
        const there = await page.evaluate(([wanted, text]) => {
            const element = document.activeElement;
            const name = `${element?.innerText ?? ''} ${element?.getAttribute('aria-label') ?? ''}`;
            return Boolean(element?.matches(wanted)) && name.includes(text);
        }, [selector, words]);
        if (there) return keys;
        await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not reach ${selector} '${words}' in ${most} keys`);
}

/** Types words. They are not keys that are counted. */
export async function words(page, text) {
    await page.keyboard.type(text);
    return 0;
}

/** Signs on as somebody invented and takes the seat that is offered, or this one. */
export async function signOnByKeys(page, url, name, seat, path) {
    await page.goto(`${url}/sign-on`);
    await tabTo(page, 'button', name);
    await press(page, 'Enter');
    await seated(page, seat, path);
}

/** Signs on with a token and takes a seat. */
export async function signOnWithToken(page, url, token) {
    await page.goto(`${url}/sign-on`);
    if (!(await page.locator('input[name=token]').isVisible())) {
        await tabTo(page, 'details:has(input[name=token]) > summary');
        await press(page, 'Enter');
    }
    await tabTo(page, 'input[name=token]');
    await words(page, token);
    await press(page, 'Enter');
    await seated(page);
}

async function seated(page, place = 'DESK9', path = '/') {
    await page.waitForURL((url) => url.pathname === '/sign-on/seat', PATIENT);
    const seat = page.locator('input#seat');
    if (await seat.count() > 0 && (await seat.inputValue()) === '') {
        await tabTo(page, 'input#seat');
        await words(page, place);
    }
    await tabTo(page, 'button.primary');
    await press(page, 'Enter');
    await page.waitForURL((url) => url.pathname === path, PATIENT);
    await live(page);
}

/** The page is joined to the room. */
export const live = (page) => page.locator('#age[data-state=live]').waitFor(PATIENT);

/** The words that the page says about the last deed. */
export async function says(page, wanted, kind = 'ok') {
    await until(page, `the page does not say '${wanted}'`, ([text, k]) => {
        const said = document.getElementById('said');
        return said?.dataset.kind === k && said.textContent.includes(text);
    }, [wanted, kind]);
}

/** A line of the command line. Says how many keys its head and Enter are. */
export async function command(page, head, text = '') {
    must(await page.evaluate(() => document.activeElement?.id === 'command'),
        `the focus is not in the command line but on ${await at(page)}`);
    await page.keyboard.type(head);
    if (text) await words(page, ` ${text}`);
    await press(page, 'Enter');
    return [...head].length + 1;
}
