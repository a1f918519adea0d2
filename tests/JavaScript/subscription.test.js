// A stream as a page subscribes to it: shown once, driven once, never shorter; how it ends, and why it cannot be read.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient, StreamProblem } from 'event-sourced-streams';
import { problem, sse } from './kit/fake.js';
import { setUp, settled, watched } from './kit/watched.js';

test('many subscribers cost one request, and all see the same object', async () => {
  const { server, client, clock } = setUp();
  server.addWhole('a', ['Hello ', 'world'], null);
  const all = Array.from({ length: 30 }, () => watched(client.stream('a')));
  await settled();

  assert.equal(client.stream('a'), client.stream('a'));
  assert.equal(server.requests.length, 1);
  for (const one of all) {
    assert.equal(one.now, all[0].now);
    assert.deepEqual([one.now.text, one.now.status, one.now.savedLength, one.now.cursor], ['Hello world', 'streaming', 11, 3]);
  }
  for (const one of all) await one.leave();
  assert.equal(server.open.size, 0, 'the last one to leave ends it');
  assert.equal(clock.timers, 0);
});

test('leaving and coming back at once interrupts nothing; coming back later goes on at the cursor, with the text still there', async () => {
  const { server, client } = setUp();
  server.addWhole('a', ['one '], null);
  const first = watched(client.stream('a'));
  await settled();
  first.leave();
  const again = watched(client.stream('a'));
  await settled();
  assert.equal(server.requests.length, 1);

  await again.leave();
  server.add('a', ['text', { offset: 4, text: 'two' }]);
  const later = watched(client.stream('a'));
  assert.equal(later.now.text, 'one ');
  await settled();
  assert.equal(later.now.text, 'one two');
  assert.equal(server.requests[1].query.after, '2');
});

test('wherever an answer is cut, the text goes on behind it and comes out equal', async () => {
  const pieces = ['Grü', 'ße, ', '世界', ' 👋🏽 ', 'end'];
  const { server: measured } = setUp();
  measured.addWhole('a', pieces);
  const length = new TextEncoder().encode(measured.streams.get('a').events.map(sse).join('')).length;

  for (let at = 0; at < length; at++) {
    const { server, client, clock } = setUp();
    server.addWhole('a', pieces);
    let isFirst = true;
    server.intercept = ({ path }) => {
      if (path !== '/a/events' || !isFirst) return undefined;
      isFirst = false;
      const bytes = new TextEncoder().encode(server.streams.get('a').events.map(sse).join(''));
      let sent = false;
      // The bytes come, and then the cut: an error at once would throw away what was not read yet.
      return new Response(new ReadableStream({
        pull(controller) {
          if (sent || at === 0) return controller.error(new TypeError('cut'));
          sent = true;
          controller.enqueue(bytes.slice(0, at));
        },
      }), { headers: { 'Content-Type': 'text/event-stream' } });
    };
    const one = watched(client.stream('a'));
    await clock.advance(3000);
    assert.deepEqual([one.now.text, one.now.status], [pieces.join(''), 'done'], `cut at ${at}`);
    assert.equal(clock.timers, 0);
  }
});

test('driving is sent once, whatever mounts and unmounts meanwhile, and shows text before it is saved', async () => {
  const { server, client } = setUp();
  server.add('a', ['status', { status: 'pending' }]);
  const stream = client.stream('a');
  const first = watched(stream);
  stream.drive();
  first.leave();
  const second = watched(stream);
  stream.drive();
  stream.drive();
  await settled();
  assert.equal(server.count('POST', '/a/drive'), 1);
  assert.equal(server.requests.length, 1, 'what it drives it does not follow as well');
  assert.equal(second.now.status, 'streaming');

  const { driver } = server.streams.get('a');
  driver.send(sse({ event: 'text', data: { text: 'Hél' } }) + sse({ event: 'text', data: { text: 'lo' } }));
  await settled();
  assert.deepEqual([second.now.text, second.now.savedLength], ['Héllo', 0]);
  driver.send(sse({ event: 'saved', data: { revision: 2, length: 4 } }));
  await settled();
  assert.deepEqual([second.now.text, second.now.savedLength, second.now.cursor], ['Héllo', 3, 2]);
  driver.send(sse({ event: 'end', data: { status: 'done', revision: 3, length: 6, finishReason: 'stop', usage: { tokens: 2 } } }));
  driver.close();
  await settled();
  assert.deepEqual([second.now.status, second.now.savedLength, second.now.finishReason, second.now.usage], ['done', 5, 'stop', { tokens: 2 }]);
  stream.drive();
  await settled();
  assert.equal(server.requests.length, 1);
});

test('a driver that is cut goes on behind what is saved, and shows nothing twice', async () => {
  const { server, client, clock } = setUp();
  server.add('a', ['status', { status: 'pending' }]);
  const one = watched(client.stream('a'));
  client.stream('a').drive();
  await settled();
  const { driver } = server.streams.get('a');
  driver.send(sse({ event: 'text', data: { text: 'One. Two. Thr' } }) + sse({ event: 'saved', data: { revision: 2, length: 5 } }));
  await settled();
  driver.cut();
  server.add('a', ['text', { offset: 0, text: 'One. ' }], ['text', { offset: 5, text: 'Two. ' }], ['text', { offset: 10, text: 'Three.' }], ['end', { status: 'done', length: 16, revision: 5 }]);
  await clock.advance(3000);
  assert.deepEqual([one.now.text, one.now.status, one.now.savedLength], ['One. Two. Three.', 'done', 16]);
  assert.equal(server.count('POST', '/a/drive'), 1);
  assert.equal(server.requests.at(-1).query.after, '2');
});

test('text that the driver saw and that died with its server stays shown; what is saved of it is said', async () => {
  const { server, client, clock } = setUp();
  server.add('a', ['status', { status: 'pending' }]);
  const one = watched(client.stream('a'));
  client.stream('a').drive();
  await settled();
  const { driver } = server.streams.get('a');
  driver.send(sse({ event: 'text', data: { text: 'One. Two' } }));
  await settled();
  driver.cut();
  server.add('a', ['text', { offset: 0, text: 'One. ' }], ['end', { status: 'error', length: 5, revision: 3, error: { code: 'interrupted', message: 'The server died.' } }]);
  await clock.advance(3000);
  assert.deepEqual([one.now.text, one.now.savedLength, one.now.status, one.now.error.type, one.now.error.message], ['One. Two', 5, 'error', 'interrupted', 'The server died.']);
});

test('who loses the claim follows', async () => {
  const { server, client } = setUp();
  server.addWhole('a', ['from another tab'], null);
  const one = watched(client.stream('a'));
  client.stream('a').drive();
  await settled();
  assert.deepEqual([one.now.text, one.now.status], ['from another tab', 'streaming']);
  assert.deepEqual(server.requests.map(({ method, path }) => `${method} ${path}`), ['POST /a/drive', 'GET /a/events']);
});

test('a claim that no answer came to is sent again, because it may not have arrived', async () => {
  const { server, client, clock } = setUp();
  server.add('a', ['status', { status: 'pending' }]);
  server.intercept = ({ path }) => path === '/a/drive' && server.requests.length === 1 ? new TypeError('no network') : undefined;
  const one = watched(client.stream('a'));
  client.stream('a').drive();
  await clock.advance(2000);
  assert.equal(server.count('POST', '/a/drive'), 2);
  assert.equal(one.now.status, 'streaming');
});

test('a claim that is under way when its component unmounts is not taken back', async () => {
  const { server, client, clock } = setUp();
  server.add('a', ['status', { status: 'pending' }]);
  let answer;
  server.intercept = ({ path }) => path === '/a/drive' && !answer ? new Promise((resolve) => { answer = resolve; }) : undefined;
  const one = watched(client.stream('a'));
  client.stream('a').drive();
  await one.leave();
  assert.equal(server.requests[0].signal.aborted, false);
  answer(undefined);
  await settled();
  assert.equal(server.streams.get('a').events.length, 2, 'it runs');
  assert.equal(server.open.size, 0, 'and no connection reads it');
  assert.equal(clock.timers, 0);

  const again = watched(client.stream('a'));
  client.stream('a').drive();
  await settled();
  assert.equal(again.now.status, 'streaming');
  assert.deepEqual(server.requests.map(({ path }) => path), ['/a/drive', '/a/events']);
});

test('A, then B, then A again: one drive of each', async () => {
  const { server, client } = setUp();
  for (const id of ['a', 'b']) server.add(id, ['status', { status: 'pending' }]);
  for (const id of ['a', 'b', 'a', 'b', 'a']) {
    const one = watched(client.stream(id));
    client.stream(id).drive();
    await settled();
    if (id === 'a') server.add('a', ['text', { offset: server.streams.get('a').events.filter(({ event }) => event === 'text').length, text: 'x' }]);
    await settled();
    await one.leave();
  }
  assert.equal(server.count('POST', '/a/drive'), 1);
  assert.equal(server.count('POST', '/b/drive'), 1);
  assert.equal(client.stream('a').getSnapshot().text, 'xxx');
  assert.equal(server.open.size, 0);
});

test('endings are told apart, with their reasons', async () => {
  const endings = [
    [{ status: 'done', finishReason: 'stop' }, 'done', undefined],
    [{ status: 'error', error: { code: 'provider-error', message: 'It broke.' } }, 'error', 'provider-error'],
    [{ status: 'cancelled', error: { code: 'cancelled', message: 'Enough.', by: 'ann' } }, 'cancelled', 'cancelled'],
    [{ status: 'timeout', error: { code: 'timeout', message: 'Silence.' } }, 'timeout', 'timeout'],
    [{ status: 'deleted' }, 'deleted', undefined],
    [{ status: 'unknown', length: undefined, revision: undefined, error: { code: 'foreign-event', message: 'Another program.' } }, 'error', 'foreign-event'],
  ];
  for (const [end, status, type] of endings) {
    const { server, client, clock } = setUp();
    server.addWhole('a', ['text'], end);
    const one = watched(client.stream('a'));
    await settled();
    assert.deepEqual([one.now.status, one.now.error?.type, one.now.text], [status, type, 'text'], status);
    assert.equal(one.now.error?.by, end.error?.by);
    await clock.advance(60_000);
    assert.equal(server.requests.length, 1, 'an ending is the end');
    assert.equal(clock.timers, 0);
  }
});

test('what cannot be read says why: gone, deleted, forbidden, and whatever else is refused', async () => {
  const refusals = [[404, 'unknown-stream', 'gone'], [410, 'deleted', 'deleted'], [401, 'unauthenticated', 'forbidden'], [403, 'forbidden', 'forbidden'], [400, 'invalid-request', 'error'], [404, 'not-found', 'error']];
  for (const drives of [false, true]) {
    for (const [code, type, status] of refusals) {
      const { server, client, clock } = setUp();
      server.intercept = () => problem(code, type);
      const one = watched(client.stream('a'));
      if (drives) client.stream('a').drive();
      await clock.advance(60_000);
      assert.ok(one.now.error instanceof StreamProblem);
      assert.deepEqual([one.now.status, one.now.error.type, one.now.error.status, one.now.error.message], [status, type, code, `It is ${type}.`]);
      assert.equal(server.requests.length, 1, `${type} is not asked again`);
      assert.equal(clock.timers, 0);
      await one.leave();

      // Coming back asks once more: it may be there now.
      server.intercept = () => undefined;
      server.add('a', ['status', { status: 'pending' }]);
      const again = watched(client.stream('a'));
      if (drives) client.stream('a').drive();
      await clock.advance(100);
      assert.equal(again.now.error, undefined);
      assert.equal(again.now.status, drives ? 'streaming' : 'pending');
      assert.equal(server.count('POST', '/a/drive'), drives ? 2 : 0);
    }
  }
});

test('a stream that is deleted while it is shown keeps its text and says so', async () => {
  const { server, client } = setUp();
  server.addWhole('a', ['text'], null);
  const one = watched(client.stream('a'));
  await settled();
  for (const body of server.open) body.send('event: end\ndata: {"status":"deleted"}\n\n');
  await settled();
  assert.deepEqual([one.now.text, one.now.status], ['text', 'deleted']);
});

test('a page that was rendered with a whole stream asks nothing; one with a part goes on behind it', async () => {
  const { server, client } = setUp();
  server.addWhole('a', ['one ', 'two']);
  const whole = watched(client.stream('b', { initial: { text: 'all', status: 'done', revision: 3 } }));
  client.stream('b').drive();
  assert.deepEqual([whole.now.text, whole.now.status, whole.now.savedLength], ['all', 'done', 3]);
  const part = watched(client.stream('a', { initial: { text: 'one ', status: 'streaming', revision: 2 } }));
  assert.deepEqual([part.now.text, part.now.status], ['one ', 'streaming']);
  await settled();
  assert.deepEqual(server.requests.map(({ path, query }) => [path, query.after]), [['/a/events', '2']]);
  assert.deepEqual([part.now.text, part.now.status], ['one two', 'done']);
});

test('a page rendered up to the end, but without it, learns how the stream ended', async () => {
  const { server, client } = setUp();
  server.addWhole('a', ['one'], { status: 'timeout', error: { code: 'timeout', message: 'Silence.' } });
  const one = watched(client.stream('a', { initial: { text: 'one', status: 'streaming', revision: 3 } }));
  await settled();
  assert.deepEqual([one.now.status, one.now.error.type, one.now.text], ['timeout', 'timeout', 'one']);
});

test('cancel is a call to the server, with its reason', async () => {
  const { server, client } = setUp();
  server.intercept = ({ path }) => path === '/a/cancel' ? Response.json({ id: 'a', status: 'cancelled' }) : undefined;
  assert.equal((await client.stream('a').cancel('enough')).status, 'cancelled');
  assert.deepEqual(server.requests[0].body, { reason: 'enough' });
});

test('parts come beside the text, each by its own offsets, and one that is open at the end was cut off', async () => {
  const { server, client } = setUp({ parts: true });
  server.add('a', ['status', { status: 'pending' }], ['status', { status: 'streaming' }],
    ['part', { part: 1, kind: 'reasoning', offset: 0 }], ['part-text', { part: 1, offset: 0, text: 'Hm… ' }],
    ['part', { part: 2, kind: 'tool-call', name: 'sum', callId: 'c1', encoding: 'json', offset: 0 }], ['part-text', { part: 2, offset: 0, text: '{"a":' }],
    ['part-text', { part: 1, offset: 6, text: 'so.' }], ['part-text', { part: 1, offset: 2, text: '… so.!' }], ['part-end', { part: 1, length: 10 }],
    ['text', { offset: 0, text: 'It is 3.' }], ['part', { part: 4, kind: 'never-heard-of', offset: 8 }], ['part-end', { part: 4, length: 0, error: 'It failed.' }],
    ['end', { status: 'done', length: 8, revision: 12 }]);
  const one = watched(client.stream('a'));
  await settled();
  assert.equal(server.requests[0].query.parts, 'true');
  assert.equal(one.now.text, 'It is 3.');
  assert.deepEqual(one.now.parts.map(({ part, kind, text, state, error }) => [part, kind, text, state, error]), [
    [1, 'reasoning', 'Hm… so.!', 'done', undefined], [2, 'tool-call', '{"a":', 'cut', undefined], [4, 'never-heard-of', '', 'failed', 'It failed.'],
  ]);
});

test('a client without a base address is one of the page’s own server; one with a path takes it as it is', async () => {
  for (const [baseUrl, expected] of [[undefined, '/v1/streams/a/text'], ['http://h', 'http://h/v1/streams/a/text'], ['http://h/', 'http://h/v1/streams/a/text'], ['/api/streams', '/api/streams/a/text'], [new URL('https://h/v1/streams'), 'https://h/v1/streams/a/text']]) {
    const asked = [];
    const client = createClient({ baseUrl, fetch: async (url) => (asked.push(url), new Response('text')) });
    assert.equal(await client.text('a'), 'text');
    assert.deepEqual(asked, [expected]);
  }
});

