// "As it was": the slider over a stream's revisions, and resuming at one.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DemoPage, startBrowser } from './kit/browser.js';
import { startServer } from './kit/server.js';

let server, browser;
before(async () => { [server, browser] = await Promise.all([startServer(), startBrowser()]); });
after(() => Promise.all([server?.stop(), browser?.close()]));

const opened = async (path) => DemoPage.open(await browser.newContext(), server.url + path);
const slideTo = (page, revision) => page.$('#revision').fill(String(revision));
const stands = (page, revision) => page.until((r) => document.getElementById('as-was-title').textContent === `As it was at ${r}`, revision);
const then = async (id, revision) => (await server.api(`/${id}?at=${revision}`)).json();

async function driven(input) {
  const id = await server.create({ source: 'demo', input });
  await (await server.api(`/${id}/drive`, { method: 'POST' })).text();
  return id;
}

test('at every revision the text is as the API has it, and what is resumed there is the rest', async () => {
  const id = await driven({ rate: 150 });
  const all = await server.text(id);
  const { revision: last } = await (await server.api(`/${id}`)).json();
  const page = await opened(`/streams/${id}`);
  await page.statusIs('done');
  assert.equal(await page.$('#revision').getAttribute('max'), String(last));

  for (const revision of [0, 1, 2, Math.floor(last / 2), last - 1, last]) {
    await slideTo(page, revision);
    await stands(page, revision);
    const was = await then(id, revision);
    assert.equal(await page.$('#as-was-text').textContent(), was.text, `at ${revision}`);
    assert.equal(await page.$('#as-was-state').textContent(), was.status);
    await page.until((rest) => document.getElementById('resumed-text').textContent === rest, all.slice(was.text.length));
  }

  await page.tab.getByRole('button', { name: 'Now', exact: true }).click();
  assert.equal(await page.$('#as-was').isVisible(), false);
  assert.equal(await page.observerText(), all);
});

test('a revision has an address, which opens the stream as it was', async () => {
  const id = await driven({ rate: 150 });
  const page = await opened(`/streams/${id}`);
  await page.statusIs('done');
  await slideTo(page, 3);
  await page.until(() => location.search === '?at=3');

  const other = await opened(`/streams/${id}?at=3`);
  await stands(other, 3);
  assert.equal(await other.$('#as-was-text').textContent(), (await then(id, 3)).text);
  await other.tab.getByRole('button', { name: 'Now', exact: true }).click();
  await other.until(() => location.search === '');
});

test('a stream that runs can be read as it was, while it goes on', async () => {
  const id = await server.create({ source: 'demo', input: { rate: 60, length: 100_000 } });
  const page = await opened(`/streams/${id}`);
  await page.tab.getByRole('button', { name: 'Drive it' }).click();
  await page.hasRead(100);
  await slideTo(page, 2);
  await stands(page, 2);
  const was = await then(id, 2);
  assert.equal(await page.$('#as-was-text').textContent(), was.text);
  const max = await page.$('#revision').getAttribute('max');
  await page.until((n) => document.getElementById('resumed-text').textContent.length > n, 150);
  await page.until((n) => Number(document.getElementById('revision').max) > n, Number(max));

  await page.tab.getByRole('button', { name: 'Now', exact: true }).click();
  const had = (await page.driverText()).length;
  await page.until((n) => document.getElementById('driver-text').textContent.length > n, had);
  await server.cancel(id);
  await page.statusIs('cancelled');
  assert.equal(await page.observerText(), await server.text(id));
});

test('a replay goes through the past at its own pace, and ends with now', async () => {
  const id = await driven({ rate: 50 });
  const all = await server.text(id);
  const page = await opened(`/streams/${id}`);
  await page.statusIs('done');
  await page.tab.evaluate(() => {
    window.seen = [];
    new MutationObserver(() => seen.push(document.getElementById('as-was-text').textContent))
      .observe(document.getElementById('as-was-text'), { childList: true });
  });
  const begun = page.until(() => document.getElementById('panes').dataset.then === 'true'); // not for long
  await page.tab.getByRole('button', { name: 'Replay' }).click();
  await begun;
  await page.until(() => !document.getElementById('panes').dataset.then);

  const seen = await page.tab.evaluate(() => window.seen);
  assert.ok(seen.length > 5);
  assert.ok(seen.every((text, i) => all.startsWith(text) && text.length >= (seen[i - 1] ?? '').length));
  assert.equal(seen.at(-1), all);
  assert.equal(await page.$('#replay').textContent(), 'Replay');
});

test('a replay that is stopped stands there, and is resumed from there', async () => {
  const id = await driven({ rate: 20, length: 120 });
  const page = await opened(`/streams/${id}`);
  await page.statusIs('done');
  await page.tab.getByRole('button', { name: 'Replay' }).click();
  await page.until(() => Number(document.getElementById('revision').value) >= 4 && document.getElementById('as-was-text').textContent.length > 0);
  await page.tab.getByRole('button', { name: 'Stop' }).click();
  await page.until(() => document.getElementById('resumed-text').textContent.length > 0);
  assert.equal(await page.$('#as-was-text').textContent() + await page.$('#resumed-text').textContent(), await server.text(id));
});

test('by the keyboard, with a value that is said', async () => {
  const id = await driven({ rate: 150 });
  const page = await opened(`/streams/${id}`);
  await page.statusIs('done');
  await page.$('#revision').focus();
  await page.tab.keyboard.press('Home');
  await stands(page, 0);
  assert.match(await page.$('#revision').getAttribute('aria-valuetext'), /^At revision 0 of \d+: .* 0 bytes/);
  await page.tab.keyboard.press('ArrowRight');
  await stands(page, 1);
});
