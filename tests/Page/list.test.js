import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DemoPage, startBrowser } from './kit/browser.js';
import { startServer } from './kit/server.js';

let server, browser;
before(async () => { [server, browser] = await Promise.all([startServer(), startBrowser()]); });
after(() => Promise.all([server?.stop(), browser?.close()]));

const rows = (page) => page.tab.evaluate(() => [...document.querySelectorAll('#past li')].map((row) => ({
  title: row.querySelector('a').textContent,
  status: row.querySelector('.status').textContent,
  length: row.querySelector('.length').textContent,
})));

const hasRows = (page, n) => page.until((count) => document.querySelectorAll('#past li').length === count, n);

async function made(title, input, drive = true) {
  const id = await server.create({ source: 'demo', input, labels: { title } });
  if (drive) await (await server.api(`/${id}/drive`, { method: 'POST', headers: { Accept: 'text/event-stream' } })).text();
  return id;
}

test('streams stand in a list with their endings; by status; page by page; and are opened and deleted there', async () => {
  for (let i = 0; i < 14; i++) await made(`waiting ${i}`, {}, false);
  const failed = await made('that fails', { rate: 5000, fail: true });
  await made('that ends well', { rate: 5000 });
  await server.cancel(await made('unwanted', {}, false));

  const page = await DemoPage.open(await browser.newContext(), server.url);
  await page.until(() => [...document.querySelectorAll('#past .status')].slice(0, 3).map((e) => e.textContent).join() === 'cancelled,done,error');
  assert.deepEqual((await rows(page)).slice(0, 3), [
    { title: 'unwanted', status: 'cancelled', length: '0 bytes' },
    { title: 'that ends well', status: 'done', length: '596 bytes' },
    { title: 'that fails', status: 'error', length: (await rows(page))[2].length },
  ]);

  await hasRows(page, 12);
  await page.tab.getByRole('button', { name: 'Show more' }).click();
  await hasRows(page, 17);
  assert.equal(await page.$('#more').isVisible(), false);
  assert.equal(new Set((await rows(page)).map((row) => row.title)).size, 17);

  await page.$('#filter').selectOption('error');
  await hasRows(page, 1);
  await page.tab.getByRole('link', { name: 'that fails' }).click();
  await page.statusIs('error');
  assert.equal(page.id, failed);
  assert.match(await page.$('#ending').textContent(), /demo-failed/);
  assert.equal(await page.tab.getByRole('link', { name: 'that fails' }).getAttribute('aria-current'), 'true');

  await page.tab.getByRole('button', { name: 'Delete that fails' }).click();
  await page.tab.getByRole('button', { name: 'Keep it' }).click();
  await hasRows(page, 1);
  await page.tab.getByRole('button', { name: 'Delete that fails' }).click();
  await page.tab.getByRole('button', { name: 'Delete for ever' }).click();
  await hasRows(page, 0);
  assert.equal((await server.api(`/${failed}`)).status, 410);
  await page.statusIs('deleted');
  assert.match(await page.$('#past-empty').textContent(), /None/);
});

test('a search finds by title, id and label, says how many there are, and what it did not find', async () => {
  const other = await startServer();
  try {
    for (let i = 0; i < 14; i++) await other.create({ source: 'demo', labels: { title: `harvest ${i}` } });
    await other.create({ id: 'needle-in-the-id', source: 'demo' });
    await other.create({ source: 'demo', labels: { title: 'one more', place: 'Needle Street' } });
    const page = await DemoPage.open(await browser.newContext(), other.url);
    const counts = (words) => page.until((wanted) => document.getElementById('past-count').textContent === wanted, words);
    await counts('16 streams');

    await page.tab.getByRole('searchbox').fill('needle');
    await hasRows(page, 2);
    await counts('2 streams');
    await page.tab.getByRole('searchbox').fill('harvest');
    await counts('14 streams');
    await hasRows(page, 12);
    await page.tab.getByRole('button', { name: 'Show more' }).click();
    await hasRows(page, 14);
    await page.$('#filter').selectOption('done');
    await hasRows(page, 0);
    await counts('0 streams');
    assert.match(await page.$('#past-empty').textContent(), /None that is done has “harvest”/);

    await page.$('#filter').selectOption('');
    await page.tab.getByRole('searchbox').fill('');
    await counts('16 streams');
    await other.create({ source: 'demo' });
    await page.tab.getByRole('button', { name: 'Refresh' }).click();
    await counts('17 streams');
  } finally {
    await other.stop();
  }
});
