// "What just happened", as code: each language's lines do it again, as they stand.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { DemoPage, startBrowser } from './kit/browser.js';
import { startServer } from './kit/server.js';

const run = promisify(execFile);
let server, browser, folder;
before(async () => {
  [server, browser, folder] = await Promise.all([startServer(), startBrowser(), mkdtemp(join(tmpdir(), 'page-code-'))]);
});
after(() => Promise.all([server?.stop(), browser?.close(), rm(folder, { recursive: true, force: true })]));

// Quotes of every kind, so that each language has something to escape.
const text = 'It’s "quoted" """thrice""", with a \\ and a $HOME `here`.\n';

async function happened(language) {
  const page = await DemoPage.open(await browser.newContext(), server.url);
  await page.tab.getByLabel(language, { exact: true }).check();
  await page.tab.getByLabel('you', { exact: true }).check();
  await page.tab.getByLabel('Your text').fill(text);
  await page.$('select[name=rate]').selectOption('2000');
  await page.tab.getByRole('button', { name: 'Start a stream' }).click();
  await page.statusIs('done');
  await page.$('#revision').fill('2');
  await page.until(() => document.getElementById('code-text').textContent.includes('revision 2'));
  return { page, code: await page.$('#code-text').textContent() };
}

/**
 * A second stream with the same text, made by the code alone; its output has the text from its driver, and its events.
 */
async function didItAgain(page, output) {
  const { items } = await (await server.api('')).json();
  const other = items.find((item) => item.id !== page.id && item.labels.title === items.find((mine) => mine.id === page.id)?.labels.title);
  assert.ok(other, 'it made a stream');
  assert.equal(await server.text(other.id), text);
  assert.ok(output.replaceAll('\n', '').includes(text.trim()), `the driver's words: ${output}`);
  assert.match(output, /"status":\s?"done"/);
  for (const { id } of items) await server.api(`/${id}`, { method: 'DELETE' });
}

test('curl does it again', async () => {
  const { page, code } = await happened('curl');
  const { stdout } = await run('bash', ['-euc', code]);
  await didItAgain(page, stdout);
});

test('fetch does it again', async () => {
  const { page, code } = await happened('fetch');
  await writeFile(join(folder, 'again.mjs'), code);
  const { stdout } = await run(process.execPath, [join(folder, 'again.mjs')]);
  await didItAgain(page, stdout);
});

test('C# does it again', async () => {
  const { page, code } = await happened('C#');
  await writeFile(join(folder, 'again.cs'), code);
  const { stdout } = await run('dotnet', ['run', join(folder, 'again.cs')], { cwd: folder });
  await didItAgain(page, stdout);
});

test('of a stream that another one made, and a cancellation, there is code too', async () => {
  const id = await server.create({ source: 'demo', input: { rate: 40, length: 100_000 } });
  const page = await DemoPage.open(await browser.newContext(), `${server.url}/streams/${id}`);
  await page.tab.getByRole('button', { name: 'Drive it' }).click();
  await page.hasRead(20);
  await page.$('#reason').fill("it's enough");
  await page.tab.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.statusIs('cancelled');
  await page.until(() => document.getElementById('code-text').textContent.includes('/cancel'));
  const code = await page.$('#code-text').textContent();
  assert.ok(code.includes(`id='${id}'`));
  assert.equal(code.includes('create a stream'), false);
  const { stdout } = await run('bash', ['-uc', code]);
  assert.match(stdout, /"status":"cancelled"/);
});
