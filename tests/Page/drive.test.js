import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DemoPage, startBrowser } from './kit/browser.js';
import { startServer } from './kit/server.js';

let server, browser;
before(async () => { [server, browser] = await Promise.all([startServer(), startBrowser()]); });
after(() => Promise.all([server?.stop(), browser?.close()]));

async function opened(path = '/', options = {}) {
  return DemoPage.open(await browser.newContext(options), server.url + path);
}

test('a stream is driven to its end, and driver, observer and API have the same text', async () => {
  const page = await opened();
  await page.start({ rate: '30' });

  await page.until(() => document.querySelector('#driver-text .waiting')?.textContent.length > 0);
  await page.until(() => document.querySelector('#driver-text .saved')?.textContent.length > 0);
  await page.statusIs('done');
  await page.until(() => document.getElementById('driver').dataset.state === 'ended');

  const text = await server.text(page.id);
  assert.ok(text.includes('👩‍🚀'), 'the demo holds what takes several bytes');
  assert.equal(await page.driverText(), text);
  assert.equal(await page.observerText(), text);
  assert.match(await page.$('#ending').textContent(), /^Done\./);
  assert.deepEqual(page.faults, []);
});

test('the mark goes through the text, and reaches its end', async () => {
  const page = await opened();
  await page.tab.evaluate(() => {
    window.seen = [];
    new MutationObserver(() => {
      const saved = [...document.querySelectorAll('#driver-text .saved')].map((e) => e.textContent).join('');
      const all = document.getElementById('driver-text').textContent;
      if (seen.at(-1)?.saved !== saved) seen.push({ saved, isPrefix: all.startsWith(saved), isMarked: document.querySelectorAll('.mark').length === 1 });
    }).observe(document.getElementById('driver-text'), { childList: true, subtree: true, characterData: true });
  });
  await page.start({ rate: '30' });
  await page.statusIs('done');
  await page.until(() => document.getElementById('driver').dataset.state === 'ended');

  const seen = await page.tab.evaluate(() => window.seen);
  assert.ok(seen.length > 5, `it stood at ${seen.length} places`);
  assert.ok(seen.every((at) => at.isPrefix && at.isMarked));
  assert.equal(seen.at(-1).saved, await server.text(page.id));
  assert.match(await page.$('#driver-saved').textContent(), /^All .* are saved/);
});

test('the events stand there with their revisions, without a gap', async () => {
  const page = await opened();
  await page.start({ rate: '30' });
  await page.statusIs('done');

  const rows = await page.tab.evaluate(() => [...document.querySelectorAll('#events tr')].map((row) => [row.cells[0].textContent, row.cells[1].textContent]));
  const { revision } = await (await server.api(`/${page.id}`)).json();
  let next = 0;
  for (const [at] of rows) {
    const [first, last = first] = at.split('–').map(Number);
    assert.equal(first, next);
    next = last + 1;
  }
  assert.equal(next, revision + 1);
  assert.equal(rows[0][1], 'StreamCreated');
  assert.equal(rows.at(-1)[1], 'StreamCompleted');
  await page.until(() => {
    const frame = document.querySelector('.rows').getBoundingClientRect();
    return document.querySelector('#events tr:last-child').getBoundingClientRect().bottom <= frame.bottom + 1;
  });
  assert.match(await page.$('#picture').getAttribute('aria-label'), /tokens, .* appends\. From its first token to saved/);
});

test('text of one’s own comes whole, whatever it holds', async () => {
  const page = await opened();
  const text = 'Zeile eins, ganz kurz.\n\n  zwei\t<b>&amp;</b> 日本語。👩‍👩‍👧 é ½\n';
  await page.tab.getByLabel('you', { exact: true }).check();
  await page.tab.getByLabel('Your text').fill(text);
  await page.$('select[name=rate]').selectOption('2000');
  await page.tab.getByRole('button', { name: 'Start a stream' }).click();
  await page.statusIs('done');
  await page.until(() => document.getElementById('driver').dataset.state === 'ended');

  assert.equal(await page.driverText(), text);
  assert.equal(await page.observerText(), text);
  assert.equal(await server.text(page.id), text);
});

test('a long flood of text is shown whole', async () => {
  const page = await opened();
  await page.start({ rate: '2000', length: '2500' });
  await page.statusIs('done');
  await page.until(() => document.getElementById('driver').dataset.state === 'ended');

  const text = await server.text(page.id);
  assert.equal(await page.driverText(), text);
  assert.equal(await page.observerText(), text);
});

test('a stream that fails says so, and keeps what it had', async () => {
  const page = await opened();
  await page.start({ rate: '150', fail: true });
  await page.statusIs('error');

  assert.match(await page.$('#ending').textContent(), /^Failed: The demo failed as it was asked to.*\(demo-failed\).* kept\.$/);
  await page.until(() => document.getElementById('driver').dataset.state === 'ended');
  const text = await server.text(page.id);
  assert.ok(text.length > 0 && !text.trimEnd().endsWith('.'), 'in mid-sentence');
  assert.equal(await page.driverText(), text);
});

test('every page comes with a policy that lets in nothing unsafe, and shadows nothing', async () => {
  for (const path of ['/', '/streams/any', '/docs/', '/docs', '/js/page.js']) {
    const page = await fetch(server.url + path);
    assert.equal(page.status, 200, path);
    assert.match(page.headers.get('content-security-policy'), /default-src 'self'/, path);
    assert.match(page.headers.get('content-security-policy'), /frame-ancestors 'none'/, path);
    assert.doesNotMatch(page.headers.get('content-security-policy'), /unsafe/, path);
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff', path);
    if (!path.startsWith('/js')) assert.match(page.headers.get('content-type'), /text\/html/);
  }
  for (const [path, type] of [['/openapi/v1.json', /json/], ['/health/ready', /json/], ['/v1/streams', /json/]]) {
    const other = await fetch(server.url + path);
    assert.equal(other.status, 200, path);
    assert.match(other.headers.get('content-type'), type);
    assert.match(other.headers.get('content-security-policy'), /default-src 'none'/, path);
    assert.equal(other.headers.get('x-content-type-options'), 'nosniff', path);
  }
  assert.equal((await fetch(`${server.url}/nothing-here`)).status, 404);
  assert.equal((await fetch(`${server.url}/v1/streams/x/y/z`)).headers.get('content-type'), 'application/problem+json');
});

test('nothing is asked of another host', async () => {
  const hosts = new Set();
  const context = await browser.newContext();
  context.on('request', (request) => hosts.add(new URL(request.url()).origin));
  const page = await DemoPage.open(context, server.url);
  await page.start({ rate: '2000' });
  await page.statusIs('done');
  await page.tab.goto(`${server.url}/docs/`);
  await page.tab.getByRole('heading', { name: 'Create a stream' }).first().waitFor();
  assert.deepEqual([...hosts], [server.url]);
  assert.deepEqual(page.faults, []);
});
