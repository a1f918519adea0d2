// A server that asks for a key: the page asks its reader for one, and everything works with it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { findings } from './kit/axe.js';
import { DemoPage, startBrowser } from './kit/browser.js';
import { ofKeys, tryExamples } from './kit/docs.js';
import { startServer } from './kit/server.js';

const run = promisify(execFile);
const secret = 'a-secret-of-the-page-tests-and-of-nothing-else';
const hash = createHash('sha256').update(secret).digest('hex');

let server, browser;
before(async () => {
  [server, browser] = await Promise.all([
    startServer('--Auth:Keys:page:Hash', hash, '--Auth:Keys:page:Rights', 'admin', '--Auth:TokenKeys:0', 'k'.repeat(40)),
    startBrowser(),
  ]);
});
after(() => Promise.all([server?.stop(), browser?.close()]));

test('the page asks for a key, drives, follows and goes back with it, and shows it nowhere', async () => {
  const page = await DemoPage.open(await browser.newContext(), server.url);
  await page.tab.getByRole('dialog', { name: 'The server asks for a key' }).waitFor();
  assert.deepEqual(await findings(page.tab), []);
  await page.tab.getByLabel('A key or a token').fill(secret);
  await page.tab.getByRole('button', { name: 'Use it' }).click();
  await page.tab.getByText('0 streams').waitFor();

  await page.start({ rate: '2000' });
  await page.statusIs('done');
  await page.$('#revision').fill('2');
  await page.until(() => document.getElementById('resumed-text').textContent.length > 0 || document.getElementById('resumed-read').textContent.includes('Only'));
  assert.equal((await page.tab.content()).includes(secret), false);
  assert.match(await page.$('#code-note').textContent(), /STREAMS_KEY/);
  for (const [language, command] of [['curl', (code) => ['bash', ['-euc', code]]], ['fetch', (code) => [process.execPath, ['--input-type=module', '-e', code]]]]) {
    await page.tab.getByLabel(language, { exact: true }).check();
    const [program, args] = command(await page.$('#code-text').textContent());
    const { stdout } = await run(program, args, { env: { ...process.env, STREAMS_KEY: secret } });
    assert.match(stdout, /"status":\s?"done"/, language);
  }
});

test('the API’s description is tried with the key that the page was given', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await DemoPage.open(context, server.url);
  await page.tab.getByLabel('A key or a token').fill(secret);
  await page.tab.getByRole('button', { name: 'Use it' }).click();
  await page.tab.goto(`${server.url}/docs/`);
  await page.tab.getByRole('heading', { name: 'Create a stream' }).first().waitFor();
  await tryExamples(page, ofKeys);
});
