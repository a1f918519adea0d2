// The client against the real server, on Node.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createClient } from 'event-sourced-streams';
import { startProxy, startServer } from '../Page/kit/server.js';
import { watched } from './kit/watched.js';

/** Pauses are a hundredth of what they are elsewhere. */
const quick = { now: () => Date.now(), setTimeout: (run, ms) => setTimeout(run, ms < 5000 ? ms / 100 : ms), clearTimeout };

let server, client;
before(async () => {
  server = await startServer('--Streams:ClientSources:0', 'demo', '--Streams:ClientSources:1', 'upload');
  client = createClient({ baseUrl: server.url, clock: quick });
});
after(() => server?.stop());

const demo = (input, more) => client.create({ source: 'demo', input: { rate: 400, length: 60, ...input }, ...more });

/** Until the subscriber sees it. */
const until = (stream, condition) => new Promise((resolve) => {
  const look = () => {
    if (!condition(stream.getSnapshot())) return;
    leave();
    resolve(stream.getSnapshot());
  };
  const leave = stream.subscribe(look);
  look();
});

const ended = (stream) => until(stream, ({ status }) => status !== 'pending' && status !== 'streaming');

const textOf = async (events) => {
  let text = '';
  for await (const event of events) if (event.event === 'text') text += event.text;
  return text;
};

test('all calls, as the server answers them', async () => {
  const created = await client.create({ id: 'calls', source: 'demo', input: { rate: 1000, text: 'Grüße 👋🏽 an alle.' }, labels: { user: 'ann' } });
  assert.deepEqual([created.id, created.status], ['calls', 'pending']);
  let driven = '';
  let end;
  for await (const event of client.drive('calls')) {
    if (event.event === 'text') driven += event.text;
    if (event.event === 'end') end = event;
  }
  assert.deepEqual([driven, end.status], ['Grüße 👋🏽 an alle.', 'done']);
  assert.equal(await client.text('calls'), driven);
  assert.equal(await textOf(client.follow('calls')), driven);
  const view = await client.query('calls');
  assert.deepEqual([view.text, view.status, view.length], [driven, 'done', new TextEncoder().encode(driven).length]);
  assert.equal((await client.query('calls', { text: false })).text, undefined);
  assert.equal((await client.query('calls', { at: 0 })).status, 'pending');
  assert.equal((await client.cancel('calls', { reason: 'too late' })).status, 'done');
  await client.delete('calls');
  await assert.rejects(client.query('calls'), { name: 'StreamProblem', type: 'deleted', status: 410 });
  await assert.rejects(client.query('nowhere'), { type: 'unknown-stream', status: 404 });
  await assert.rejects(client.create({ id: 'a b' }), { type: 'invalid-request', field: 'id' });
});

test('a list is read over its pages, and one that is subscribed to stays current', async () => {
  const made = [];
  for (let i = 0; i < 7; i++) made.unshift((await demo({}, { labels: { list: 'pages' } })).id);
  const { listOf } = await import('event-sourced-streams');
  const list = listOf(client, { label: 'list:pages', limit: 200 });
  await new Promise((resolve) => {
    const leave = list.subscribe(() => {
      if (list.getSnapshot().items.length < 7) return;
      leave();
      resolve();
    });
  });
  const read = [];
  for await (const { id } of client.list({ label: 'list:pages', limit: 3 })) read.push(id);
  assert.deepEqual(read, made);

  let seen = 0;
  const changed = new Promise((resolve) => {
    const leave = list.subscribe(() => {
      seen++;
      if (list.getSnapshot().items[0]?.status !== 'cancelled') return;
      leave();
      resolve();
    });
  });
  await client.cancel(made[0]);
  await changed;
  assert.ok(seen < 10);
});

test('a driver has every token at once, and a follower the same text', async () => {
  const { id } = await demo();
  const driver = watched(client.stream(id));
  client.stream(id).drive();
  const follower = watched(createClient({ baseUrl: server.url }).stream(id));
  const [driven, followed] = await Promise.all([ended(driver.stream), ended(follower.stream)]);
  const text = await server.text(id);
  assert.deepEqual([driven.text, followed.text, driven.savedLength, driven.finishReason], [text, text, text.length, 'length']);
  assert.ok(driver.seen.length > follower.seen.length);
  assert.equal(driven.cursor, followed.cursor);
  await Promise.all([driver.leave(), follower.leave()]);
});

test('one of many that claim the same stream drives it, and all show it', async () => {
  const { id } = await demo();
  const clients = Array.from({ length: 8 }, () => createClient({ baseUrl: server.url }).stream(id));
  for (const one of clients) one.drive();
  const shown = await Promise.all(clients.map(ended));
  const text = await server.text(id);
  for (const one of shown) assert.deepEqual([one.text, one.status], [text, 'done']);
});

test('a connection that is cut again and again costs nothing of the text', async () => {
  const proxy = await startProxy(server.url);
  try {
    const cutting = createClient({ baseUrl: proxy.url, clock: quick });
    const streams = await Promise.all(Array.from({ length: 6 }, async (_, i) => {
      const { id } = await demo({ rate: 150, length: 300 });
      const stream = cutting.stream(id);
      const one = watched(stream);
      if (i < 2) stream.drive();
      else client.stream(id).drive();
      if (i >= 2) client.stream(id).subscribe(() => {});
      return { id, one };
    }));
    let isOver = false;
    const over = Promise.all(streams.map(({ one }) => ended(one.stream))).then(() => { isOver = true; });
    let cuts = 0;
    while (!isOver && cuts < 200) {
      const { stream } = streams[cuts % streams.length].one;
      const { length } = stream.getSnapshot().text;
      await Promise.race([over, until(stream, ({ text, status }) => text.length > length || status === 'done')]);
      proxy.cut();
      proxy.mend();
      cuts++;
    }
    await over;
    assert.ok(cuts > 3, `${cuts} cuts`);
    for (const { id, one } of streams) {
      assert.equal(one.now.text, await server.text(id));
      await one.leave();
    }
  } finally {
    await proxy.stop();
  }
});

test('many streams come over few requests', async () => {
  const ids = await Promise.all(Array.from({ length: 120 }, async () => (await demo({ rate: 200, length: 20 })).id));
  const asked = [];
  const counting = createClient({ baseUrl: server.url, fetch: (url, init) => (asked.push(url), fetch(url, init)) });
  const all = ids.map((id) => watched(counting.stream(id)));
  await until(all[119].stream, ({ cursor }) => cursor !== undefined);
  await Promise.all(ids.map((id) => textOf(client.drive(id))));
  await Promise.all(all.map((one) => ended(one.stream)));
  for (const one of all) {
    assert.deepEqual([one.now.status, one.now.text], ['done', await server.text(one.stream.id)]);
    await one.leave();
  }
  assert.ok(asked.length <= 3, `${asked.length} requests`);
});

test('where nothing can be read in pieces the text comes all the same, driven or followed', async () => {
  const whole = createClient({
    baseUrl: server.url,
    clock: quick,
    // As in React Native: the answer is there when it is complete, and has no body.
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      const bytes = await response.arrayBuffer();
      return Object.defineProperty(new Response(response.status === 204 ? null : bytes, response), 'body', { value: undefined });
    },
  });
  let steps;
  for (const length of [20, 100]) {
    const { id } = await demo({ rate: 100, length });
    const one = watched(whole.stream(id));
    whole.stream(id).drive();
    await ended(one.stream);
    assert.deepEqual([one.now.text, one.now.status], [await server.text(id), 'done']);
    await one.leave();
    steps = one.seen.length;
  }
  assert.ok(steps > 3, 'the first one told the client that it has to poll; from then on text comes bit by bit');
});

test('what was cancelled, failed or deleted says so', async () => {
  const { id } = await demo({ rate: 50, length: 10_000 });
  const one = watched(client.stream(id));
  client.stream(id).drive();
  await until(one.stream, ({ text }) => text.length > 20);
  await one.stream.cancel('Enough.');
  const cancelled = await ended(one.stream);
  assert.deepEqual([cancelled.status, cancelled.error.type], ['cancelled', 'cancelled']);
  assert.match(cancelled.error.message, /Enough/);
  assert.equal(cancelled.text, await server.text(id));

  const failing = watched(client.stream((await demo({ fail: true })).id));
  failing.stream.drive();
  assert.deepEqual([(await ended(failing.stream)).status, failing.now.error.type], ['error', 'demo-failed']);

  const { id: gone } = await demo({ rate: 50, length: 10_000 });
  const deleted = watched(createClient({ baseUrl: server.url }).stream(gone));
  client.stream(gone).subscribe(() => {});
  client.stream(gone).drive();
  await until(deleted.stream, ({ text }) => text.length > 20);
  await client.delete(gone);
  assert.equal((await ended(deleted.stream)).status, 'deleted');
  assert.ok(deleted.now.text.length > 20);
  assert.equal((await ended(createClient({ baseUrl: server.url }).stream('never-there'))).status, 'gone');
});

test('a stream of which the page has the first half goes on behind it', async () => {
  const { id } = await demo();
  await textOf(client.drive(id));
  const { revision } = await client.query(id);
  const half = await client.query(id, { at: revision - 2 });
  const asked = [];
  const fresh = createClient({ baseUrl: server.url, fetch: (url, init) => (asked.push(url), fetch(url, init)) });
  assert.equal((await ended(fresh.stream(id, { initial: half }))).text, await server.text(id));
  assert.match(asked[0], new RegExp(`after=${revision - 2}$`));
});
