// Starts the built program's demo on a free port with a folder of its own.

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const READY_WITHIN_MS = 120_000;

export function freePort() {
    return new Promise((resolve, reject) => {
        const probe = createServer();
        probe.once('error', reject);
        probe.listen(0, '127.0.0.1', () => {
            const { port } = probe.address();
            probe.close(() => resolve(port));
        });
    });
}

/** A wire to an address that can be cut and mended: who is on it finds out as people do. */
export async function wire(url) {
    const { hostname, port } = new URL(url);
    const ends = new Set();
    const server = createServer((near) => {
        const far = connect(Number(port), hostname);
        for (const [end, other] of [[near, far], [far, near]]) {
            ends.add(end);
            end.on('error', () => {});
            end.on('close', () => {
                ends.delete(end);
                other.destroy();
            });
            end.pipe(other);
        }
    });
    const at = await freePort();
    const mend = () => new Promise((resolve) => server.listen(at, '127.0.0.1', resolve));
    const cut = () => new Promise((resolve) => {
        server.close(resolve);
        for (const end of ends) end.destroy();
    });
    await mend();
    return { url: `http://127.0.0.1:${at}`, cut, mend };
}

// It prints one line with its address when it is ready.
function address(child) {
    return new Promise((resolve, reject) => {
        let said = '';
        const late = setTimeout(
            () => reject(new Error(`no address within ${READY_WITHIN_MS / 1000} s:\n${said}`)),
            READY_WITHIN_MS,
        );
        const hear = (chunk) => {
            said += chunk;
            const found = said.match(/https?:\/\/\S*\d/);
            if (found) {
                clearTimeout(late);
                resolve(found[0]);
            }
        };
        child.stdout.on('data', hear);
        child.stderr.on('data', (chunk) => (said += chunk));
        child.once('error', reject);
        child.once('exit', (code) => {
            clearTimeout(late);
            reject(new Error(`it ended with ${code}:\n${said}`));
        });
    });
}

// What it has printed so far: the demonstration names its tokens before its address.
function listening(child) {
    const heard = { said: '' };
    child.stdout.on('data', (chunk) => (heard.said += chunk));
    child.stderr.on('data', (chunk) => (heard.said += chunk));
    return heard;
}

/** A program that was started: its address, its tokens, how to end it and how to kill it. */
export async function startCallbox(child) {
    const heard = listening(child);
    const stop = async () => {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        if (child.exitCode === null && child.signalCode === null && child.kill('SIGTERM')) {
            const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
            await ended;
            clearTimeout(hard);
        }
    };
    const kill = async () => {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) {
            await ended;
        }
    };
    const token = (role) => heard.said.match(new RegExp(`^ *${role} +(cbx_\\S+)`, 'm'))?.[1];
    try {
        return { url: await address(child), stop, kill, token };
    } catch (fault) {
        await stop();
        throw fault;
    }
}

/** The running demo: its address, its tokens, and how to end it, kill it and start it again. */
export const startDemo = (binary, ...more) => startIn(binary, 'demo', more);

/** A force's own room, with nothing in it; and the same of it. */
export const startForce = (binary, ...more) => startIn(binary, 'serve', more);

async function startIn(binary, command, more) {
    const folder = await mkdtemp(join(tmpdir(), 'callbox-browser-'));
    const listen = `127.0.0.1:${await freePort()}`;
    const data = join(folder, 'data');
    const args = [command, '--data', data, '--listen', listen, ...more];
    const clear = () => rm(folder, { recursive: true, force: true });
    const start = () => startCallbox(spawn(binary, args));
    try {
        let running = await start();
        const stop = async () => {
            await running.stop();
            await clear();
        };
        const again = async () => {
            running = await start();
        };
        const kill = () => running.kill();
        const token = (role) => running.token(role);
        // Somebody who is not on the page: a token of their own.
        const issue = async (staff, role) => {
            const words = ['--json', 'token', '--data', data, '--staff', staff, '--role', role];
            return JSON.parse((await promisify(execFile)(binary, words)).stdout).token;
        };
        return { url: running.url, stop, kill, again, token, issue };
    } catch (fault) {
        await clear();
        throw fault;
    }
}

/** Units of a test's own, which nobody of the demonstration's day has. */
export async function rosters(demo, ...callSigns) {
    for (const callSign of callSigns) {
        const answer = await fetch(`${demo.url}/api/v1/units/${callSign}`, {
            method: 'PUT',
            headers: {
                authorization: `Bearer ${demo.token('dispatcher')}`,
                'content-type': 'application/json',
            },
            body: JSON.stringify({ crew: [], kind: 'response', skills: [], equipment: [] }),
        });
        if (!answer.ok) throw new Error(`${callSign}: ${await answer.text()}`);
    }
}
