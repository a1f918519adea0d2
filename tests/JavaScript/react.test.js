// The hooks in Chromium, on React 18 and 19, development and production, nearly all under StrictMode.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bundled, opened, reacts, startBrowser, startSite } from './kit/pages.js';

let site, browser, tabs;
before(async () => {
  const scripts = Object.fromEntries(await Promise.all(reacts.map(async (react) => [react.join('-'), await bundled('react.js', react)])));
  [site, browser] = await Promise.all([startSite(scripts), startBrowser()]);
  tabs = await Promise.all(reacts.map(async (react) => [react.join(' '), await opened(browser, `${site.url}/${react.join('-')}`)]));
});
after(() => Promise.all([site?.stop(), browser?.close()]));

/** What the function returns in a page is the same in each. */
async function everywhere(run, expected) {
  for (const [name, tab] of tabs) {
    assert.deepEqual(await tab.evaluate(run), expected, `React ${name}`);
    assert.deepEqual(tab.faults.splice(0), [], `React ${name} complains`);
  }
}

test('the Reacts are those that they should be', async () => {
  for (const [name, tab] of tabs) assert.equal((await tab.evaluate(() => window.kit.React.version)).split('.')[0], name.split(' ')[0]);
});

test('a component that mounts driven drives once under StrictMode, and shows every token', () => everywhere(async () => {
  const { h, Shown, mounted, setUp, settled, sse } = window.kit;
  const { server, client, clock } = setUp();
  server.add('a', ['status', { status: 'pending' }]);
  const page = mounted(h(Shown, { id: 'a', client, drive: true }));
  await settled();
  const seen = [page.text];
  const { driver } = server.streams.get('a');
  for (const data of [{ text: 'Hel' }, { text: 'lo' }]) {
    driver.send(sse({ event: 'text', data }));
    await settled();
    seen.push(page.text);
  }
  driver.send(sse({ event: 'end', data: { status: 'done', revision: 3, length: 5 } }));
  driver.close();
  await settled();
  seen.push(page.text);
  await page.unmount();
  return { seen, requests: server.requests.map(({ method, path }) => `${method} ${path}`), open: server.open.size, timers: clock.timers };
}, { seen: ['streaming: ', 'streaming: Hel', 'streaming: Hello', 'done: Hello'], requests: ['POST /a/drive'], open: 0, timers: 0 }));

test('options that are new objects at each render, and renders at each token, change nothing', () => everywhere(async () => {
  const { h, useStream, mounted, setUp, settled, sse } = window.kit;
  const { server, client } = setUp();
  server.add('a', ['status', { status: 'pending' }]);
  let renders = 0;
  const Inline = ({ n }) => {
    renders++;
    return useStream('a', { client, drive: n >= 0, initial: { text: '', status: 'pending' }, token: () => 'token' }).text;
  };
  const page = mounted(h(Inline, { n: 0 }));
  await settled();
  const { driver } = server.streams.get('a');
  for (let n = 1; n <= 20; n++) {
    driver.send(sse({ event: 'text', data: { text: 'x' } }));
    await page.render(h(Inline, { n }));
  }
  const result = { text: page.text, requests: server.requests.length, token: server.requests[0].headers.Authorization };
  await page.unmount();
  return { ...result, isRenderedSparingly: renders < 200 };
}, { text: 'x'.repeat(20), requests: 1, token: 'Bearer token', isRenderedSparingly: true }));

test('A, then B, then A: one drive of each, and each with its own text', () => everywhere(async () => {
  const { h, Shown, mounted, setUp, settled, sse } = window.kit;
  const { server, client, clock } = setUp();
  for (const id of ['a', 'b']) server.add(id, ['status', { status: 'pending' }]);
  const page = mounted(h(Shown, { id: 'a', client, drive: true }));
  await settled();
  server.streams.get('a').driver.send(sse({ event: 'text', data: { text: 'of a' } }));
  await settled();
  const seen = [page.text];
  for (const id of ['b', 'a', 'b', 'a']) {
    await page.render(h(Shown, { id, client, drive: true }));
    seen.push(page.text);
  }
  server.add('a', ['text', { offset: 0, text: 'of a and more' }]);
  await settled();
  seen.push(page.text);
  await page.unmount();
  return { seen, drives: ['a', 'b'].map((id) => server.count('POST', `/${id}/drive`)), open: server.open.size, timers: clock.timers };
}, { seen: ['streaming: of a', 'streaming: ', 'streaming: of a', 'streaming: ', 'streaming: of a', 'streaming: of a and more'], drives: [1, 1], open: 0, timers: 0 }));

test('unmounting in mid-stream and mounting again goes on, and drives no second time', () => everywhere(async () => {
  const { h, Shown, mounted, setUp, settled, sse } = window.kit;
  const { server, client, clock } = setUp();
  server.add('a', ['status', { status: 'pending' }]);
  const first = mounted(h(Shown, { id: 'a', client, drive: true }));
  await settled();
  server.streams.get('a').driver.send(sse({ event: 'text', data: { text: 'Hello' } }));
  await settled();
  await first.unmount();
  const left = { open: server.open.size, timers: clock.timers };
  server.add('a', ['text', { offset: 0, text: 'Hello world' }], ['end', { status: 'done', length: 11, revision: 3 }]);
  const second = mounted(h(Shown, { id: 'a', client, drive: true }));
  const atOnce = second.text;
  await settled();
  const then = second.text;
  await second.unmount();
  return { left, atOnce, then, drives: server.count('POST', '/a/drive') };
}, { left: { open: 0, timers: 0 }, atOnce: 'streaming: Hello', then: 'done: Hello world', drives: 1 }));

test('without an id nothing is asked; it may come later, and drive may', () => everywhere(async () => {
  const { h, Shown, mounted, setUp, settled } = window.kit;
  const { server, client } = setUp();
  server.add('a', ['status', { status: 'pending' }]);
  const page = mounted(h(Shown, { id: undefined, client, drive: true }));
  await settled();
  const seen = [page.text, server.requests.length];
  await page.render(h(Shown, { id: 'a', client }));
  seen.push(page.text, server.count('POST', '/a/drive'));
  await page.render(h(Shown, { id: 'a', client, drive: true }));
  seen.push(page.text, server.count('POST', '/a/drive'));
  await page.render(h(Shown, { id: 'a', client, drive: false }));
  seen.push(page.text);
  await page.unmount();
  return seen;
}, ['pending: ', 0, 'pending: ', 0, 'streaming: ', 1, 'streaming: ']));

test('a page that the server rendered is taken over as it is, without a complaint', () => everywhere(async () => {
  const { h, Shown, mounted, renderToString, setUp, settled, React } = window.kit;
  const { server, client } = setUp();
  server.addWhole('a', ['Hello ', 'world']);
  const App = () => h(Shown, { id: 'a', client, initial: { id: 'a', text: 'Hello ', status: 'streaming', revision: 2 } });
  const html = renderToString(h(React.StrictMode, null, h(App)));
  const asked = server.requests.length;
  const page = mounted(h(App), { hydrate: html });
  const first = page.text;
  await settled();
  const then = page.text;
  await page.unmount();
  return { html, asked, first, then, after: server.requests[0].query.after };
}, { html: '<p>streaming: Hello </p>', asked: 0, first: 'streaming: Hello ', then: 'done: Hello world', after: '2' }));

test('three components of each of 200 streams are 200 subscriptions over two connections, and none is left after them', () => everywhere(async () => {
  const { h, Shown, mounted, setUp, settled, StreamsProvider } = window.kit;
  const { server, client, clock } = setUp();
  const ids = Array.from({ length: 200 }, (_, i) => `s${i}`);
  for (const id of ids) server.addWhole(id, ['text'], null);
  const page = mounted(h(StreamsProvider, { client }, ids.flatMap((id) => [0, 1, 2].map((i) => h(Shown, { key: `${id} ${i}`, id })))));
  await settled();
  for (const id of ids) server.add(id, ['text', { offset: 4, text: '!' }]);
  await settled();
  const isShown = [...page.container.children].every((one) => one.textContent === 'streaming: text!');
  const had = [page.container.children.length, server.requests.length, server.open.size];
  await page.unmount();
  return { isShown, had, left: [server.open.size, clock.timers] };
}, { isShown: true, had: [600, 2, 2], left: [0, 0] }));

test('what ends otherwise than well says how, and cancel reaches the server', () => everywhere(async () => {
  const { h, useStream, mounted, setUp, settled } = window.kit;
  const { server, client } = setUp();
  server.addWhole('a', ['text'], { status: 'timeout', error: { code: 'timeout', message: 'Silence.' } });
  server.intercept = ({ path }) => path === '/a/cancel' ? Response.json({ id: 'a', status: 'timeout' }) : undefined;
  let last;
  const One = () => {
    last = useStream('a', { client });
    return last.status;
  };
  const page = mounted(h(One));
  await settled();
  const { status } = await last.cancel('enough');
  const result = { text: page.text, error: last.error.type, cancelled: status, body: server.requests.at(-1).body };
  await page.unmount();
  return result;
}, { text: 'timeout', error: 'timeout', cancelled: 'timeout', body: { reason: 'enough' } }));

test('a list stays current, and is asked for once, whatever its components’ queries are made of', () => everywhere(async () => {
  const { h, useStreams, mounted, setUp, settled, React } = window.kit;
  const { server, client, clock } = setUp();
  let items = [{ id: 'a', status: 'pending' }];
  let change = () => {};
  const asked = [];
  server.intercept = ({ path, query, signal }) => {
    if (path !== '') return undefined;
    asked.push(query);
    const answer = () => Response.json({ items, position: `p${items.length}` });
    if (!query.position || query.position !== `p${items.length}`) return answer();
    return new Promise((resolve, reject) => {
      change = () => resolve(answer());
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  };
  const List = () => useStreams({ label: 'user:ann', limit: 5 }, { client }).items.map(({ id }) => id).join(' ');
  const page = mounted(h(React.Fragment, null, h(List), ' | ', h(List)));
  await settled();
  const seen = [page.text];
  items = [{ id: 'b', status: 'pending' }, ...items];
  change();
  await settled();
  seen.push(page.text);
  await page.unmount();
  return { seen, asked, timers: clock.timers };
}, {
  seen: ['a | a', 'b a | b a'],
  asked: [{ label: 'user:ann', limit: '5', wait: '30' }, { label: 'user:ann', limit: '5', wait: '30', position: 'p1' }, { label: 'user:ann', limit: '5', wait: '30', position: 'p2' }],
  timers: 0,
}));

test('no text is lost between a render and its subscription, whoever else subscribes', () => everywhere(async () => {
  const { h, Shown, mounted, setUp, settled } = window.kit;
  const { server, client } = setUp();
  server.addWhole('a', ['one '], null);
  const outside = client.stream('a').subscribe(() => {});
  await settled();
  const page = mounted(h(Shown, { id: 'a', client }), { strict: false });
  server.add('a', ['text', { offset: 4, text: 'two' }]);
  await settled();
  const result = page.text;
  await page.unmount();
  outside();
  return { result, requests: server.requests.length };
}, { result: 'streaming: one two', requests: 1 }));
