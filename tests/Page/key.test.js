import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { DemoPage, startBrowser } from './kit/browser.js';
import { startServer } from './kit/server.js';

const key = 'a-key-of-the-test';

let server, browser;
before(async () => {
  const hash = createHash('sha256').update(key).digest('hex');
  [server, browser] = await Promise.all([
    startServer('--Auth:Keys:page:Hash', hash, '--Auth:Keys:page:Rights', 'create,drive,read,cancel,delete,list', '--Auth:TokenKeys:0', 'k'.repeat(40)),
    startBrowser(),
  ]);
});
after(() => Promise.all([server?.stop(), browser?.close()]));

const opened = async (path = '/') => DemoPage.open(await browser.newContext(), server.url + path);

async function give(page, secret) {
  await page.$('dialog#key[open]').waitFor();
  await page.$('dialog#key input').fill(secret);
  await page.tab.getByRole('button', { name: 'Use it' }).click();
}

test('the page asks for the key that the server asks for, and drives and follows with it', async () => {
  const page = await opened();
  const addresses = [];
  page.tab.on('request', (request) => addresses.push(request.url()));
  await give(page, key);

  await page.start({ rate: '150' });
  await page.statusIs('done');
  await page.until(() => document.getElementById('driver').dataset.state === 'ended');

  assert.equal(await page.observerText(), await page.driverText());
  assert.ok((await page.driverText()).length > 100);
  assert.ok(addresses.some((address) => /\/events\?token=/.test(address)), 'it follows by a token');
  assert.ok(addresses.every((address) => !address.includes(key)), 'the key stands in no address');
  await page.tab.reload();
  await page.statusIs('done');
});

test('a key that is not good is asked for again, and going on without says what is missing', async () => {
  const page = await opened();
  await give(page, 'not-the-key');
  await page.$('#key-change').waitFor();
  await page.start();
  await page.$('dialog#key[open]').waitFor();
  await page.tab.getByRole('button', { name: 'Go on without' }).click();

  await page.until(() => document.getElementById('start-problem').textContent.includes('not known'));
  await page.$('#key-change').click();
  await give(page, key);
  await page.$('dialog#key').waitFor({ state: 'hidden' });
});
