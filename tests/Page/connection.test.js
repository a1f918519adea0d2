import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DemoPage, startBrowser } from './kit/browser.js';
import { startProxy, startServer } from './kit/server.js';

let server, browser, proxy;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  proxy = await startProxy(server.url);
});
after(async () => {
  await browser?.close();
  await proxy?.stop();
  await server?.stop();
});

test('a cut connection is shown, and driver and observer go on without gap or repeat', async () => {
  const id = await server.create({ source: 'demo', input: { rate: 40, length: 500 } });
  const page = await DemoPage.open(await browser.newContext(), `${proxy.url}/?stream=${id}`);
  await page.tab.getByRole('button', { name: 'Drive it' }).click();
  await page.hasRead(80);

  proxy.cut();
  await page.until(() => document.getElementById('observer').dataset.state === 'reconnecting');
  assert.match(await page.$('#observer-state').textContent(), /reconnecting/);
  await page.until(() => document.getElementById('driver').dataset.state === 'lost');
  assert.match(await page.$('#driver-state').textContent(), /lost its connection/);
  const had = (await page.observerText()).length;

  proxy.mend();
  await page.hasRead(had + 100);
  await page.statusIs('done');

  const text = await server.text(id);
  assert.equal(await page.observerText(), text);
  assert.equal(await page.driverText(), text);
  assert.equal(await page.$('#stream-problem').isVisible(), false);
  assert.match(await page.$('#driver-saved').textContent(), /^All .* are saved/);
});

test('a server that is away when the page asks is said in words', async () => {
  const page = await DemoPage.open(await browser.newContext(), proxy.url);
  proxy.cut();
  await page.tab.getByRole('button', { name: 'Start a stream' }).click();
  await page.$('#start-problem').waitFor();
  assert.match(await page.$('#start-problem').textContent(), /cannot be reached/);
  proxy.mend();
  await page.tab.getByRole('button', { name: 'Start a stream' }).click();
  await page.statusIs('done');
});
