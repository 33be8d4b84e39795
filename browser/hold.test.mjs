// Nothing that was typed or done is lost: two dispatchers at the same log, a connection that drops,
// a server that is killed while somebody types. By keyboard.
//
//   CALLBOX_BIN=target/debug/callbox node hold.test.mjs
//
// Screenshots go to out/hold-*.png. Ends with 'N passed, N failed'.

import { rosters, startDemo, startForce, wire } from './demo.mjs';
import {
    PATIENT, aDesk, command, live, says, signOnByKeys, signOnWithToken, tabTo, until, words,
} from './keys.mjs';
import { OUT, WIDE, check, must, press, whole } from './rig.mjs';

const ROW = (n) => `#incidents tbody tr[data-incident="${n}"]`;
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const WINDOW = { viewport: WIDE, colorScheme: 'dark' };

// What is on the record, as the API gives it.
async function entries(demo, n) {
    const answer = await fetch(`${demo.url}/api/v1/incidents/${n}`, {
        headers: {
            authorization: `Bearer ${demo.token('dispatcher')}`,
            'callbox-purpose': 'a check of the test',
        },
    });
    const json = await answer.json();
    must(answer.ok, JSON.stringify(json));
    return json.entries.map((entry) => entry.text);
}

async function onceInOrder(demo, n, wanted) {
    const all = await entries(demo, n);
    const found = all.filter((text) => wanted.includes(text));
    must(JSON.stringify(found) === JSON.stringify(wanted),
        `on the log is ${JSON.stringify(found)} of ${JSON.stringify(all)}`);
}

// On the page; if not, the sentence says how far it came.
async function arrives(page, room, n, text) {
    await page.locator('#lines li', { hasText: text }).waitFor(PATIENT).catch(async () => {
        const [age, waiting] = await page.evaluate(() => ['age', 'waiting'].map((id) => {
            const element = document.getElementById(id);
            return element.hidden ? '' : element.textContent;
        }));
        const kept = (await entries(room, n)).includes(text) ? 'on the record' : 'not recorded';
        throw new Error(`'${text}' is not on the page: ${kept}; link '${age}', '${waiting}'`);
    });
}

async function opensLog(page, demo, n) {
    await page.goto(`${demo.url}/incidents/${n}`);
    await page.locator('#lines li').first().waitFor(PATIENT);
    await live(page);
}

async function selects(page, n) {
    await command(page, n.slice(-4));
    await page.locator(`#pane [data-n="${n}"]`).waitFor(PATIENT);
}

const paneHas = (page, text) => page.locator('#pane', { hasText: text }).waitFor(PATIENT);

// A log of this test's own: nobody of the day is about to close it.
async function aLog(room, token) {
    const send = async (method, path, body) => {
        const answer = await fetch(`${room.url}/api/v1${path}`, {
            method,
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            body: JSON.stringify(body),
        });
        const json = await answer.json();
        must(answer.ok, `${path}: ${JSON.stringify(json)}`);
        return json;
    };
    const { incident } = await send('POST', '/incidents', {
        opening_code: 'concern for safety',
        location: { known: 'known', words: '3 Harbour View', point: null, rural: false },
        words: 'my neighbour has not been seen for three days',
    });
    await send('PUT', `/incidents/${incident}/grade`, { grade: 2 });
    await send('POST', `/incidents/${incident}/dispatch`, {});
    return incident;
}

// ---- Two at once -----------------------------------------------------------------------------

async function two(browser, demo) {
    const one = (await aDesk(browser, WINDOW)).page, other = (await aDesk(browser, WINDOW)).page;
    await signOnByKeys(one, demo.url, 'Gareth Pryce');
    await signOnWithToken(other, demo.url, await demo.issue('DD77', 'dispatcher'));
    const n = await aLog(demo, demo.token('call handler'));
    for (const page of [one, other]) await page.locator(ROW(n)).waitFor(PATIENT);
    await check('hold-each-sees-what-the-other-does', async () => {
        await selects(one, n);
        await selects(other, n);
        await command(one, 'N', 'first desk: ringing the informant');
        await paneHas(other, 'first desk: ringing');
        await command(other, 'N', 'second desk: the unit is told');
        await paneHas(one, 'second desk: the unit is told');
    });
    await check('hold-a-stale-line-is-refused-and-kept', async () => {
        await command(one, 'D 81');
        await other.locator(`${ROW(n)} .unit`, { hasText: 'DC81' }).waitFor(PATIENT);
        const text = 'S 81 the second desk has a nearer unit';
        await words(other, text);
        await command(one, 'S 81', 'the first desk has a nearer unit');
        await other.locator(`${ROW(n)} .unit`, { hasText: 'DC81' })
            .waitFor({ state: 'detached', ...PATIENT });
        await press(other, 'Enter');
        await refused(other);
        must(await other.locator('#command').inputValue() === text, 'what was typed is gone');
        await press(other, 'Control+a', 'Delete');
    });
    await check('hold-a-stale-answer-is-refused-and-kept', async () => {
        const text = 'they are with the neighbour at number 12';
        await command(one, '? @dispatcher', 'which of you has the keys');
        await paneHas(one, 'which of you has the keys');
        await paneHas(other, 'which of you has the keys');
        await press(other, 'F8');
        await words(other, text);
        await press(one, 'F8');
        await words(one, 'the informant has them');
        await press(one, 'Enter');
        // The question goes from the pane; what was being written does not.
        await other.locator('#pane .question').waitFor({ state: 'detached', ...PATIENT });
        await until(other, 'what was being written is gone', (typed) =>
            document.activeElement.value === typed, text);
        await other.screenshot({ path: `${OUT}hold-stale.png` });
        await press(other, 'Enter');
        await refused(other);
        must(await other.locator('.kept input[name="outcome.done"]').inputValue() === text,
            'what was typed is gone');
        await tabTo(other, '.kept button', 'Put away');
        await press(other, 'Enter');
        await other.locator('.kept').waitFor({ state: 'detached', ...PATIENT });
    });
}

// It says what is in the way, not a number.
async function refused(page) {
    await until(page, 'it is not refused with a sentence', () => {
        const said = document.getElementById('said');
        return said.dataset.kind === 'refused' && said.textContent.split(' ').length > 4;
    });
}

// ---- The line drops --------------------------------------------------------------------------

async function adds(page, text) {
    await press(page, 'Alt+3');
    await words(page, text);
    await press(page, 'F12');
}

async function dropped(browser, demo) {
    const { context, page } = await aDesk(browser, WINDOW), line = await wire(demo.url);
    await signOnByKeys(page, line.url, 'Gareth Pryce');
    const n = await aLog(demo, demo.token('call handler'));
    await opensLog(page, line, n);
    const deeds = ['the first line without a connection', 'the second one', 'and a third'];
    await check('hold-a-dropped-line-is-shown-at-once', async () => {
        await line.cut();
        await page.locator('#lost', { hasText: 'Link lost' }).waitFor(PATIENT);
        must(await page.locator('#age').getAttribute('data-state') === 'red', 'it says live');
    });
    await check('hold-what-is-done-without-a-line-waits', async () => {
        for (const deed of deeds) await adds(page, deed);
        await press(page, 'Alt+3');
        await words(page, 'half a sent');
        await page.locator('#waiting', { hasText: `${deeds.length} entries wait` })
            .waitFor(PATIENT);
        await page.screenshot({ path: `${OUT}hold-dropped.png` });
        must(!(await entries(demo, n)).includes(deeds[0]), 'there was a connection');
    });
    await check('hold-it-arrives-in-order-and-once', async () => {
        await line.mend();
        await arrives(page, demo, n, deeds[2]);
        await live(page);
        await page.locator('#waiting').waitFor({ state: 'hidden', ...PATIENT });
        await words(page, 'ence');
        must(await page.locator('#entry').inputValue() === 'half a sentence', 'text was lost');
        await onceInOrder(demo, n, deeds);
        await page.locator('#entry[data-kept=yes]').waitFor(PATIENT);
        await page.reload();
        must(await page.locator('#entry').inputValue() === 'half a sentence',
            'what was typed is not kept on the server');
        await press(page, 'Alt+3', 'Control+a', 'Delete');
        await page.locator('#entry[data-kept=yes]').waitFor(PATIENT);
    });
    await context.close();
    await line.cut();
}

// ---- Calls ring on ----

async function ringsOn(browser, demo) {
    const { context, page } = await aDesk(browser, WINDOW);
    await signOnByKeys(page, demo.url, 'Sian Rowe');
    await page.goto(`${demo.url}/calls`);
    await live(page);
    const calls = ['a man is in the river by the old bridge', 'my husband has taken the car keys'];
    await check('hold-a-call-is-taken-without-a-line', async () => {
        must(!await page.locator('#new-words').isVisible(), 'it asks for everything twice');
        // A context that is offline keeps the stream that it has: here nothing goes through.
        await page.route(/\/(live|do)\b/, (route) => route.abort());
        await page.reload();
        for (const text of calls) {
            await page.locator('#new-words').waitFor(PATIENT);
            await press(page, 'Alt+2');
            await words(page, text);
            await press(page, 'Alt+9');
            must(await page.locator('#new-words').inputValue() === '', 'the form is not free');
        }
        await page.locator('#waiting', { hasText: '2 entries wait' }).waitFor(PATIENT);
        await page.screenshot({ path: `${OUT}hold-calls.png` });
        await later(3000);
        await page.unroute(/\/(live|do)\b/);
        await page.locator('#waiting').waitFor({ state: 'hidden', ...PATIENT });
        const rows = page.locator('#mine tbody tr');
        await until(page, 'they are not among the calls', () =>
            document.querySelectorAll('#mine .ask').length >= 2);
        const ids = await rows.locator('th a').allInnerTexts();
        const made = [];
        for (const id of ids.slice(0, 4)) made.push(await contact(demo, id));
        for (const text of calls) {
            const one = made.find((each) => each.words === text);
            must(one, `'${text}' is nowhere in ${JSON.stringify(made)}`);
            must(one.channel === '999', `it came by ${one.channel}`);
        }
        const since = (text) => new Date(made.find((each) => each.words === text).received_at);
        must(since(calls[0]) < since(calls[1]), 'they are not in the order in which they rang');
        must(Date.now() - since(calls[1]) > 2000, 'they have the time of the link, not their own');
    });
    await check('hold-a-slow-answer-is-said', async () => {
        await page.route('**/do/**', async (route) => {
            await later(1500);
            await route.continue();
        });
        await page.goto(`${demo.url}/incidents/${await aLog(demo, demo.token('call handler'))}`);
        await live(page);
        await adds(page, 'what takes its time');
        await page.locator('#age', { hasText: 'Slow: the last answer took 1.' }).waitFor(PATIENT);
        await page.unroute('**/do/**');
        await adds(page, 'and what does not');
        await live(page);
    });
    await check('hold-a-part-that-is-not-answered-says-so', async () => {
        const n = await aLog(demo, demo.token('call handler'));
        const part = `**/incidents/${n}/head`, marked = page.locator('[data-unanswered]');
        let asked = 0, status = 503;
        const refuse = async () => page.route(part, (route) => {
            asked += 1;
            return route.fulfill({ status, body: '' });
        });
        await opensLog(page, demo, n);
        await refuse();
        await adds(page, 'what changes the head');
        await page.locator('#age', { hasText: 'A part of this page is' }).waitFor(PATIENT);
        must(await marked.count() === 1, 'the part does not say that it is old');
        must(asked <= 4, `it was asked for ${asked} times`);
        await page.screenshot({ path: `${OUT}hold-part.png` });
        await page.unroute(part);
        await live(page);
        must(await marked.count() === 0, 'the part says that it is old, and is not');
        status = 428;
        await refuse();
        await adds(page, 'what changes it again');
        await page.locator('#age', { hasText: 'open the page again' }).waitFor(PATIENT);
        asked = 0;
        await adds(page, 'and once more');
        await later(2500);
        must(asked === 0, 'a part that is refused is asked for again and again');
        await page.unroute(part);
        await opensLog(page, demo, n);
        must(await marked.count() === 0, 'opened again it is still refused');
    });
    await context.close();
}

async function contact(demo, id) {
    const answer = await fetch(`${demo.url}/api/v1/contacts/${id}`, {
        headers: {
            authorization: `Bearer ${demo.token('call handler')}`,
            'callbox-purpose': 'a check of the test',
        },
    });
    const json = await answer.json();
    must(answer.ok, JSON.stringify(json));
    return json;
}

// ---- The server is killed --------------------------------------------------------------------

async function answeredTo(page, text) {
    await adds(page, text);
    await says(page, 'Saved');
}

async function onAgain(page, room) {
    const [fresh] = await Promise.all([
        page.context().waitForEvent('page', PATIENT),
        press(page, 'Alt+s'),
    ]);
    await fresh.waitForLoadState();
    await signOnWithToken(fresh, room.url, room.token());
    await fresh.close();
}

// A force's own room: there nobody sees anything who is not signed on.
async function aRoom() {
    const force = await startForce(process.env.CALLBOX_BIN);
    const token = await force.issue('DD07', 'dispatcher');
    return { ...force, token: () => token, n: await aLog(force, token) };
}

// A call that is being taken, with its log open.
async function aCall(context, room) {
    const page = await context.newPage();
    await page.goto(`${room.url}/calls`);
    await live(page);
    await press(page, 'n');
    await page.locator('#words:focus').waitFor(PATIENT);
    const text = 'there is somebody in the garden trying the door handles';
    await words(page, text);
    await until(page, 'no code is suggested', (typed) =>
        document.getElementById('words').value === typed
        && document.getElementById('code').value !== '', text);
    await press(page, 'Enter');
    await page.locator('#part-lines', { hasText: text }).waitFor(PATIENT);
    return page;
}

async function killed(browser, room) {
    const { page } = await aDesk(browser, WINDOW);
    const { n } = room;
    await signOnWithToken(page, room.url, room.token());
    await opensLog(page, room, n);
    // The same person's board, in a window beside it.
    const board = await page.context().newPage();
    await board.goto(`${room.url}/`);
    await live(board);
    await selects(board, n);
    const call = await aCall(page.context(), room);
    const before = ['acknowledged: the first', 'acknowledged: the second', 'acknowledged: a third'];
    const after = ['done while it was down', 'and one more while it was down'];
    const half = 'half of what I was about to s';
    await check('hold-a-killed-server-is-shown-at-once', async () => {
        for (const text of before) await answeredTo(page, text);
        await press(page, 'Alt+3');
        await words(page, after[0].slice(0, 9));
        await room.kill();
        await words(call, 'said to me while it was down');
        await press(call, 'Enter');
        await words(call, 'and half of what they s');
        await words(page, after[0].slice(9));
        await press(page, 'F12');
        await page.locator('#lost', { hasText: 'Link lost' }).waitFor(PATIENT);
        await board.locator('#lost', { hasText: 'Link lost' }).waitFor(PATIENT);
    });
    await check('hold-the-page-stays-when-nobody-is-signed-on-any-more', async () => {
        await adds(page, after[1]);
        await press(page, 'Alt+3');
        await words(page, half);
        await command(board, 'N', 'on the board while it was down');
        await words(board, 'N half of it');
        await room.again();
        for (const each of [page, board, call]) {
            await each.locator('.session-ends', { hasText: 'You are signed off' })
                .waitFor(PATIENT);
        }
        await page.screenshot({ path: `${OUT}hold-killed.png` });
        must(await page.locator('#entry').inputValue() === half, 'what was typed is gone');
        const all = await entries(room, n);
        must(!all.includes(after[0]), 'something was sent for nobody');
    });
    await check('hold-nothing-typed-or-acknowledged-is-missing', async () => {
        await onAgain(page, room);
        await page.locator('.session-ends').waitFor({ state: 'detached', ...PATIENT });
        await arrives(page, room, n, after[1]);
        await board.locator('.session-ends').waitFor({ state: 'detached', ...PATIENT });
        await page.locator('#lines li', { hasText: 'on the board while' }).waitFor(PATIENT);
        must(await board.locator('#command').inputValue() === 'N half of it', 'text was lost');
        must(!(await page.locator('main').innerText()).includes('Sign on'),
            'the page for signing on is in the log');
        await call.locator('#part-lines', { hasText: 'said to me while' }).waitFor(PATIENT);
        must(await call.locator('#words').inputValue() === 'and half of what they s',
            'what the caller says is lost');
        await words(page, 'ay');
        must(await page.locator('#entry').inputValue() === `${half}ay`, 'text was lost');
        await onceInOrder(room, n, [...before, ...after]);
        await page.locator('#entry[data-kept=yes]').waitFor(PATIENT);
        await page.reload();
        must(await page.locator('#entry').inputValue() === `${half}ay`,
            'what was typed is not kept on the server');
        await live(page);
    });
}

await whole(async (browser) => {
    const demo = await startDemo(process.env.CALLBOX_BIN, '--speed', '0.02', '--unlimited');
    try {
        await rosters(demo, 'DC81');
        await two(browser, demo);
        await dropped(browser, demo);
        await ringsOn(browser, demo);
    } finally {
        await demo.stop();
    }
    const room = await aRoom();
    try {
        await killed(browser, room);
    } finally {
        await room.stop();
    }
});
