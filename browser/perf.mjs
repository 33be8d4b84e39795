// How the console holds up: 300 open logs, 50 changes a second, 60 screens that follow, somebody
// typing. Prints one line of JSON for each figure; nothing here passes or fails.
//
//   CALLBOX_BIN=target/release/callbox node perf.mjs [--rows 300] [--changes 50] [--keys 200]
//       [--streams 60] [--deeds 40] [--rings 20] [--heap 10,40]
//
// --heap: the two minutes between which the growth of the heap is measured; 0 leaves it out.
// A machine that does anything else gives figures of that.

import { get } from 'node:http';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { startDemo } from './demo.mjs';
import { ARGS, CHROMIUM, WIDE, must, signOn } from './rig.mjs';

const { values } = parseArgs({
    options: {
        rows: { type: 'string', default: '300' },
        changes: { type: 'string', default: '50' },
        keys: { type: 'string', default: '200' },
        streams: { type: 'string', default: '60' },
        deeds: { type: 'string', default: '40' },
        rings: { type: 'string', default: '20' },
        heap: { type: 'string', default: '10,40' },
    },
});
const [ROWS, PER_SECOND, KEYS, STREAMS, DEEDS, RINGS] =
    ['rows', 'changes', 'keys', 'streams', 'deeds', 'rings'].map((name) => Number(values[name]));
const [HEAP_FROM, HEAP_TO] = values.heap.split(',').map(Number);
const LONG = { timeout: 60_000 };

const tell = (measure, figures) => console.log(JSON.stringify({ measure, ...figures }));
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function spread(all) {
    const sorted = [...all].sort((a, b) => a - b);
    const at = (share) =>
        +sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1);
    if (sorted.length === 0) return { n: 0 };
    return { n: sorted.length, p50_ms: at(0.5), p95_ms: at(0.95), most_ms: at(1) };
}

// ---- The room --------------------------------------------------------------------------------

async function api(demo, path, body) {
    const response = await fetch(`${demo.url}/api/v1${path}`, {
        method: 'POST',
        headers: {
            authorization: `Bearer ${demo.token('call handler')}`,
            'content-type': 'application/json',
        },
        body: JSON.stringify(body),
    });
    const json = await response.json();
    must(response.ok, `${path}: ${json.detail}`);
    return json;
}

async function open(demo, n) {
    const body = {
        opening_code: 'concern for safety',
        location: { known: 'known', words: `${n} Heol Awst`, point: null, rural: false },
        words: 'my neighbour has not been seen for three days',
    };
    return (await api(demo, '/incidents', body)).incident;
}

// So many changes a second, each on the next of the logs, until it is stopped.
function changes(demo, logs) {
    const load = { going: true, sent: 0, began: performance.now() };
    const seconds = () => (performance.now() - load.began) / 1000;
    const done = (async () => {
        while (load.going) {
            const due = [];
            while (load.sent < seconds() * PER_SECOND) {
                const path = `/incidents/${logs[load.sent % logs.length]}/entries`;
                due.push(api(demo, path, { text: `change ${load.sent}` }));
                load.sent += 1;
            }
            await Promise.all(due);
            await later(20);
        }
    })();
    load.rate = () => +(load.sent / seconds()).toFixed(1);
    load.stop = async () => {
        load.going = false;
        await done;
    };
    return load;
}

// Screens that follow besides the browsers: what each was sent is counted and thrown away.
function screens(demo, cookie, n) {
    const all = [];
    for (let i = 0; i < n; i += 1) {
        const screen = { bytes: 0, open: false };
        const options = { headers: { cookie }, agent: false };
        screen.request = get(`${demo.url}/live`, options, (answer) => {
            screen.open = answer.statusCode === 200;
            answer.on('data', (chunk) => (screen.bytes += chunk.length));
            answer.on('error', () => (screen.open = false));
        });
        screen.request.on('error', () => (screen.open = false));
        all.push(screen);
    }
    return all;
}

// ---- Keys ------------------------------------------------------------------------------------

// Every key from its event to after the frame in which its letter is painted.
function measureEcho() {
    window.painted = (then) => requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = then;
        channel.port2.postMessage(0);
    });
    window.echoes = [];
    document.querySelector('#command').addEventListener('keydown', (event) => {
        window.painted(() => window.echoes.push(performance.now() - event.timeStamp));
    }, true);
    window.longTasks = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.longTasks += entry.duration;
    }).observe({ entryTypes: ['longtask'] });
    window.changes = 0;
    document.addEventListener('callbox:update', ({ detail }) => {
        window.changes += detail.rows.length;
    });
}

async function keys(page, load) {
    const began = performance.now();
    await page.evaluate(measureEcho);
    await page.locator('#command').focus();
    for (let key = 0; key < KEYS; key += 1) {
        await page.keyboard.press(key % 8 === 7 ? 'Space' : 'n');
        await later(60);
    }
    const seconds = (performance.now() - began) / 1000;
    const found = await page.evaluate(() => ({
        echoes: window.echoes, longTasks: window.longTasks, changes: window.changes,
        rows: document.querySelectorAll('#incidents tbody tr').length,
    }));
    await page.locator('#command').fill('');
    tell('key_echo', {
        ...spread(found.echoes), rows: found.rows, changes_per_second_sent: load.rate(),
        changes_per_second_painted: +(found.changes / seconds).toFixed(1),
        long_tasks_ms: Math.round(found.longTasks), seconds: +seconds.toFixed(1),
    });
}

// ---- A change on one console, painted on another ---------------------------------------------

// When each change of this log was painted, on the machine's clock.
function watchLog(n) {
    window.seenAt = [];
    document.addEventListener('callbox:update', ({ detail }) => {
        if (!detail.rows.some((row) => row.n === n)) return;
        window.painted(() => window.seenAt.push(performance.timeOrigin + performance.now()));
    });
}

async function across(one, other, n, streams) {
    await other.evaluate(measureEcho);
    await other.evaluate(watchLog, n);
    await one.locator('#command').focus();
    const took = [], said = [];
    for (let deed = 0; deed < DEEDS; deed += 1) {
        await one.keyboard.type(`${n.slice(-4)} N what one console does, ${deed}`);
        const pressed = one.evaluate(() => new Promise((resolve) => {
            document.querySelector('#command').addEventListener('keydown', (event) => {
                resolve(performance.timeOrigin + event.timeStamp);
            }, { capture: true, once: true });
        }));
        await later(50);
        const before = await other.evaluate(() => window.seenAt.length);
        await one.keyboard.press('Enter');
        const at = await pressed;
        await other.waitForFunction((count) => window.seenAt.length > count, before, LONG);
        took.push(await other.evaluate((count) => window.seenAt[count], before) - at);
        said.push(await one.locator('#said').innerText());
        await later(300);
    }
    tell('painted_on_another_console', {
        ...spread(took), streams: streams.filter((screen) => screen.open).length + 2,
        browsers: 2, refused: said.filter((line) => !/saved|sending/i.test(line)).length,
        bytes_to_each: Math.round(streams.reduce((sum, s) => sum + s.bytes, 0)
            / Math.max(1, streams.length)),
    });
}

// ---- The ring --------------------------------------------------------------------------------

async function rings(page, demo) {
    const took = [];
    for (let ring = 0; ring < RINGS; ring += 1) {
        await page.goto(`${demo.url}/calls`);
        await page.locator('#new-line').waitFor(LONG);
        await page.evaluate(() => addEventListener('keydown', (event) => {
            sessionStorage.setItem('rang', String(performance.timeOrigin + event.timeStamp));
        }, { capture: true, once: true }));
        await page.keyboard.press('n');
        await page.waitForURL(/\/calls\/\d+/, LONG);
        await page.locator('#call-risk').waitFor(LONG);
        took.push(await page.evaluate(() => new Promise((resolve) => {
            const paint = performance.getEntriesByName('first-contentful-paint')[0];
            const rang = Number(sessionStorage.getItem('rang'));
            const answer = (at) => resolve(performance.timeOrigin + at - rang);
            if (paint) answer(paint.startTime);
            else requestAnimationFrame(() => answer(performance.now()));
        })));
    }
    tell('ring_to_risk_banner', spread(took));
}

// ---- The heap --------------------------------------------------------------------------------

// What is used, in bytes, how much of it is machine code that the engine makes of what runs often
// (it comes with time, and nothing of the page is kept in it), and how much page there is.
async function heapOf(session) {
    // Twice: what the first collection finalises goes with the second.
    await session.send('HeapProfiler.collectGarbage');
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const { nodes } = await session.send('Memory.getDOMCounters');
    // Not by a locator: that would put a script of the measuring program into the page.
    const { result: { value: rows } } = await session.send('Runtime.evaluate', {
        expression: "document.querySelectorAll('#incidents tbody tr').length",
    });
    return { used: usedSize, code: await codeOf(session), nodes, rows };
}

async function codeOf(session) {
    const chunks = [];
    const gather = ({ chunk }) => chunks.push(chunk);
    session.on('HeapProfiler.addHeapSnapshotChunk', gather);
    await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
    session.off('HeapProfiler.addHeapSnapshotChunk', gather);
    const { snapshot, nodes } = JSON.parse(chunks.join(''));
    const fields = snapshot.meta.node_fields, [types] = snapshot.meta.node_types;
    const [type, size] = [fields.indexOf('type'), fields.indexOf('self_size')];
    let code = 0;
    for (let at = 0; at < nodes.length; at += fields.length) {
        if (types[nodes[at + type]] === 'code') code += nodes[at + size];
    }
    return code;
}

async function heap(page, began, load) {
    const session = await page.context().newCDPSession(page);
    const at = async (minute) => {
        await later(Math.max(0, began + minute * 60_000 - performance.now()));
        return heapOf(session);
    };
    const from = await at(HEAP_FROM), to = await at(HEAP_TO);
    const growth = (before, after) => ({
        from_kb: Math.round(before / 1000), to_kb: Math.round(after / 1000),
        percent: +((after / before - 1) * 100).toFixed(1),
    });
    tell('heap_growth', {
        from_minute: HEAP_FROM, to_minute: HEAP_TO, ...growth(from.used, to.used),
        without_machine_code: growth(from.used - from.code, to.used - to.code),
        rows: [from.rows, to.rows], nodes: [from.nodes, to.nodes],
        changes_per_second_sent: load.rate(),
    });
}

// ---- All of it -------------------------------------------------------------------------------

const launch = () => chromium.launch({ executablePath: CHROMIUM, args: ARGS });

async function all(demo, [first, second]) {
    const enter = async (browser, name) => {
        const page = await (await browser.newContext({ viewport: WIDE })).newPage();
        await signOn(page, demo.url, name);
        return page;
    };
    const board = await enter(first, 'Gareth Pryce'), other = await enter(second, 'Owen Harries');
    const handler = await enter(first, 'Sian Rowe');
    const logs = [];
    const there = await board.locator('#incidents tbody tr').count();
    // One is changed by nothing but what one console does.
    const quiet = await open(demo, 0);
    while (there + logs.length + 1 < ROWS) logs.push(await open(demo, logs.length + 1));
    const cookie = (await board.context().cookies()).map((c) => `${c.name}=${c.value}`).join('; ');
    const streams = screens(demo, cookie, Math.max(0, STREAMS - 2));
    for (const page of [board, other]) await page.goto(`${demo.url}/`);
    const began = performance.now();
    const load = changes(demo, logs);
    try {
        await keys(board, load);
        await across(board, other, quiet, streams);
        await rings(handler, demo);
        await handler.close();
        if (HEAP_TO > HEAP_FROM) await heap(other, began, load);
    } finally {
        await load.stop();
        for (const screen of streams) screen.request.destroy();
    }
}

const demo = await startDemo(process.env.CALLBOX_BIN, '--unlimited');
const browsers = [await launch(), await launch()];
try {
    await all(demo, browsers);
} finally {
    for (const browser of browsers) await browser.close();
    await demo.stop();
}
