// A stream's own page: its address, what it shows of one that is there, was there, or never was.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DemoPage, startBrowser } from './kit/browser.js';
import { startServer } from './kit/server.js';

let server, browser;
before(async () => { [server, browser] = await Promise.all([startServer(), startBrowser()]); });
after(() => Promise.all([server?.stop(), browser?.close()]));

const opened = async (path) => DemoPage.open(await browser.newContext(), server.url + path);

async function done(more = {}) {
  const id = await server.create({ source: 'demo', input: { rate: 5000 }, ...more });
  await (await server.api(`/${id}/drive`, { method: 'POST' })).text();
  return id;
}

test('a stream has a page of its own, with its title and its text', async () => {
  const id = await done({ labels: { title: 'A walk <b>along</b> the river' } });
  const page = await opened(`/streams/${id}`);
  await page.statusIs('done');
  assert.equal(page.id, id);
  assert.equal(await page.$('#stream-title').textContent(), 'A walk <b>along</b> the river');
  assert.equal(await page.tab.title(), 'A walk <b>along</b> the river · EventSourcedStreams');
  assert.equal(await page.observerText(), await server.text(id));
  assert.equal(await page.$('#start').isVisible(), false, 'it begins with the stream');
  await page.tab.getByRole('link', { name: 'Start a stream' }).click();
  await page.tab.getByRole('button', { name: 'Start a stream' }).waitFor();
  assert.deepEqual(page.faults, []);
});

test('an id that needs encoding, and an address from before, lead to the same page', async () => {
  const id = await done({ id: 'with.a~dot_and-all' });
  const page = await opened(`/?stream=${id}`);
  await page.statusIs('done');
  assert.equal(page.id, id);
  assert.equal(new URL(page.tab.url()).search, '');
});

test('a stream that was deleted says so, with no empty panes and nothing to do to it', async () => {
  const id = await done();
  await server.api(`/${id}`, { method: 'DELETE' });
  const page = await opened(`/streams/${id}`);
  await page.tab.getByRole('heading', { name: 'This stream was deleted' }).waitFor();
  assert.match(await page.$('#stream-facts').textContent(), new RegExp(id));
  for (const part of ['#panes', '#record', '#stream-tools', '#travel']) assert.equal(await page.$(part).isVisible(), false, part);
});

test('a stream that never was says so', async () => {
  const page = await opened('/streams/never-made');
  await page.tab.getByRole('heading', { name: 'There is no such stream' }).waitFor();
  assert.equal(await page.$('#panes').isVisible(), false);
});

test('a stream that is deleted while it is in view says so, whether it ran or had ended', async () => {
  const running = await server.create({ source: 'demo', input: { rate: 40, length: 100_000 } });
  const page = await opened(`/streams/${running}`);
  await page.tab.getByRole('button', { name: 'Drive it' }).click();
  await page.hasRead(50);
  await server.api(`/${running}`, { method: 'DELETE' });
  await page.statusIs('deleted');
  assert.match(await page.$('#ending').textContent(), /^Deleted\./);
  assert.equal(await page.$('#travel').isVisible(), false, 'it has no past any more');

  const ended = await done();
  const other = await opened(`/streams/${ended}`);
  await other.statusIs('done');
  await server.api(`/${ended}`, { method: 'DELETE' });
  await other.statusIs('deleted');
});

test('the foot has the version and the links, and they lead somewhere', async () => {
  const page = await opened('/streams/never-made');
  assert.match(await page.$('#version').textContent(), /^\d+\.\d+\.\d+/);
  const links = await page.tab.evaluate(() => [...document.querySelectorAll('.bottom a, .top a')].map((a) => a.href));
  assert.ok(links.length >= 5);
  for (const link of new Set(links)) assert.equal((await fetch(link)).status, 200, link);
});
