// Starts the built program's demo on a free port with a folder of its own.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

/** A program that was started: its address, and how to end it. */
export async function startCallbox(child) {
    const stop = async () => {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        if (child.exitCode === null && child.kill('SIGTERM')) {
            const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
            await ended;
            clearTimeout(hard);
        }
    };
    try {
        return { url: await address(child), stop };
    } catch (fault) {
        await stop();
        throw fault;
    }
}

/** The running demo: its address, and how to end it. */
export async function startDemo(binary, ...more) {
    const folder = await mkdtemp(join(tmpdir(), 'callbox-browser-'));
    const listen = `127.0.0.1:${await freePort()}`;
    const args = ['demo', '--data', join(folder, 'data'), '--listen', listen, ...more];
    const clear = () => rm(folder, { recursive: true, force: true });
    try {
        const demo = await startCallbox(spawn(binary, args));
        const stop = async () => {
            await demo.stop();
            await clear();
        };
        return { url: demo.url, stop };
    } catch (fault) {
        await clear();
        throw fault;
    }
}
