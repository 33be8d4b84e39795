// The policy, briefings and the directory of agencies, in a real browser, by keyboard.
//
//   CALLBOX_BIN=target/debug/callbox node admin.test.mjs
//
// Screenshots go to out/. Ends with 'N passed, N failed'; exit status 0 means that none failed.

import { startDemo } from './demo.mjs';
import { LOOKS, OUT, WIDE, accessible, check, must, press, signOn, watchFaults, whole, withPage }
    from './rig.mjs';

const ONE = 'Josef Nowak', TWO = 'Delyth Morgan';
const LEADER = 'Amina Khatun', DISPATCHER = 'Gareth Pryce', MANAGER = 'Owen Harries';

// An administrator has no seat: one button goes on.
async function be(page, url, name) {
    await page.goto(`${url}/sign-on`);
    await page.getByRole('button', { name }).click();
    await page.locator('button.primary').click();
    await page.waitForURL((at) => !at.pathname.startsWith('/sign-on'), { timeout: 20_000 });
}

const heading = (page, words) =>
    page.locator('#wrong-h', { hasText: words }).waitFor({ timeout: 20_000 });

// What is typed is looked over at a pause; the sentence leads to its line; the draft is kept.
async function writes(page, url) {
    const faults = await watchFaults(page);
    await be(page, url, ONE);
    await page.goto(`${url}/admin/policy/draft`);
    const toml = page.locator('#toml');
    const text = await toml.inputValue();
    must(text.startsWith('# The policy of'), 'the text does not begin with its first line');
    // As if it were pasted: typing so much takes a browser long.
    await toml.evaluate((field, value) => {
        field.value = value;
        field.dispatchEvent(new Event('input', { bubbles: true }));
    }, text.replace('version = "1"', 'version = "2"')
        .replace('deploy_target = "4 min"', 'deploy_target = "99 min"'));
    await heading(page, 'wrong');
    await page.locator('.wrong a').first().press('Enter');
    const chosen = await page.evaluate(() => {
        const field = document.activeElement;
        return field.id === 'toml' && field.value.slice(field.selectionStart, field.selectionEnd);
    });
    must(chosen === 'deploy_target = "99 min"', `the line is ${chosen}`);
    await page.keyboard.type('deploy_target = "3 min"');
    await heading(page, 'holds together');
    await page.reload();
    const kept = await toml.inputValue();
    must(kept.includes('deploy_target = "3 min"') && kept.endsWith(text.slice(-40)), 'not kept');
    must(!faults.length, faults.join('; '));
}

// A test case by its form: it is in the text, and is judged.
async function addsCase(page, url) {
    await be(page, url, ONE);
    await page.goto(`${url}/admin/policy/draft`);
    await press(page, 'Alt+4');
    await page.locator('#case-name').fill('a level crossing is danger now');
    await page.locator('#case-words').fill('she is standing on the level crossing');
    await page.locator('#case-code').selectOption('concern for safety');
    await page.locator('#case-suggests').selectOption('1');
    await page.locator('#case-form button').press('Enter');
    await page.locator('.cases li', { hasText: 'a level crossing' }).waitFor({ timeout: 20_000 });
    const passed = await page.locator('.cases li[data-passed=true]').count();
    must(passed >= 4, `${passed} cases passed`);
    await press(page, 'Alt+3');
    await page.keyboard.type('concern for safety');
    await press(page, 'Tab');
    await page.keyboard.type('he wants to end it all');
    await page.locator('#preview-suggested', { hasText: 'end it all' })
        .waitFor({ timeout: 20_000 });
}

// One proposes; the same one cannot publish; another reads and publishes with one key.
async function publishes(page, url, browser) {
    await be(page, url, ONE);
    await page.goto(`${url}/admin/policy/draft`);
    await press(page, 'Alt+2');
    await page.keyboard.type('a shorter target, agreed with response');
    await press(page, 'F12');
    await page.waitForURL(/proposals\/\d+$/, { timeout: 20_000 });
    must((await page.locator('#publish').count()) === 0, 'the proposer may publish');
    const address = page.url();
    await withPage(browser, { viewport: WIDE, bypassCSP: true }, async (other) => {
        await be(other, url, TWO);
        await other.goto(`${url}/admin/policy`);
        await other.getByText('waits for a second person').waitFor();
        await other.goto(address);
        await accessible(other, 'admin-second-person');
        await press(other, 'F12');
        await other.waitForURL((at) => at.pathname === '/admin/policy', { timeout: 20_000 });
        await other.getByText('Policy 2 of').waitFor({ timeout: 20_000 });
    });
    // The one who proposed sees it without doing anything.
    await page.goto(`${url}/admin/policy`);
    await page.getByText('Policy 2 of').waitFor();
}

// A leader publishes; whoever it is for has it on every page, reads it with one key, and the leader
// sees who has.
async function briefs(page, url, browser) {
    await signOn(page, url, LEADER);
    await page.goto(`${url}/briefings`);
    await press(page, 'Alt+2');
    await page.locator('#title').fill('Rail control room has a new number');
    await page.locator('#text').fill('It is in Agencies. Ring it first, then write the time.');
    await page.locator('input[name=roles][value=dispatcher]').check();
    await page.locator('#publish button').press('Enter');
    await page.locator('#readers summary', { hasText: 'new number' }).waitFor({ timeout: 20_000 });
    await withPage(browser, { viewport: WIDE }, async (other) => {
        const faults = await watchFaults(other);
        await signOn(other, url, DISPATCHER);
        const bar = other.locator('#to-read');
        await bar.getByText('1 briefing to read').waitFor({ timeout: 20_000 });
        await bar.getByRole('link').first().press('Enter');
        await other.locator('.briefing[data-owed]').waitFor();
        await other.screenshot({ path: `${OUT}admin-briefing-to-read.png` });
        await press(other, 'Alt+1');
        await other.getByText('You have read it').waitFor({ timeout: 20_000 });
        await bar.waitFor({ state: 'hidden', timeout: 20_000 });
        must(!faults.length, faults.join('; '));
    });
    await page.locator('#readers summary', { hasText: '1 have read it' })
        .waitFor({ timeout: 40_000 });
    await page.locator('#readers summary').first().press('Enter');
    await page.getByText('VISITOR-DD, dispatcher').first().waitFor();
}

// Found with one key and a word; the number can be rung and copied; a new one is entered by form.
async function findsAgency(page, url) {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await signOn(page, url, MANAGER);
    await page.goto(`${url}/agencies`);
    await press(page, 'Alt+1');
    await page.keyboard.type('trains');
    await page.getByText('1 found', { exact: true }).waitFor({ timeout: 20_000 });
    const rung = await page.locator('.agency-list a.ring').getAttribute('href');
    must(rung === 'tel:01632960101', `rings ${rung}`);
    await page.locator('.agency-list button[data-copy]').press('Enter');
    await page.getByText('Copied: 01632 960101').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    must(copied === '01632 960101', `copied ${copied}`);
    await page.goto(`${url}/agencies`);
    await press(page, 'Alt+2');
    await page.locator('#agency-new').fill('Coastguard operations');
    await page.locator('#kind-new').fill('coastguard');
    await page.locator('#numbers-0-purpose-new').fill('operations room');
    await page.locator('#numbers-0-line-new').fill('01632 960177');
    await page.locator('#add-agency button').press('Enter');
    await page.locator('#agency-Coastguard-operations').waitFor({ timeout: 20_000 });
}

await whole(async (browser) => {
    const demo = await startDemo(process.env.CALLBOX_BIN);
    const { url } = demo;
    try {
        const fresh = (body) => withPage(browser, { viewport: WIDE, bypassCSP: true }, (page) =>
            body(page, url, browser));
        await check('admin-write-a-policy', () => withPage(browser, { viewport: WIDE }, (page) =>
            writes(page, url)));
        await check('admin-add-a-test-case', () => fresh(addsCase));
        await check('admin-briefing-is-read', () => fresh(briefs));
        await check('admin-agency-is-found', () => fresh(findsAgency));
        for (const [look, viewport, media] of LOOKS) {
            await withPage(browser, { viewport, bypassCSP: true }, async (page) => {
                await page.emulateMedia(media);
                await be(page, url, ONE);
                for (const [name, path] of [['policy', '/admin/policy'],
                    ['draft', '/admin/policy/draft'], ['briefings', '/briefings'],
                    ['agencies', '/agencies'], ['staff', '/staff'], ['roster', '/roster'],
                    ['faults', '/faults']]) {
                    await check(`axe-admin-${name}-${look}`, async () => {
                        await page.goto(url + path);
                        await accessible(page, `admin-${name}-${look}`);
                    });
                }
            });
        }
        await check('admin-a-second-person-publishes', () => fresh(publishes));
    } finally {
        await demo.stop();
    }
});
