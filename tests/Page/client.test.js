// The page is a user of the JavaScript client, as any app is.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DemoPage, startBrowser } from './kit/browser.js';
import { startServer } from './kit/server.js';

const js = join(import.meta.dirname, '../../src/Web/wwwroot/js');
let server, browser;
before(async () => { [server, browser] = await Promise.all([startServer(), startBrowser()]); });
after(() => Promise.all([server?.stop(), browser?.close()]));

const titles = (page) => page.tab.evaluate(() => [...document.querySelectorAll('#past a')].map((link) => link.textContent));

test('no module of the page follows, drives or lists streams by itself', async () => {
  const modules = (await readdir(js, { recursive: true })).filter((name) => name.endsWith('.js') && !name.endsWith('event-sourced-streams.js'));
  assert.ok(modules.length > 30);
  for (const name of modules) {
    const source = await readFile(join(js, name), 'utf8');
    if (name.startsWith('code/')) continue; // what a reader is shown to do it without the client
    assert.doesNotMatch(source, /new EventSource|getReader|TextDecoderStream|\/(events|drive|cancel)\b['"`]/, name);
  }
  const served = await (await fetch(`${server.url}/js/event-sourced-streams.js`)).text();
  assert.equal(served, await readFile(join(js, 'event-sourced-streams.js'), 'utf8'));
});

test('the list says by itself what others start, end and delete, by one request that waits', async () => {
  const first = await server.create({ source: 'demo', labels: { title: 'first' } });
  const page = await DemoPage.open(await browser.newContext(), server.url);
  await page.until(() => document.querySelectorAll('#past a').length === 1);
  const asked = [];
  page.tab.on('request', (request) => asked.push(new URL(request.url())));

  await server.create({ source: 'demo', labels: { title: 'second' } });
  await page.until(() => document.querySelectorAll('#past a').length === 2);
  assert.deepEqual(await titles(page), ['second', 'first']);
  await page.until(() => document.getElementById('past-count').textContent === '2 streams');
  await server.cancel(first);
  await page.until(() => document.querySelector('#past li:last-child .status').textContent === 'cancelled');
  await server.api(`/${first}`, { method: 'DELETE' });
  await page.until(() => document.querySelectorAll('#past a').length === 1);
  assert.ok(asked.every(({ searchParams }) => searchParams.get('wait') > 0 || searchParams.has('count')), `${asked}`);
});

test('a tab that is hidden holds no connection for its list, and is current when it is shown again', async () => {
  const page = await DemoPage.open(await browser.newContext(), server.url);
  await page.until(() => document.querySelectorAll('#past a').length > 0);
  const waiting = new Set();
  page.tab.on('request', (request) => { if (request.url().includes('wait=')) waiting.add(request); });
  for (const over of ['requestfinished', 'requestfailed']) page.tab.on(over, (request) => waiting.delete(request));
  const isHidden = (hidden) => page.tab.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  await server.create({ source: 'demo', labels: { title: 'while it is shown' } });
  await page.until(() => document.querySelector('#past a').textContent === 'while it is shown');
  const left = page.tab.waitForEvent('requestfailed', (request) => request.url().includes('wait='));
  await isHidden(true);
  await left;
  assert.equal(waiting.size, 0);

  await server.create({ source: 'demo', labels: { title: 'while it was hidden' } });
  assert.notEqual((await titles(page))[0], 'while it was hidden');
  await isHidden(false);
  await page.until(() => document.querySelector('#past a').textContent === 'while it was hidden');
});

test('where the server makes no tokens the page follows by its key, which stands in no address', async () => {
  const key = 'a-key-of-the-test';
  const hash = createHash('sha256').update(key).digest('hex');
  const other = await startServer('--Auth:Keys:page:Hash', hash, '--Auth:Keys:page:Rights', 'create,drive,read,cancel,delete,list');
  try {
    const page = await DemoPage.open(await browser.newContext(), other.url);
    const addresses = [];
    page.tab.on('request', (request) => addresses.push(request.url()));
    await page.$('dialog#key[open]').waitFor();
    await page.$('dialog#key input').fill(key);
    await page.tab.getByRole('button', { name: 'Use it' }).click();
    await page.start({ rate: '2000' });
    await page.statusIs('done');
    assert.ok(addresses.some((address) => address.includes('/events?')));
    assert.ok(addresses.every((address) => !address.includes(key)), 'the key stands in no address');
  } finally {
    await other.stop();
  }
});
