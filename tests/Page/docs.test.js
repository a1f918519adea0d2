// The API's description: readable at any width, and each example works as it is.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DemoPage, startBrowser } from './kit/browser.js';
import { ofOpenServer, tryExamples } from './kit/docs.js';
import { sticksOut } from './kit/layout.js';
import { startServer } from './kit/server.js';

let server, browser;
before(async () => { [server, browser] = await Promise.all([startServer(), startBrowser()]); });
after(() => Promise.all([server?.stop(), browser?.close()]));

async function opened(options) {
  const page = await DemoPage.open(await browser.newContext(options), `${server.url}/docs/`);
  await page.tab.getByRole('heading', { name: 'Create a stream' }).first().waitFor();
  return page;
}

test('every example works as it is, in the order in which they stand, once and once more', async () => {
  for (let round = 0; round < 2; round++) {
    const page = await opened({ viewport: { width: 1280, height: 900 } });
    await tryExamples(page, ofOpenServer);
    assert.deepEqual(page.faults, []);
  }
});

test('the examples of the document are of one stream, which its creation makes', async () => {
  const document = await (await fetch(`${server.url}/openapi/v1.json`)).json();
  const body = document.paths['/v1/streams'].post.requestBody.content['application/json'].example;
  const created = await fetch(`${server.url}/v1/streams`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  assert.equal(created.status, 201);
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const operation of Object.values(methods)) {
      const id = operation.parameters?.find((p) => p.in === 'path' && p.name === 'id');
      if (path.includes('{id}')) assert.equal(id.example, body.id, path);
    }
  }
});

for (const width of [320, 360, 768, 1280, 1920]) {
  test(`nothing sticks out at ${width} pixels`, async () => {
    const page = await opened({ viewport: { width, height: 800 } });
    assert.deepEqual(await sticksOut(page.tab, '.scalar-toaster, .screenreader-only, .sr-only'), []);
  });
}

test('it wears the page’s theme, as it was chosen there', async () => {
  const page = await opened({ colorScheme: 'light' });
  const paper = () => page.tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.tab.getByRole('button', { name: 'Theme: auto' }).click();
  await page.tab.getByRole('button', { name: 'Theme: light' }).click();
  await page.until(() => document.body.classList.contains('dark-mode'));
  assert.notEqual(await paper(), light);
  await page.tab.goto(server.url);
  await page.tab.getByRole('button', { name: 'Theme: dark' }).waitFor();
});
