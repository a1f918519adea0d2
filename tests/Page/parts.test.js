// What a model says beside its text: seen as it comes, as it was, and never run.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { findings } from './kit/axe.js';
import { DemoPage, startBrowser } from './kit/browser.js';
import { sticksOut } from './kit/layout.js';
import { startServer } from './kit/server.js';

const ran = '<script>top.ran = self.ran = 1; fetch("/v1/streams?ran=1")</script>';
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="fetch('/v1/streams?ran=1')"><script>fetch('/v1/streams?ran=1')</script></svg>`;
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const evil = [
  { name: 'a.svg', type: 'image/svg+xml', text: svg },
  { name: 'a.html', type: 'text/html', text: `<!doctype html>${ran}` },
  { name: 'a.xhtml', type: 'application/xhtml+xml', text: `<html xmlns="http://www.w3.org/1999/xhtml"><head>${ran.replaceAll('"', "'")}</head></html>` },
  { name: 'a.js', type: 'text/javascript', text: 'top.ran = self.ran = 1; fetch("/v1/streams?ran=1")' },
];

let provider, server, browser;
before(async () => {
  provider = await startProvider();
  [server, browser] = await Promise.all([startServer('--OpenAI:BaseUrl', provider.url, '--OpenAI:ApiKey', 'k', '--OpenAI:Model', 'm'), startBrowser()]);
});
after(async () => {
  await Promise.all([server?.stop(), browser?.close()]);
  provider.stop();
});

async function opened(path = '/', options = {}) {
  return DemoPage.open(await browser.newContext(options), server.url + path);
}

async function done(body) {
  const id = await server.create(body);
  await (await server.api(`/${id}/drive`, { method: 'POST', headers: { Accept: 'text/event-stream' } })).text();
  return id;
}

const demo = () => done({ source: 'demo', input: { rate: 300, parts: true } });
const files = () => done({ source: 'openai', input: { messages: [{ role: 'user', content: 'Files, please.' }] } });

test('a thought, a call with its arguments and result, and a source are seen as they come, by driver and observer', async () => {
  const page = await opened();
  await page.$('input[name=parts]').check();
  await page.tab.evaluate(() => {
    window.seenOpen = new Set();
    // One that is open for a moment only, too: how it was stands in the record of the change.
    new MutationObserver((changes) => {
      if (document.getElementById('status').textContent === 'done') return;
      const were = changes.filter(({ oldValue }) => oldValue === 'open').map(({ target }) => target);
      for (const part of [...document.querySelectorAll('[data-state=open]'), ...were]) {
        for (const pane of ['driver', 'observer']) {
          if (part.matches(`#${pane}-text [data-kind=reasoning]`) && part.querySelector('.part-text')?.textContent.length > 0) window.seenOpen.add(`${pane}: a thought`);
          if (part.matches(`#${pane}-text [data-kind=tool-call] [data-kind=tool-result]`)) window.seenOpen.add(`${pane}: a result`);
        }
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['data-state'], attributeOldValue: true });
  });
  await page.start({ rate: '30' });
  await page.until(() => window.seenOpen.size === 4);
  await page.statusIs('done');

  for (const pane of ['driver', 'observer']) {
    const inPane = (selector) => page.$(`#${pane}-text ${selector}`);
    assert.equal(await inPane('[data-kind=reasoning]').evaluate((e) => e.open), false, 'a thought is folded');
    assert.match(await inPane('[data-kind=reasoning] .part-text').textContent(), /^The reader wants/);
    assert.match(await inPane('[data-kind=tool-call] > .part-text').textContent(), /^\{"text":/);
    assert.match(await inPane('[data-kind=tool-call] [data-kind=tool-result] .part-text').textContent(), /^\{"words":\d+\}$/);
    assert.equal(await inPane('[data-kind=source] a').getAttribute('href'), 'https://example.com/once-upon-a-time');
    assert.equal(await inPane('[data-state=open]').count(), 0);
  }
  await page.$('#observer-text summary').click();
  assert.ok(await page.$('#observer-text [data-kind=reasoning] .part-text').isVisible());
  assert.deepEqual(page.faults, []);
});

test('a late reader has them, and the stream as it was has those of then', async () => {
  const id = await demo();
  const page = await opened(`/streams/${id}`);
  await page.statusIs('done');
  assert.equal(await page.$('#observer-text [data-kind=tool-result][data-state=done]').count(), 1);

  await page.$('#revision').fill('3');
  await page.until(() => document.querySelector('#as-was-text [data-kind=reasoning][data-state=open]'));
  assert.equal(await page.$('#as-was-text [data-kind=tool-call]').count(), 0);
  await page.until(() => document.querySelector('#resumed-text [data-kind=tool-result][data-state=done]'));
  const { revision } = await (await server.api(`/${id}`)).json();
  await page.$('#revision').fill(`${revision}`);
  await page.until(() => document.querySelector('#as-was-text [data-kind=tool-call] [data-kind=tool-result][data-state=done]'));
  assert.match(await page.$('#as-was-text [data-kind=tool-result] .part-text').textContent(), /"words": \d+/);
  assert.deepEqual(page.faults, []);
});

for (const colorScheme of ['light', 'dark']) {
  for (const width of [320, 768, 1920]) {
    test(`nothing sticks out and axe finds nothing: ${colorScheme}, ${width} px`, async () => {
      const page = await opened(`/streams/${await demo()}`, { colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
      await page.statusIs('done');
      await page.$('#observer-text summary').click();
      assert.deepEqual(await sticksOut(page.tab), []);
      assert.deepEqual(await findings(page.tab), []);
    });
  }
}

test('a picture is shown, and no other file: SVG, HTML and scripts run nowhere, opened or within a page', async () => {
  const id = await files();
  const { content } = await (await server.api(`/${id}?parts=true`)).json();
  const shown = content.filter(({ kind }) => kind === 'file');
  assert.deepEqual(shown.map(({ mediaType }) => mediaType), ['image/png', ...evil.map(({ type }) => type)]);

  const page = await opened(`/streams/${id}`);
  const asked = [];
  page.tab.on('request', (request) => asked.push(request.url()));
  await page.statusIs('done');
  await page.until(() => document.querySelector('#observer-text .part-picture')?.naturalWidth === 1);
  assert.equal(await page.$('#observer-text .part-picture').count(), 1);
  assert.equal(await page.$('#observer-text .part-file').count(), shown.length);

  for (const { href, mediaType } of shown.slice(1)) {
    const answer = await fetch(server.url + href);
    assert.match(answer.headers.get('content-disposition'), /^attachment/, mediaType);
    // A browser that took it for a page all the same would find a sandbox in it.
    await page.tab.evaluate(async (address) => {
      const kinds = { iframe: 'src', embed: 'src', object: 'data', img: 'src', script: 'src' };
      await Promise.all(Object.entries(kinds).map(([tag, name]) => new Promise((resolve) => {
        const element = document.createElement(tag);
        element[name] = address;
        element.onload = element.onerror = resolve;
        document.body.append(element);
        setTimeout(resolve, 1500); // what is a download loads nothing, and says so nowhere
      })));
    }, href);
    const tab = await page.tab.context().newPage();
    tab.on('request', (request) => asked.push(request.url()));
    await tab.route('**/parts/*', async (route) => { // as one that would not heed what is an attachment
      const response = await route.fetch();
      const headers = { ...response.headers() };
      delete headers['content-disposition'];
      await route.fulfill({ response, headers });
    });
    await tab.goto(server.url + href).catch(() => {});
    assert.equal(await tab.evaluate(() => window.ran), undefined, mediaType);
    await tab.close();
  }
  assert.equal(await page.tab.evaluate(() => window.ran), undefined);
  assert.deepEqual(asked.filter((address) => address.includes('ran=1')), []);
});

/** Answers any question with files. */
async function startProvider() {
  const said = [{ name: 'a.png', type: 'image/png', base64: pixel }, ...evil].map(({ name, type, text, base64 = Buffer.from(text).toString('base64') }) => ({
    type: 'file', file: { filename: name, file_data: `data:${type};base64,${base64}` },
  }));
  const frames = [{ delta: { content: said } }, { delta: { content: 'Here.' } }, { delta: {}, finish_reason: 'stop' }];
  const http = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    for (const choice of frames) response.write(`data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`);
    response.end('data: [DONE]\n\n');
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  return { url: `http://127.0.0.1:${http.address().port}/v1`, stop: () => http.close() };
}
