// One whole shift by keyboard alone: a 999 call, its log at dispatch, a unit sent and diverted to a
// worse job, a question asked and answered, an escalation decided, a handover accepted and the log
// closed. Nobody points at anything; keys besides the words are counted where they have a target.
//
//   CALLBOX_BIN=target/debug/callbox node story.test.mjs
//
// Screenshots go to out/story-*.png. Ends with 'N passed, N failed'.

import { rosters, startDemo } from './demo.mjs';
import {
    PATIENT, aDesk, at, command, live, pointed, says, signOnByKeys, signOnWithToken, tabTo, until,
    words,
} from './keys.mjs';
import { OUT, WIDE, check, must, press, whole } from './rig.mjs';

const DESK_BEFORE = 'Gareth Pryce', DESK_AFTER = 'DD77';
const ROW = (n) => `#incidents tbody tr[data-incident="${n}"]`;
const short = (n) => n.slice(-4);
const spent = {};

// A target is a number of keys besides the words.
function within(keys, most, what) {
    spent[what] = `${keys} of ${most}`;
    must(keys <= most, `${what} took ${keys} keys, not ${most}`);
}

let broken = false;

// A part of the story has no meaning without the one before it.
const part = (name, body) => check(`story-${name}`, async () => {
    must(!broken, 'an earlier part failed');
    broken = true;
    await body();
    broken = false;
});

async function goes(page, name, path) {
    await tabTo(page, 'nav.places a', name);
    await press(page, 'Enter');
    await page.waitForURL((there) => there.pathname === path, PATIENT);
    await live(page);
}

// ---- The call --------------------------------------------------------------------------------

async function takes(page, text) {
    await goes(page, 'Calls', '/calls');
    let keys = await press(page, 'n');
    await page.waitForURL(/\/calls\/\d+/, PATIENT);
    await page.locator('#words:focus').waitFor(PATIENT);
    must(await page.locator('#call-risk').isVisible(), 'there is no risk banner');
    await words(page, text);
    await until(page, 'no code is suggested for the words', (typed) =>
        document.getElementById('words').value === typed
        && document.getElementById('code').value !== '', text);
    keys += await press(page, 'Enter');
    await until(page, 'the log does not open', () => /log=\d/.test(location.search));
    await page.locator('#part-lines', { hasText: text.slice(0, 20) }).waitFor(PATIENT);
    return { keys, n: await page.evaluate(() => new URL(location).searchParams.get('log')) };
}

async function line(page, text) {
    await words(page, text);
    await press(page, 'Enter');
    await page.locator('#part-lines', { hasText: text }).waitFor(PATIENT);
}

async function sends(page) {
    const keys = await press(page, 'F12');
    await page.locator('#part-suggest', { hasText: 'Sent to dispatch' }).waitFor(PATIENT);
    return keys;
}

async function where(page, place) {
    await press(page, 'Alt+1');
    await words(page, place);
    await press(page, 'Tab', 'ArrowUp');
    await tabTo(page, 'button', 'Save where');
    await press(page, 'Enter');
    await says(page, 'Saved');
}

async function who(page, name, reached) {
    await press(page, 'Alt+2');
    await words(page, name);
    await press(page, 'Tab');
    await words(page, reached);
    await tabTo(page, 'button', 'Save who');
    await press(page, 'Enter');
    await says(page, 'Saved');
}

async function questions(page) {
    const open = () => page.locator('[data-prompt][data-open]').count();
    for (let i = 0; i < 60 && await open() > 0; i += 1) {
        const before = await page.locator('[data-prompt]:not([data-open])').count();
        within(await press(page, 'Alt+4', 'u'), 2, 'a question answered as unknown');
        await until(page, 'the answer is not on the page', (n) =>
            document.querySelectorAll('[data-prompt]:not([data-open])').length > n, before);
    }
    must(await open() === 0, 'the questions do not end');
}

async function thrive(page, digit, why) {
    await press(page, 'Alt+5');
    const n = await page.locator('#thrive-form fieldset').count();
    for (let i = 0; i < n; i += 1) {
        await tabTo(page, `#thrive-form fieldset:nth-of-type(${i + 1}) [type=radio]`);
        await press(page, digit);
        await words(page, why);
    }
    await press(page, 'Enter');
    await page.locator('#part-assessed', { hasText: 'Version 1' }).waitFor(PATIENT);
}

async function steps(page) {
    const open = '#part-sop li[data-open] button';
    for (let i = 0; i < 9 && await page.locator(open).count() > 0; i += 1) {
        const before = await page.locator(open).count();
        await press(page, 'Alt+7');
        must(await page.evaluate((s) => document.activeElement.matches(s), open),
            `Alt+7 goes to ${await at(page)}`);
        await press(page, 'Enter');
        await until(page, 'the step stays open', ([s, was]) =>
            document.querySelectorAll(s).length < was, [open, before]);
    }
}

async function ends(page) {
    await press(page, 'Alt+9');
    await page.locator('#part-end', { hasText: 'Nothing is open' }).waitFor(PATIENT);
    await press(page, 'Alt+0');
    await page.waitForURL(/\/calls$/, PATIENT);
}

// ---- Dispatch --------------------------------------------------------------------------------

// F10 goes to what is new before it goes on by risk.
async function nextByRisk(page, n) {
    await page.locator(ROW(n)).waitFor(PATIENT);
    for (let keys = 1; keys <= 40; keys += 1) {
        await press(page, 'F10');
        if (await page.locator(`${ROW(n)}[aria-current]`).count() > 0) {
            await page.locator(`#pane [data-n="${n}"]`).waitFor(PATIENT);
            return keys;
        }
    }
    throw new Error(`F10 does not come to ${n}`);
}

async function selects(page, n) {
    await command(page, short(n));
    await page.locator(`#pane [data-n="${n}"]`).waitFor(PATIENT);
}

async function opens(page, n) {
    await press(page, 'Alt+l');
    await page.waitForURL((there) => there.pathname === `/incidents/${n}`, PATIENT);
    await live(page);
}

const unitOn = (page, n, unit) =>
    page.locator(`${ROW(n)} .unit`, { hasText: unit }).waitFor(PATIENT);

const statusOf = (page, n, status) =>
    page.locator(`${ROW(n)} .unit small`, { hasText: status }).waitFor(PATIENT);

async function dispatches({ desk, handler, a }) {
    within(await nextByRisk(desk, a), 1, 'what is new, with why it ranks there');
    await desk.locator('#why', { hasText: /rank \d+ / }).waitFor(PATIENT);
    await desk.locator('#pane', { hasText: 'one is on the roof' }).waitFor(PATIENT);
    await command(desk, 'C');
    await desk.locator(ROW(a), { hasText: 'VISITOR-DD' }).waitFor(PATIENT);
    within(await command(desk, 'd 91'), 5, 'a unit sent');
    await unitOn(desk, a, 'DC91');
    await handler.locator('#part-dispatch', { hasText: 'DC91' }).waitFor(PATIENT);
    // What is said from now on is there as it is said.
    await line(handler, 'they have come down from the roof');
    await desk.locator('#pane', { hasText: 'they have come down' }).waitFor(PATIENT);
}

async function asks({ desk, handler }) {
    await command(desk, '? @call_handler', 'which side are they on');
    await handler.locator('#part-dispatch', { hasText: 'which side' }).waitFor(PATIENT);
    let keys = await press(handler, 'F8');
    await words(handler, 'the yard at the back');
    keys += await press(handler, 'Enter');
    within(keys, 2, 'a question answered');
    await desk.locator('#pane .question').waitFor({ state: 'detached', ...PATIENT });
}

async function diverts({ desk, a, b }) {
    await nextByRisk(desk, b);
    let keys = await command(desk, `X 91 ${short(b)}`);
    within(keys, 10, 'a divert, until it asks');
    await desk.locator('#shown', { hasText: `log ${short(a)} goes back` }).waitFor(PATIENT);
    await desk.screenshot({ path: `${OUT}story-divert.png` });
    keys += await press(desk, '1', 'Enter');
    await until(desk, 'the line is not there to be finished', () =>
        document.getElementById('command').value.includes('requeue'));
    await words(desk, 'a knife, and children in the house');
    keys += await press(desk, 'Enter');
    within(keys, 13, 'a divert with its decision');
    await unitOn(desk, b, 'DC91');
    await desk.locator(`${ROW(a)}[data-waits]`).waitFor(PATIENT);
}

// ---- Escalation ------------------------------------------------------------------------------

// Nobody is at the dispatch supervisor's desk: it is raised past it.
async function raises({ desk, a }) {
    await selects(desk, a);
    await opens(desk, a);
    const owed = desk.locator('#panel-owed li', { hasText: 'cover for the job left behind' });
    const id = await owed.getAttribute('id');
    for (const told of ['dispatch supervisor', 'force incident manager']) {
        await tabTo(desk, `#${id} summary`);
        await press(desk, 'Enter');
        await until(desk, 'what unfolds does not take the focus', () =>
            document.activeElement.id.startsWith('own-what'));
        await tabTo(desk, `#${id} [id^=raise-why]`);
        await words(desk, 'no unit of this district is free');
        await press(desk, 'Enter');
        await desk.locator(`#${id} > p`, { hasText: `by ${told}` }).waitFor(PATIENT);
    }
    return id.replace('owed-', '');
}

async function decides({ desk, fim, a, owed }) {
    await goes(fim, 'Decisions', '/decisions');
    await fim.locator('#chosen', { hasText: short(a) }).waitFor(PATIENT);
    await fim.screenshot({ path: `${OUT}story-decision.png` });
    let keys = await press(fim, 'Alt+1');
    await words(fim, 'I release DC92 from the prisoner run for this');
    keys += await press(fim, 'Enter');
    within(keys, 3, 'an escalation decided');
    await fim.locator(`#d-${owed}`).waitFor({ state: 'detached', ...PATIENT });
    await goes(fim, 'Force', '/fim');
    keys = await press(fim, 'Alt+3');
    await words(fim, a);
    keys += await press(fim, 'Tab');
    await words(fim, 'DC92 goes to the shop: two people are inside and no other unit is near');
    keys += await press(fim, 'F12');
    within(keys, 3, 'a decision recorded');
    await desk.locator('#lines li', { hasText: 'DC92 goes to the shop' }).waitFor(PATIENT);
}

async function sendsAnother({ desk, a }) {
    await goes(desk, 'Board', '/');
    await selects(desk, a);
    within(await command(desk, 'd 92'), 5, 'a unit sent');
    await unitOn(desk, a, 'DC92');
    within(await command(desk, '5 92'), 5, 'a status set');
    await statusOf(desk, a, '5');
    await command(desk, '6 92 read');
    await statusOf(desk, a, '6');
}

// ---- Handover and end ------------------------------------------------------------------------

async function handsOver({ desk, next, a }) {
    await goes(desk, 'Handover', '/handover');
    await press(desk, 'F12');
    await desk.locator('#handovers section').waitFor(PATIENT);
    await goes(next, 'Handover', '/handover');
    const open = '#handovers li:not([data-accepted])';
    await next.locator(open, { hasText: a }).waitFor(PATIENT);
    await next.screenshot({ path: `${OUT}story-handover.png`, fullPage: true });
    for (let n = await next.locator(open).count(); n > 0; n -= 1) {
        await press(next, 'Alt+1');
        await until(next, 'a line is not accepted', ([lines, before]) =>
            document.querySelectorAll(lines).length < before, [open, n]);
    }
    await desk.locator(open).first().waitFor({ state: 'detached', ...PATIENT });
    await goes(desk, 'Board', '/');
    await selects(desk, a);
    await command(desk, `H ${DESK_AFTER}`, 'the end of my shift');
    await desk.locator(ROW(a), { hasText: DESK_AFTER }).waitFor(PATIENT);
    await tabTo(desk, 'header button', 'Sign off');
    await press(desk, 'Enter');
    await desk.waitForURL(/sign-on/, PATIENT);
}

async function attends({ next, a }) {
    await goes(next, 'Board', '/');
    await selects(next, a);
    await command(next, 'N', 'the shop is empty, a window at the back is open');
    await until(next, 'the line is not on the log', () =>
        document.querySelector('#pane').textContent.includes('a window at the back is open'));
    await opens(next, a);
    await next.locator('#panel-closing .in-the-way', { hasText: 'DC92' }).waitFor(PATIENT);
    must(await next.locator('#panel-closing > button').isDisabled(),
        'closing is offered over what is open');
    await goes(next, 'Board', '/');
    await selects(next, a);
    await command(next, 'S 92', 'the job is done');
    await says(next, 'DC92');
    await command(next, '2 92');
    await until(next, 'DC92 is not free', () => [...document.querySelectorAll('#units .unit')]
        .some((unit) => unit.textContent.includes('DC92') && !unit.querySelector('a')));
}

async function closes({ next, a }) {
    await selects(next, a);
    await opens(next, a);
    const released = '#panel-units form[action="/do/confirm_release"]';
    for (let n = await next.locator(released).count(); n > 0; n -= 1) {
        await tabTo(next, '#panel-units button', 'Release confirmed');
        await press(next, 'Enter');
        await until(next, 'the release is not confirmed', ([forms, before]) =>
            document.querySelectorAll(forms).length < before, [released, n]);
    }
    await tabTo(next, '#panel-checks [id^=check-found]');
    await words(next, 'nothing is known of the address or of the people');
    await press(next, 'Enter');
    await next.locator('#panel-closing .ok').waitFor(PATIENT);
    await press(next, 'Alt+9');
    await until(next, 'what unfolds does not take the focus', () =>
        document.activeElement.id === 'close-code');
    await words(next, 'attended - d');
    await press(next, 'Tab');
    await words(next, 'Searched with the keyholder: nobody inside, the window is boarded up');
    await press(next, 'Tab');
    await words(next, 'how');
    await press(next, 'Tab');
    await words(next, 'None known: the keyholder has the building');
    await press(next, 'Tab');
    await next.screenshot({ path: `${OUT}story-closing.png`, fullPage: true });
    await press(next, 'Enter');
    await next.locator('#panel-closing', { hasText: 'attended - dealt with' }).waitFor(PATIENT);
    await goes(next, 'Board', '/');
    must(await next.locator(ROW(a)).count() === 0, 'the closed log is on the board');
}

// ---- The shift -------------------------------------------------------------------------------

async function shift(demo, enters) {
    const s = { handler: await enters('Sian Rowe'), desk: await enters(DESK_BEFORE) };
    await part('a-999-call-is-a-log-in-2-keys', async () => {
        const { keys, n } = await takes(s.handler,
            'the alarm of the shop opposite is ringing and I saw a torch inside');
        within(keys, 2, 'answer to a saved log');
        s.a = n;
    });
    await part('each-line-goes-to-dispatch', async () => {
        await line(s.handler, 'two of them, one is on the roof');
        within(2 + await sends(s.handler), 8, 'answer to seen at dispatch');
    });
    await part('accepted-and-a-unit-sent', () => dispatches(s));
    await part('a-question-is-asked-and-answered', () => asks(s));
    await part('the-call-is-finished', async () => {
        await where(s.handler, '3 Harbour View, Kelsmouth');
        await who(s.handler, 'Mrs Owen', '01632 960 112');
        await thrive(s.handler, '2', 'as the caller described it');
        await steps(s.handler);
        await s.handler.screenshot({ path: `${OUT}story-call.png`, fullPage: true });
        await ends(s.handler);
    });
    await part('a-worse-call', async () => {
        s.b = (await takes(s.handler, 'my ex partner is at the door, he has a knife')).n;
        await sends(s.handler);
        await questions(s.handler);
    });
    await part('the-unit-is-diverted-and-the-job-left-is-decided', () => diverts(s));
    await part('an-escalation-is-raised', async () => (s.owed = await raises(s)));
    await part('the-force-incident-manager-decides', async () => {
        s.fim = await enters('Owen Harries');
        await decides(s);
    });
    await part('another-unit-attends', () => sendsAnother(s));
    await part('the-handover-is-given-and-accepted', async () => {
        s.next = await enters(DESK_AFTER, await demo.issue(DESK_AFTER, 'dispatcher'));
        await handsOver(s);
    });
    await part('what-is-open-is-named-and-done', () => attends(s));
    await part('the-log-is-closed', () => closes(s));
}

await whole(async (browser) => {
    const demo = await startDemo(process.env.CALLBOX_BIN, '--speed', '0.02', '--unlimited');
    const people = [];
    const enters = async (name, token) => {
        const person = await aDesk(browser, { viewport: WIDE, colorScheme: 'dark' });
        people.push({ name, ...person });
        const { page } = person;
        await (token ? signOnWithToken(page, demo.url, token) : signOnByKeys(page, demo.url, name));
        return page;
    };
    try {
        await rosters(demo, 'DC91', 'DC92');
        await shift(demo, enters);
        await check('story-nobody-pointed-at-anything', async () => {
            for (const { name, page } of people) {
                must(await pointed(page) === 0, `${name} used a mouse`);
            }
        });
        await check('story-no-faults-in-the-console', () => {
            const faults = people.flatMap((person) => person.faults);
            must(faults.length === 0, faults.join('; '));
        });
        for (const [what, keys] of Object.entries(spent)) console.log(`keys    ${what}: ${keys}`);
    } finally {
        await demo.stop();
    }
});
