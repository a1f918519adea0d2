// axe-core finds nothing, on any page, in light and in dark, on a phone and on a desk. What only happens in a state is
// brought about.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findings } from './kit/axe.js';
import { DemoPage, startBrowser } from './kit/browser.js';
import { startChat, startServer } from './kit/server.js';

let server, chat, browser;
before(async () => { [server, chat, browser] = await Promise.all([startServer(), startChat(), startBrowser()]); });
after(() => Promise.all([server?.stop(), chat?.stop(), browser?.close()]));

async function done(more = {}) {
  const id = await server.create({ source: 'demo', input: { rate: 200, ...more }, labels: { title: 'A stream' } });
  await (await server.api(`/${id}/drive`, { method: 'POST', headers: { Accept: 'text/event-stream' } })).text();
  return id;
}

for (const colorScheme of ['light', 'dark']) {
  for (const width of [360, 1280]) {
    const opened = async (address) => DemoPage.open(await browser.newContext({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true }), address);
    const name = `${colorScheme}, ${width} px`;

    test(`the page, at first sight, with a stream and with a question: ${name}`, async () => {
      const page = await opened(server.url);
      await page.hasRead(40);
      assert.deepEqual(await findings(page.tab), []);
      await page.start({ rate: '150', fail: true });
      await page.hasRead(20);
      assert.deepEqual(await findings(page.tab), []);
      await page.statusIs('error');
      await page.until(() => document.querySelectorAll('#past li').length > 0);
      assert.deepEqual(await findings(page.tab), []);
      await page.$('#past button').first().click();
      await page.$('#confirm').waitFor();
      assert.deepEqual(await findings(page.tab), []);
    });

    test(`a stream’s page, now, as it was, deleted and missing: ${name}`, async () => {
      const id = await done();
      const page = await opened(`${server.url}/streams/${id}`);
      await page.statusIs('done');
      assert.deepEqual(await findings(page.tab), []);
      await page.$('#revision').fill('2');
      await page.until(() => document.getElementById('resumed-text').textContent.length > 0);
      assert.deepEqual(await findings(page.tab), []);
      await server.api(`/${id}`, { method: 'DELETE' });
      await page.tab.reload();
      await page.tab.getByRole('heading', { name: 'This stream was deleted' }).waitFor();
      assert.deepEqual(await findings(page.tab), []);
    });

    test(`the API’s description: ${name}`, async () => {
      const page = await opened(`${server.url}/docs/`);
      await page.tab.getByRole('heading', { name: 'Create a stream' }).first().waitFor();
      assert.deepEqual(await findings(page.tab), []);
    });

    test(`the sample, from the door to an answer that failed: ${name}`, async () => {
      const page = await opened(`${chat.url}/sign-in`);
      assert.deepEqual(await findings(page.tab), []);
      await page.tab.getByLabel('Your name').fill(`ada ${name}`);
      await page.tab.getByRole('button', { name: 'Sign in' }).click();
      await page.tab.getByRole('heading', { name: 'What would you like to know?' }).waitFor();
      assert.deepEqual(await findings(page.tab), []);
      for (const question of ['How do I begin?', 'Please fail.']) {
        await page.tab.getByLabel('Your message').fill(question);
        await page.tab.getByRole('button', { name: 'Send' }).click();
        await page.until((status) => document.querySelector('article:last-child')?.dataset.status === status, question === 'Please fail.' ? 'error' : 'done');
        assert.deepEqual(await findings(page.tab), []);
      }
    });
  }
}
