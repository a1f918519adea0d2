// Vue and Svelte in Chromium, over the same streams.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bundled, opened, startBrowser, startSite } from './kit/pages.js';

let site, browser, tab;
before(async () => {
  [site, browser] = await Promise.all([startSite({ others: await bundled('others.js', [19, 'production']) }), startBrowser()]);
  tab = await opened(browser, `${site.url}/others`);
});
after(() => Promise.all([site?.stop(), browser?.close()]));

const inPage = async (run, expected) => {
  assert.deepEqual(await tab.evaluate(run), expected);
  assert.deepEqual(tab.faults.splice(0), []);
};

test('Vue: a component drives once, shows every token, changes its id and leaves nothing behind', () => inPage(async () => {
  const { createApp, defineComponent, h, ref, vue, setUp, settled, sse } = window.kit;
  const { server, client, clock } = setUp();
  for (const id of ['a', 'b']) server.add(id, ['status', { status: 'pending' }]);
  const id = ref('a');
  const seen = [];
  const Answer = defineComponent({
    props: { id: String },
    setup(props) {
      const { text, status } = vue.useStream(() => props.id, { client, drive: true });
      return () => h('p', `${status.value}: ${text.value}`);
    },
  });
  const element = document.body.appendChild(document.createElement('div'));
  const app = createApp({ render: () => id.value !== 'none' && [h(Answer, { id: id.value }), h(Answer, { id: id.value })] });
  app.mount(element);
  const look = async () => {
    await settled();
    seen.push(element.textContent);
  };
  await look();
  server.streams.get('a').driver.send(sse({ event: 'text', data: { text: 'Hi' } }));
  await look();
  for (const next of ['b', 'a', undefined, 'a', 'none']) {
    id.value = next;
    await look();
  }
  app.unmount();
  await settled();
  element.remove();
  return { seen, drives: ['a', 'b'].map((one) => server.count('POST', `/${one}/drive`)), left: [server.open.size, clock.timers] };
}, {
  seen: ['streaming: streaming: ', 'streaming: Histreaming: Hi', 'streaming: streaming: ', 'streaming: Histreaming: Hi', 'pending: pending: ', 'streaming: Histreaming: Hi', ''],
  drives: [1, 1],
  left: [0, 0],
}));

test('Vue: a page that the server rendered is taken over as it is', () => inPage(async () => {
  const { createSSRApp, h, vue, setUp, settled } = window.kit;
  const { server, client } = setUp();
  server.addWhole('a', ['Hello ', 'world']);
  const element = document.body.appendChild(document.createElement('div'));
  element.innerHTML = '<p>Hello </p>';
  const app = createSSRApp({
    setup() {
      const { text } = vue.useStream('a', { client, initial: { text: 'Hello ', status: 'streaming', revision: 2 } });
      return () => h('p', text.value);
    },
  });
  app.mount(element);
  const first = element.textContent;
  await settled();
  const then = element.textContent;
  app.unmount();
  element.remove();
  return [first, then, server.requests[0].query.after];
}, ['Hello ', 'Hello world', '2']));

test('Svelte: a store drives once, whatever subscribes, and cancels', () => inPage(async () => {
  const { get, svelte, setUp, settled, sse } = window.kit;
  const { server, client, clock } = setUp();
  server.add('a', ['status', { status: 'pending' }]);
  server.intercept = ({ path }) => path === '/a/cancel' ? Response.json({ status: 'cancelled' }) : undefined;
  const store = svelte.streamStore('a', { client, drive: true });
  const seen = [];
  const leave = store.subscribe(({ text, status }) => seen.push(`${status}: ${text}`));
  const other = svelte.streamStore('a', { client, drive: true }).subscribe(() => {});
  await settled();
  server.streams.get('a').driver.send(sse({ event: 'text', data: { text: 'Hi' } }));
  await settled();
  const now = get(store).text;
  const { status } = await store.cancel('enough');
  leave();
  other();
  await settled();
  const none = get(svelte.streamStore(undefined)).status;
  return { seen, now, status, none, drives: server.count('POST', '/a/drive'), left: [server.open.size, clock.timers] };
}, { seen: ['pending: ', 'streaming: ', 'streaming: Hi'], now: 'Hi', status: 'cancelled', none: 'pending', drives: 1, left: [0, 0] }));

test('lists stay current in both', () => inPage(async () => {
  const { createApp, h, svelte, vue, setUp, settled } = window.kit;
  const { server, client, clock } = setUp();
  let asked = 0;
  server.intercept = ({ path, query, signal }) => {
    if (path !== '') return undefined;
    asked++;
    const answer = Response.json({ items: [{ id: 'a' }], position: 'p' });
    return query.position ? new Promise((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason)); }) : answer;
  };
  const element = document.body.appendChild(document.createElement('div'));
  const app = createApp({
    setup() {
      const list = vue.useStreams({ limit: 5 }, { client });
      return () => h('p', list.value.items.map(({ id }) => id).join());
    },
  });
  app.mount(element);
  let items;
  const leave = svelte.streamsStore({ limit: 5 }, { client }).subscribe((list) => { ({ items } = list); });
  await settled();
  const shown = [element.textContent, items.length, asked];
  app.unmount();
  leave();
  element.remove();
  await settled();
  return [...shown, clock.timers];
}, ['a', 1, 2, 0]));
