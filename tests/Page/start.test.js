// The form that starts a stream: what is chosen is what is made, and the focus stays where it was.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DemoPage, startBrowser } from './kit/browser.js';
import { startServer } from './kit/server.js';

let server, browser;
before(async () => { [server, browser] = await Promise.all([startServer(), startBrowser()]); });
after(() => Promise.all([server?.stop(), browser?.close()]));

const opened = async (path = '/') => DemoPage.open(await browser.newContext(), server.url + path);
const focused = (page) => page.tab.evaluate(() => document.activeElement.id || document.activeElement.textContent || document.activeElement.tagName);

test('tokens in all are as many as were chosen', async () => {
  const page = await opened();
  for (const length of ['600', '2500']) {
    await page.tab.getByLabel('Tokens in all').selectOption(length);
    await page.tab.getByLabel('Tokens a second').selectOption('2000');
    const before = page.id;
    await page.tab.getByRole('button', { name: 'Start a stream' }).click();
    await page.until((id) => location.pathname.includes('/streams/') && !location.pathname.endsWith(id), String(before));
    await page.statusIs('done');

    const asked = await server.create({ source: 'demo', input: { rate: 100_000, length: Number(length) } });
    await (await server.api(`/${asked}/drive`, { method: 'POST' })).text();
    assert.equal(await server.text(page.id), await server.text(asked));
    assert.match(await page.$('#stream-title').textContent(), new RegExp(`: ${Number(length).toLocaleString('en')} tokens$`));
  }
});

test('streams of the demo have titles that differ', async () => {
  const page = await opened();
  const titles = new Set();
  for (let i = 0; i < 4; i++) {
    const before = page.id;
    await page.start({ rate: '2000' });
    await page.until((id) => location.pathname.includes('/streams/') && !location.pathname.endsWith(id), String(before));
    titles.add(await page.$('#stream-title').textContent());
  }
  assert.equal(titles.size, 4, [...titles].join('; '));
});

test('the focus stays where it was, after Start, Cancel and Drive it, and leaves with the reader', async () => {
  const page = await opened();
  await page.$('select[name=length]').selectOption('25000');
  await page.tab.getByRole('button', { name: 'Start a stream' }).click();
  await page.statusIs('streaming');
  assert.equal(await focused(page), 'Start a stream');

  await page.tab.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.statusIs('cancelled');
  assert.equal(await focused(page), 'Cancel');
  assert.equal(await page.tab.getByRole('button', { name: 'Cancel', exact: true }).getAttribute('aria-disabled'), 'true');
  await page.tab.keyboard.press('Tab');
  await page.until(() => document.getElementById('cancel').hidden);
  assert.notEqual(await focused(page), 'BODY');

  const waiting = await opened(`/streams/${await server.create({ source: 'demo', input: { rate: 2000 } })}`);
  await waiting.tab.getByRole('button', { name: 'Drive it' }).click();
  await waiting.statusIs('done');
  assert.equal(await focused(waiting), 'drive');
});

test('a reason that is being typed when the stream ends keeps the focus', async () => {
  const page = await opened();
  await page.start({ rate: '30' });
  await page.$('#reason').waitFor();
  await page.$('#reason').focus();
  await page.statusIs('done');
  assert.equal(await focused(page), 'reason');
});

test('a model is off without a key, and the page says what is missing', async () => {
  const page = await opened();
  assert.equal(await page.tab.getByLabel('a model', { exact: true }).isDisabled(), true);
  assert.match(await page.$('#no-model').textContent(), /OpenAI:ApiKey/);
  assert.equal(await page.tab.getByLabel('a model', { exact: true }).getAttribute('aria-describedby'), 'no-model');
});

test('a model is on with a key, but not where clients may not name it', async () => {
  for (const [settings, isOn] of [
    [['--OpenAI:ApiKey', 'sk-none'], true],
    [['--OpenAI:BaseUrl', 'http://127.0.0.1:9'], true],
    [['--OpenAI:ApiKey', 'sk-none', '--Streams:ClientSources', 'demo,upload'], false],
  ]) {
    const other = await startServer(...settings);
    try {
      const page = await DemoPage.open(await browser.newContext(), other.url);
      assert.equal(await page.tab.getByLabel('a model', { exact: true }).isEnabled(), isOn, settings.join(' '));
      assert.equal(await page.$('#no-model').isVisible(), !isOn);
      if (isOn) {
        await page.tab.getByLabel('a model', { exact: true }).check();
        assert.equal(await page.tab.getByLabel('Prompt').isVisible(), true);
      }
    } finally {
      await other.stop();
    }
  }
});
