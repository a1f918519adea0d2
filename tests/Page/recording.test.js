// What is there to be seen before a stream is.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { DemoPage, startBrowser } from './kit/browser.js';
import { startServer } from './kit/server.js';

let server, browser, recording;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  recording = JSON.parse(await readFile(new URL('../../src/Web/wwwroot/recording.json', import.meta.url), 'utf8'));
});
after(() => Promise.all([server?.stop(), browser?.close()]));

const opened = async (options = {}) => DemoPage.open(await browser.newContext(options), server.url);
const textOf = (to) => recording.frames.filter((f) => f.to === to && f.event === 'text').map((f) => f.data.text).join('');

test('at first sight a recorded stream plays by itself, word by word and batch by batch, and nothing is created', async () => {
  const page = await opened();
  await page.until(() => document.querySelector('#driver-text .saved')?.textContent.length > 20);
  const early = await page.driverText();
  await page.hasRead(60);
  await page.until((n) => document.getElementById('driver-text').textContent.length > n, early.length);

  assert.ok(textOf('driver').startsWith(early));
  assert.match(await page.$('#stream-facts').textContent(), /recording/);
  assert.equal(await page.$('#record').isVisible(), true);
  await page.until((all) => document.getElementById('observer-text').textContent === all, textOf('observer'));
  assert.equal(await page.driverText(), textOf('driver'));
  assert.equal((await (await server.api('')).json()).items.length, 0);
  assert.deepEqual(page.faults, []);
});

test('the recording is one of the server’s own: driver and observer had the same text, to the end', () => {
  assert.equal(textOf('driver'), textOf('observer'));
  assert.equal(recording.frames.filter((f) => f.event === 'end' && f.data.status === 'done').length, 2);
  assert.ok(recording.frames.every((f, i) => i === 0 || f.at >= recording.frames[i - 1].at));
});

test('it makes room for a stream that is started, and comes back with the address', async () => {
  const page = await opened();
  await page.hasRead(20);
  await page.start({ rate: '2000' });
  await page.statusIs('done');
  const text = await server.text(page.id);
  await page.until((all) => document.getElementById('driver-text').textContent === all, text);
  assert.equal(await page.$('#pause').isVisible(), false);

  await page.tab.goBack();
  await page.until(() => document.getElementById('stream-facts').textContent.includes('recording'));
  await page.hasRead(20);
  assert.equal(await page.$('#pause').isVisible(), true);
});

test('it pauses where it is told to, and goes on from there', async () => {
  const page = await opened();
  await page.hasRead(30);
  await page.tab.getByRole('button', { name: 'Pause', exact: true }).click();
  const stood = await page.driverText();
  await page.tab.evaluate(() => new Promise((resolve) => { let n = 30; const frame = () => (n-- > 0 ? requestAnimationFrame(frame) : resolve()); frame(); }));
  assert.equal(await page.driverText(), stood);
  await page.tab.getByRole('button', { name: 'Play', exact: true }).click();
  await page.until((n) => document.getElementById('driver-text').textContent.length > n, stood.length);
  assert.ok((await page.driverText()).startsWith(stood));
});

test('a reader who wants no motion is shown its end, and plays it if they like', async () => {
  const page = await opened({ reducedMotion: 'reduce' });
  await page.until((all) => document.getElementById('observer-text').textContent === all, textOf('observer'));
  assert.equal(await page.driverText(), textOf('driver'));
  assert.equal(await page.$('#pause').textContent(), 'Play');
  await page.tab.getByRole('button', { name: 'Play', exact: true }).click();
  await page.until((n) => document.getElementById('driver-text').textContent.length < n, textOf('driver').length);
});

test('its past can be gone to as any stream’s', async () => {
  const page = await opened({ reducedMotion: 'reduce' });
  await page.until(() => Number(document.getElementById('revision').max) > 5);
  await page.$('#revision').focus();
  for (let i = 0; i < 5; i++) await page.tab.keyboard.press('ArrowLeft');
  await page.until(() => document.getElementById('resumed-text').textContent.length > 0);
  const [was, rest] = [await page.$('#as-was-text').textContent(), await page.$('#resumed-text').textContent()];
  assert.equal(was + rest, textOf('observer'));
});
