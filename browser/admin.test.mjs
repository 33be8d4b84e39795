// The policy, briefings and the directory of agencies, in a real browser, by keyboard.
//
//   CALLBOX_BIN=target/debug/callbox node admin.test.mjs
//
// Screenshots go to out/. Ends with 'N passed, N failed'; exit status 0 means that none failed.

import { startDemo } from './demo.mjs';
import { LOOKS, WIDE, accessible, check, must, press, watchFaults, whole, withPage }
    from './rig.mjs';

const ONE = 'Josef Nowak', TWO = 'Delyth Morgan';

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
    await toml.fill(text.replace('version = "1"', 'version = "2"')
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
    await page.locator('#preview-suggested', { hasText: 'end it all' }).waitFor({ timeout: 20_000 });
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

await whole(async (browser) => {
    const demo = await startDemo(process.env.CALLBOX_BIN);
    const { url } = demo;
    try {
        const fresh = (body) => withPage(browser, { viewport: WIDE, bypassCSP: true }, (page) =>
            body(page, url, browser));
        await check('admin-write-a-policy', () => withPage(browser, { viewport: WIDE }, (page) =>
            writes(page, url)));
        await check('admin-add-a-test-case', () => fresh(addsCase));
        for (const [look, viewport, media] of LOOKS) {
            await withPage(browser, { viewport, bypassCSP: true }, async (page) => {
                await page.emulateMedia(media);
                await be(page, url, ONE);
                for (const [name, path] of [['policy', '/admin/policy'],
                    ['draft', '/admin/policy/draft']]) {
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
