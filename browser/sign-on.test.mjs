// Signing on in a real browser: somebody invented, an account, a provider of identities.
//
//   CALLBOX_BIN=target/debug/callbox node sign-on.test.mjs      (built with --features oidc)
//
// Screenshots go to out/. Ends with 'N passed, N failed'; exit status 0 means that none failed.

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, startCallbox, startDemo } from './demo.mjs';
import { startProvider } from './provider.mjs';
import { LAPTOP, NARROW, accessible, check, must, watchFaults, whole, withPage } from './rig.mjs';

const WORD = 'three words and a lamp';
const WHOLE = { fullPage: true };

const ended = (page, path) => page.waitForURL((url) => url.pathname === path, { timeout: 20_000 });
const html = (page, name) => page.locator('html').getAttribute(name);

async function be(page, url, name) {
    await page.goto(`${url}/sign-on`);
    await page.getByRole('button', { name }).click();
    await ended(page, '/sign-on/seat');
}

// Without any script: who, seat, break, back, somebody named to take over, off.
async function withoutScript(page, url) {
    await be(page, url, 'Gareth Pryce');
    await page.getByLabel('Theme').selectOption('contrast');
    await page.getByLabel('Size of text').selectOption('125');
    await page.getByRole('button', { name: 'Take the seat' }).click();
    await ended(page, '/');
    must((await html(page, 'data-theme')) === 'contrast', 'the theme was not kept');
    must((await html(page, 'data-scale')) === '125', 'the size was not kept');
    await page.getByRole('link', { name: 'My seat' }).click();
    await page.getByRole('button', { name: 'Go on a break' }).click();
    await page.getByRole('button', { name: 'I am back' }).click();
    await ended(page, '/duty');
    const off = page.locator('form.leaving[action="/sign-off"]');
    await off.locator('select').selectOption('DD01');
    await off.getByRole('button').click();
    await ended(page, '/sign-on');
    await page.goto(`${url}/duty`);
    await ended(page, '/sign-on');
}

async function sounds(page, url) {
    const faults = await watchFaults(page);
    await page.addInitScript(() => {
        window.pulses = [];
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (at) {
            window.pulses.push(this.frequency.value);
            return start.call(this, at);
        };
    });
    await be(page, url, 'Sian Rowe');
    const pulses = () => page.evaluate(() => window.pulses.splice(0).length);
    await page.getByRole('button', { name: 'critical alarm' }).click();
    must((await pulses()) === 5, 'the critical alarm is three pulses and two');
    await page.getByRole('button', { name: 'high alarm' }).click();
    must((await pulses()) === 3, 'the high alarm is three pulses');
    await page.getByLabel('I heard both').check();
    await page.getByRole('button', { name: 'Take the seat' }).click();
    await ended(page, '/');
    await page.goto(`${url}/duty`);
    must(!faults.length, faults.join('; '));
}

async function seen(page, url) {
    await be(page, url, 'Josef Nowak');
    await page.getByRole('button', { name: 'Go on' }).click();
    await ended(page, '/signed-on');
    const row = page.getByRole('row', { name: 'Sian Rowe' });
    must((await row.innerText()).includes('heard'), 'it is not said that the sounds were heard');
}

async function looks(browser, url) {
    const all = [
        ['dark', LAPTOP, { colorScheme: 'dark' }, 'system.100.en-GB'],
        ['light', LAPTOP, { colorScheme: 'light' }, 'system.100.en-GB'],
        ['chosen-light', LAPTOP, { colorScheme: 'dark' }, 'light.112.cy'],
        ['contrast', LAPTOP, { colorScheme: 'light' }, 'contrast.150.en-GB'],
        ['narrow', NARROW, { colorScheme: 'light' }, 'dark.100.en-GB'],
    ];
    for (const [name, viewport, media, look] of all) {
        // The checker itself is evaluated in the page, which the policy rightly forbids.
        await withPage(browser, { viewport, bypassCSP: true }, async (page) => {
            await check(`axe-${name}`, async () => {
                await page.emulateMedia(media);
                await page.context().addCookies([{ name: 'callbox_look', value: look, url }]);
                await page.goto(`${url}/sign-on`);
                await accessible(page, `sign-on-who-${name}`, WHOLE);
                await page.getByRole('button', { name: 'Tom Beddoe' }).click();
                await ended(page, '/sign-on/seat');
                await accessible(page, `sign-on-seat-${name}`, WHOLE);
                await page.locator('button.primary').click();
                await ended(page, '/');
                await page.goto(`${url}/duty`);
                await accessible(page, `sign-on-duty-${name}`, WHOLE);
                await page.locator('form.leaving[action="/sign-off"] button').click();
                await ended(page, '/sign-on');
                await page.getByRole('button', { name: 'Josef Nowak' }).click();
                await page.locator('button.primary').click();
                await ended(page, '/signed-on');
                await accessible(page, `sign-on-sessions-${name}`, WHOLE);
            });
        });
    }
}

// A force's own room with a provider beside it.
async function startForce(binary) {
    const folder = await mkdtemp(join(tmpdir(), 'callbox-sign-on-'));
    const data = join(folder, 'data');
    const [here, there] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${here}`;
    const secret = 'a secret for a test of sign-on';
    const provider = await startProvider({ port: there, callbox: url, secret });
    await writeFile(join(folder, 'secret'), secret);
    const settings = `
[oidc]
name = "Force ID"
issuer = "${provider.issuer}"
client_id = "callbox"
client_secret_file = "${join(folder, 'secret')}"
callbox = "${url}"
[oidc.roles]
fcr-dispatchers = "dispatcher"
`;
    await writeFile(join(folder, 'sign-on.toml'), settings);
    const add = ['--json', 'account', '--data', data, 'add', '4417', '--name', 'Amina Khatun'];
    const { stdout } = await promisify(execFile)(binary, [...add, '--role', 'dispatcher']);
    const args = ['serve', '--data', data, '--listen', `127.0.0.1:${here}`];
    args.push('--sign-on', join(folder, 'sign-on.toml'));
    const callbox = await startCallbox(spawn(binary, args));
    const stop = async () => {
        await callbox.stop();
        await provider.stop();
        await rm(folder, { recursive: true, force: true });
    };
    return { url, oneTime: JSON.parse(stdout).one_time_password, stop };
}

async function withAccount(page, { url, oneTime }) {
    const signOn = async (word) => {
        await page.goto(`${url}/sign-on`);
        await page.getByLabel('Account name').fill('4417');
        await page.getByLabel('Password').fill(word);
        await page.getByRole('button', { name: 'Sign on', exact: true }).first().click();
    };
    await signOn('not the password');
    await page.getByRole('alert').waitFor();
    await signOn(oneTime);
    await ended(page, '/sign-on/password');
    await page.getByLabel('New password').fill(WORD);
    await page.getByLabel('The same again').fill(WORD);
    await page.getByRole('button').click();
    await ended(page, '/sign-on/seat');
    await page.getByLabel('Seat').selectOption('DD05');
    await page.getByRole('button', { name: 'Take the seat' }).click();
    await ended(page, '/');
}

async function throughTheProvider(page, url, name) {
    await page.goto(`${url}/sign-on`);
    await page.getByRole('link', { name: 'Force ID' }).click();
    await page.locator('input[name="login"]').fill(name);
    await page.locator('input[name="password"]').fill('anything');
    await page.locator('button[type="submit"]').click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await ended(page, '/sign-on/seat');
}

async function withProvider(page, { url }) {
    await throughTheProvider(page, url, '4419');
    must((await page.innerText('main')).includes('Ruth Adeyemi 4419'), 'somebody else is here');
    await page.getByRole('button', { name: 'Take the seat' }).click();
    await ended(page, '/');
    await page.goto(`${url}/duty`);
    await page.locator('form.leaving[action="/sign-off"] button').click();
    await page.getByRole('link', { name: 'Sign off there too' }).click();
    await page.waitForURL(/localhost.*session\/end/);
}

async function withoutARole(page, { url }) {
    await throughTheProvider(page, url, '4420');
    must((await page.innerText('main')).includes('no role is left to you'), 'a role came anyhow');
}

await whole(async (browser) => {
    const binary = process.env.CALLBOX_BIN;
    must(binary, 'set CALLBOX_BIN to the built callbox');
    const alone = (name, settings, body) =>
        withPage(browser, { viewport: LAPTOP, ...settings }, (page) =>
            check(name, () => body(page)));
    const demo = await startDemo(binary);
    try {
        await alone('without-a-script', { javaScriptEnabled: false }, (page) =>
            withoutScript(page, demo.url));
        await alone('both-alarms-are-heard', {}, (page) => sounds(page, demo.url));
        await alone('an-administrator-sees-sessions', {}, (page) => seen(page, demo.url));
        await looks(browser, demo.url);
    } finally {
        await demo.stop();
    }
    const force = await startForce(binary);
    try {
        await alone('with-an-account', {}, (page) => withAccount(page, force));
        await alone('with-a-provider', {}, (page) => withProvider(page, force));
        await alone('a-group-without-a-role', {}, (page) => withoutARole(page, force));
    } finally {
        await force.stop();
    }
});
