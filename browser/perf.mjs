// How the board holds up: 300 open logs, 50 changes a second, somebody typing. Prints JSON; nothing
// here passes or fails.
//
//   CALLBOX_BIN=target/debug/callbox node perf.mjs [rows] [changes a second] [keys]

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { freePort, startCallbox } from './demo.mjs';
import { WIDE, must, signOn } from './rig.mjs';

const [ROWS, PER_SECOND, KEYS] = [300, 50, 200].map((n, at) => Number(process.argv[2 + at] ?? n));
const CHROMIUM = process.env.CALLBOX_CHROMIUM ?? '/usr/bin/chromium';

function tokenOf(child, role) {
    return new Promise((resolve) => {
        let said = '';
        const hear = (chunk) => {
            said += chunk;
            const found = said.match(new RegExp(`${role}\\s+(cbx_\\S+)`));
            if (found) resolve(found[1]);
        };
        child.stdout.on('data', hear);
        child.stderr.on('data', hear);
    });
}

const at = (sorted, share) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

async function api(url, token, path, body) {
    const response = await fetch(`${url}/api/v1${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
    });
    const json = await response.json();
    must(response.ok, `${path}: ${json.detail}`);
    return json;
}

async function open(url, token, n) {
    const body = {
        opening_code: 'concern for safety',
        location: { known: 'known', words: `${n} Heol Awst`, point: null, rural: false },
        words: 'my neighbour has not been seen for three days',
    };
    return (await api(url, token, '/incidents', body)).incident;
}

// Every key from its event to after the frame in which its letter is painted.
function measureEcho() {
    window.echoes = [];
    document.querySelector('#command').addEventListener('keydown', (event) => {
        requestAnimationFrame(() => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => window.echoes.push(performance.now() - event.timeStamp);
            channel.port2.postMessage(0);
        });
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

async function typed(page, url, token, logs) {
    let going = true, sent = 0;
    const began = performance.now();
    const changes = (async () => {
        while (going) {
            const wanted = ((performance.now() - began) / 1000) * PER_SECOND;
            const due = [];
            while (sent < wanted) {
                const log = logs[sent % logs.length];
                due.push(api(url, token, `/incidents/${log}/entries`, { text: `change ${sent}` }));
                sent += 1;
            }
            await Promise.all(due);
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
    })();
    await page.evaluate(measureEcho);
    await page.locator('#command').focus();
    for (let key = 0; key < KEYS; key += 1) {
        await page.keyboard.press(key % 8 === 7 ? 'Space' : 'n');
        await page.waitForTimeout(60);
    }
    const seconds = (performance.now() - began) / 1000;
    going = false;
    await changes;
    const found = await page.evaluate(() => ({
        echoes: window.echoes, longTasks: window.longTasks, changes: window.changes,
        rows: document.querySelectorAll('#incidents tbody tr').length,
    }));
    const echoes = found.echoes.sort((a, b) => a - b);
    return {
        rows: found.rows,
        changes_per_second_sent: +(sent / seconds).toFixed(1),
        changes_per_second_painted: +(found.changes / seconds).toFixed(1),
        keys: echoes.length,
        echo_ms: { p50: +at(echoes, 0.5).toFixed(1), p95: +at(echoes, 0.95).toFixed(1),
            most: +at(echoes, 1).toFixed(1) },
        long_tasks_ms: Math.round(found.longTasks),
        seconds: +seconds.toFixed(1),
    };
}

const folder = await mkdtemp(join(tmpdir(), 'callbox-perf-'));
const listen = `127.0.0.1:${await freePort()}`;
const args = ['demo', '--unlimited', '--data', join(folder, 'data'), '--listen', listen];
const child = spawn(process.env.CALLBOX_BIN, args);
const token = tokenOf(child, 'call handler');
const demo = await startCallbox(child);
const flags = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];
const browser = await chromium.launch({ executablePath: CHROMIUM, args: flags });
try {
    const logs = [];
    const page = await browser.newPage({ viewport: WIDE });
    await signOn(page, demo.url, 'Gareth Pryce');
    const there = await page.locator('#incidents tbody tr').count();
    while (there + logs.length < ROWS) logs.push(await open(demo.url, await token, logs.length));
    await page.goto(`${demo.url}/`);
    console.log(JSON.stringify(await typed(page, demo.url, await token, logs), null, 2));
} finally {
    await browser.close();
    await demo.stop();
    await rm(folder, { recursive: true, force: true });
}
