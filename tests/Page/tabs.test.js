import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DemoPage, startBrowser } from './kit/browser.js';
import { startServer } from './kit/server.js';

let server, browser;
before(async () => { [server, browser] = await Promise.all([startServer(), startBrowser()]); });
after(() => Promise.all([server?.stop(), browser?.close()]));

const opened = async (path = '/') => DemoPage.open(await browser.newContext(), server.url + path);

/** By the API and the page's button, so that the pace and length are a test's own. */
async function driven(input) {
  const id = await server.create({ source: 'demo', input });
  const page = await opened(`/?stream=${id}`);
  await page.tab.getByRole('button', { name: 'Drive it' }).click();
  return page;
}

test('a reload in mid-stream goes on out of the log, to the end', async () => {
  const page = await driven({ rate: 40, length: 1000 });
  await page.hasRead(100);
  await page.tab.reload();

  await page.hasRead(100);
  assert.equal(await page.status(), 'streaming', 'it still runs: a tab that leaves does not cancel');
  assert.match(await page.$('#driver-state').textContent(), /another tab/);
  await page.statusIs('done');

  assert.equal(await page.observerText(), await server.text(page.id));
  assert.match(await page.$('#ending').textContent(), /^Done/);
  assert.equal(await page.$('#stream-problem').isVisible(), false);
});

test('a second tab joins by the address, has all from the beginning, and cancels with a reason that the first one shows', async () => {
  const first = await driven({ rate: 40, length: 100_000 });
  await first.hasRead(80);
  const second = await opened(`/?stream=${first.id}`);
  await second.hasRead(120);
  assert.ok((await second.observerText()).startsWith('Once upon a time'));

  await second.tab.getByLabel('Why (optional)').fill('seen enough');
  await second.tab.getByRole('button', { name: 'Cancel', exact: true }).click();
  await Promise.all([first.statusIs('cancelled'), second.statusIs('cancelled')]);

  assert.match(await first.$('#ending').textContent(), /^Cancelled by another tab or client: seen enough\./);
  assert.match(await second.$('#ending').textContent(), /^Cancelled by this tab: seen enough\./);
  await first.until(() => document.getElementById('driver').dataset.state === 'ended');
  const text = await server.text(first.id);
  assert.equal(await first.driverText(), text);
  assert.equal(await first.observerText(), text);
  assert.equal(await second.observerText(), text);
  assert.equal(await first.$('#cancel').isVisible(), false);
});

test('of two tabs that drive, one does, and the other follows', async () => {
  const id = await server.create({ source: 'demo', input: { rate: 60, length: 200 } });
  const pages = await Promise.all([opened(`/?stream=${id}`), opened(`/?stream=${id}`)]);
  await Promise.all(pages.map((page) => page.until(() => !document.getElementById('drive').hidden)));
  await Promise.all(pages.map((page) => page.tab.evaluate(() => document.getElementById('drive').click())));
  await Promise.all(pages.map((page) => page.statusIs('done')));

  const text = await server.text(id);
  for (const page of pages) assert.equal(await page.observerText(), text);
  const drivers = await Promise.all(pages.map((page) => page.driverText()));
  assert.deepEqual(drivers.sort(), ['', text]);
});

test('a late reader gets it all, each event with the log’s time', async () => {
  const first = await driven({ rate: 150 });
  await first.statusIs('done');
  const late = await opened(`/?stream=${first.id}`);
  await late.until(() => document.getElementById('events-note').textContent.startsWith('as the log has them'));

  assert.equal(await late.observerText(), await server.text(first.id));
  const { revision } = await (await server.api(`/${first.id}`)).json();
  const rows = await late.tab.evaluate(() => [...document.querySelectorAll('#events tr')].map((row) => row.cells[0].textContent));
  assert.deepEqual(rows, Array.from({ length: revision + 1 }, (_, i) => String(i)));
  assert.match(await late.$('#picture').getAttribute('aria-label'), /As the log has it/);
});

test('a stream that is deleted under its readers says so', async () => {
  const page = await driven({ rate: 40, length: 100_000 });
  await page.hasRead(50);
  await server.api(`/${page.id}`, { method: 'DELETE' });
  await page.statusIs('deleted');
  assert.match(await page.$('#ending').textContent(), /^Deleted\./);
});

test('an address without a stream says what is wrong, and a deleted one that it was', async () => {
  const missing = await opened('/?stream=never-made');
  await missing.$('#stream-problem').waitFor();
  assert.match(await missing.$('#stream-problem').textContent(), /There is no such stream/);

  const id = await server.create({ source: 'demo' });
  await server.api(`/${id}`, { method: 'DELETE' });
  const deleted = await opened(`/?stream=${id}`);
  await deleted.$('#stream-problem').waitFor();
  assert.match(await deleted.$('#stream-problem').textContent(), /was deleted/);
});

test('the back button goes back to the stream before', async () => {
  const page = await opened();
  await page.start({ rate: '2000' });
  await page.statusIs('done');
  const first = page.id;
  await page.start({ rate: '2000', length: '600' });
  await page.until((id) => !location.pathname.endsWith(id), first);
  await page.statusIs('done');

  await page.tab.goBack();
  await page.until((id) => document.querySelector('#stream-facts code')?.textContent === id, first);
  await page.statusIs('done');
  await page.hasRead((await server.text(first)).length);
  assert.equal(await page.observerText(), await server.text(first));
});
