// Many streams over few connections.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problem } from './kit/fake.js';
import { setUp, settled, watched } from './kit/watched.js';

const running = (server, id) => server.addWhole(id, ['text'], null);
const ids = (count) => Array.from({ length: count }, (_, i) => `s${i}`);

test('two hundred streams with three subscribers each come over two connections, and go on at their own cursors after a cut', async () => {
  const { server, client, clock } = setUp();
  const all = ids(200).flatMap((id) => {
    running(server, id);
    return [0, 1, 2].map(() => watched(client.stream(id)));
  });
  await settled();
  assert.deepEqual(server.requests.map(({ path, body }) => [path, body.streams.length]), [['/-/follow', 100], ['/-/follow', 100]]);
  assert.deepEqual(server.requests[0].body.streams[0], { id: 's0' });
  for (const one of all) assert.equal(one.now.text, 'text');

  server.add('s7', ['text', { offset: 4, text: '!' }]);
  await settled();
  assert.equal(client.stream('s7').getSnapshot().text, 'text!');
  server.cut();
  await clock.advance(3000);
  assert.equal(server.requests.length, 4);
  assert.deepEqual(server.requests[2].body.streams.slice(6, 9), [{ id: 's6', after: 2 }, { id: 's7', after: 3 }, { id: 's8', after: 2 }]);

  for (const id of ids(200)) server.add(id, ['end', { status: 'done', length: id === 's7' ? 5 : 4 }]);
  await settled();
  for (const one of all) assert.equal(one.now.status, 'done');
  assert.equal(server.open.size, 0);
  assert.equal(clock.timers, 0);
});

test('a thousand streams take turns on three connections, each at its own cursor, and all come to their ends', async () => {
  const { server, client, clock } = setUp();
  const all = ids(1000).map((id) => {
    running(server, id);
    return watched(client.stream(id));
  });
  await settled();
  assert.equal(server.open.size, 3);
  assert.ok(server.requests.every(({ body }) => body.streams.length <= 100));
  await clock.advance(5000);
  assert.ok(all.every((one) => one.now.text === 'text'));
  assert.ok(server.open.size <= 3 && server.requests.length <= 3 * 7, `${server.requests.length} requests`);
  for (const id of ids(1000)) server.add(id, ['text', { offset: 4, text: '!' }], ['end', { status: 'done', length: 5 }]);
  await clock.advance(10_000);
  assert.ok(all.every((one) => one.now.text === 'text!' && one.now.status === 'done'));
  for (const one of all) await one.leave();
  assert.deepEqual([server.open.size, clock.timers], [0, 0]);
});

test('a stream that comes later finds a place without a connection of its own, once there are three', async () => {
  const { server, client, clock } = setUp();
  for (const id of ids(10)) {
    running(server, id);
    watched(client.stream(id));
    await settled();
  }
  assert.equal(server.open.size, 3);
  assert.equal(server.requests.length, 3, 'the later ones gather');
  await clock.advance(100);
  assert.equal(server.open.size, 3);
  assert.ok(server.requests.length <= 6);
  for (const id of ids(10)) assert.equal(client.stream(id).getSnapshot().text, 'text');
});

test('one of several that is refused, has ended or is unknown takes no other with it', async () => {
  const { server, client, clock } = setUp();
  running(server, 'lives');
  server.addWhole('ended', ['all']);
  const all = Object.fromEntries(['lives', 'nowhere', 'ended'].map((id) => [id, watched(client.stream(id, id === 'ended' ? { initial: { text: 'all', status: 'streaming', revision: 3 } } : {}))]));
  await settled();
  assert.equal(server.count('POST', '/-/follow'), 1);
  assert.deepEqual([all.lives.now.text, all.lives.now.status], ['text', 'streaming']);
  assert.deepEqual([all.nowhere.now.status, all.nowhere.now.error.type], ['gone', 'unknown-stream']);
  assert.deepEqual([all.ended.now.status, all.ended.now.text], ['done', 'all']);
  await clock.advance(5000);
  assert.equal(server.requests.length, 2, 'only how the ended one ended was asked for');
});

/** The first answer to a request for several refuses some of them, and stays open. */
const refuses = (server, said) => {
  server.intercept = ({ path }) => {
    if (path !== '/-/follow' || server.count('POST', '/-/follow') > 1) return undefined;
    const start = (controller) => {
      for (const data of said) controller.enqueue(new TextEncoder().encode(`event: error\ndata: ${JSON.stringify(data)}\n\n`));
    };
    return new Response(new ReadableStream({ start }), { headers: { 'Content-Type': 'text/event-stream' } });
  };
};

test('one of several that is busy is asked for again when the server said', async () => {
  const { server, client, clock } = setUp();
  for (const id of ['a', 'b']) running(server, id);
  refuses(server, [{ stream: 'a', problem: { type: '/problems/busy', status: 503, title: 'Busy' }, retryAfterSeconds: 5 }]);
  const all = ['a', 'b'].map((id) => watched(client.stream(id)));
  await clock.advance(4900);
  assert.equal(server.requests.length, 1);
  await clock.advance(200);
  assert.deepEqual(all.map((one) => one.now.text), ['text', 'text']);
  for (const one of all) await one.leave();
  assert.equal(clock.timers, 0);
});

test('one of several whose token has run out is asked for with another, once', async () => {
  let token = 0;
  const { server, client, clock } = setUp();
  for (const id of ['a', 'b']) running(server, id);
  refuses(server, [{ stream: 'b', problem: { type: '/problems/unauthenticated', status: 401, title: 'Run out' } }]);
  const all = [watched(client.stream('a')), watched(client.stream('b', { token: () => `token-${++token}` }))];
  await clock.advance(1);
  assert.deepEqual(server.requests.map(({ body }) => body.streams.map((one) => one.token)), [[undefined, 'token-1'], [undefined, 'token-2']]);
  assert.deepEqual(all.map((one) => one.now.text), ['text', 'text']);
  for (const one of all) await one.leave();
  assert.equal(clock.timers, 0);
});

test('a request for several that is refused as a whole is asked again later, or for each', async () => {
  const { server, client, clock } = setUp();
  for (const id of ['a', 'b']) running(server, id);
  server.intercept = ({ path }) => path === '/-/follow' ? problem(503, 'busy', {}, { 'Retry-After': '1' }) : undefined;
  const all = ['a', 'b'].map((id) => watched(client.stream(id)));
  await clock.advance(10_000);
  assert.equal(all[0].now.status, 'pending');
  server.intercept = () => undefined;
  await clock.advance(31_000);
  assert.deepEqual(all.map((one) => one.now.text), ['text', 'text']);
  for (const one of all) await one.leave();

  const refused = setUp();
  refused.server.intercept = () => problem(401, 'unauthenticated');
  const both = ['a', 'b'].map((id) => watched(refused.client.stream(id)));
  await refused.clock.advance(60_000);
  assert.deepEqual(both.map((one) => one.now.status), ['forbidden', 'forbidden']);
  assert.equal(refused.clock.timers, 0);
});

test('one of several whose request is malformed takes no other with it', async () => {
  const { server, client, clock } = setUp();
  running(server, 'a');
  server.intercept = ({ path, body }) => {
    const isBad = path === '/-/follow' ? body.streams.some(({ id }) => id === 'b d') : path.startsWith('/b%20d');
    return isBad ? problem(400, 'invalid-request', { field: 'id' }) : undefined;
  };
  const [good, bad] = ['a', 'b d'].map((id) => watched(client.stream(id)));
  await clock.advance(5000);
  assert.deepEqual([bad.now.status, bad.now.error.field], ['error', 'id']);
  assert.deepEqual([good.now.status, good.now.text], ['streaming', 'text']);
});

test('streams that nobody looks at any more are not read on', async () => {
  const { server, client, clock } = setUp();
  const all = ids(100).map((id) => {
    running(server, id);
    return watched(client.stream(id));
  });
  await settled();
  for (const one of all.slice(0, 60)) await one.leave();
  await settled();
  assert.equal(server.open.size, 1);
  assert.ok(server.requests.at(-1).body.streams.length < 60);
  for (const one of all.slice(60)) await one.leave();
  assert.equal(server.open.size, 0);
  assert.equal(clock.timers, 0);
});

test('no more than two drivers are read at one time; what is driven beyond them is followed', async () => {
  const { server, client } = setUp();
  const all = ids(6).map((id) => {
    server.add(id, ['status', { status: 'pending' }]);
    const one = watched(client.stream(id));
    client.stream(id).drive();
    return one;
  });
  await settled();
  assert.equal(server.requests.filter(({ path }) => path.endsWith('/drive')).length, 6);
  assert.ok(server.open.size <= 5, `${server.open.size} are open`);
  for (const id of ids(6)) server.add(id, ['text', { offset: 0, text: 'x' }], ['end', { status: 'done', length: 1 }]);
  await settled();
  assert.equal(all.filter((one) => one.now.status === 'done').length, 4);
});

test('iterators share the connections with subscriptions', async () => {
  const { server, client } = setUp();
  for (const id of ids(50)) running(server, id);
  const read = ids(50).map(async (id) => {
    const got = [];
    for await (const event of client.follow(id)) got.push(event.event);
    return got;
  });
  await settled();
  assert.equal(server.open.size, 1);
  for (const id of ids(50)) server.add(id, ['end', { status: 'done', length: 4 }]);
  for (const got of await Promise.all(read)) assert.deepEqual(got, ['status', 'status', 'text', 'end']);
});

test('any number of iterators of one stream each have all of it, beside other streams', async () => {
  const { server, client } = setUp();
  server.addWhole('a', ['one ', 'two'], null);
  for (let i = 0; i < 4; i++) server.addWhole(`s${i}`, ['text'], null);
  const others = Array.from({ length: 4 }, (_, i) => watched(client.stream(`s${i}`)));
  const told = Array.from({ length: 6 }, () => '');
  const read = async (i) => {
    for await (const event of client.follow('a')) if (event.event === 'text') told[i] += event.text;
  };
  const reading = [read(0), read(1)];
  await settled();
  reading.push(...[2, 3, 4, 5].map(read));
  const shown = watched(client.stream('a'));
  await settled();
  server.add('a', ['text', { offset: 7, text: '!' }], ['end', { status: 'done', length: 8, revision: 5 }]);
  await settled();
  await Promise.all(reading);
  assert.deepEqual([...told, shown.now.text], Array(7).fill('one two!'));
  assert.deepEqual(others.map((one) => one.now.text), Array(4).fill('text'));
  for (const one of others) await one.leave();
  assert.equal(server.open.size, 0);
});

test('an iterator begins behind its cursor, ends when its caller leaves, and throws what the server refuses', async () => {
  const { server, client, clock } = setUp();
  server.addWhole('a', ['one ', 'two ', 'three']);
  const got = [];
  for await (const event of client.follow('a', { after: 2 })) got.push(event.text ?? event.event);
  assert.deepEqual(got, ['two ', 'three', 'end']);
  for await (const event of client.follow('a', { after: 5 })) assert.fail(`nothing comes behind the end, but ${event.event}`);
  await assert.rejects(async () => { for await (const event of client.follow('nowhere')) assert.fail(event.event); }, { type: 'unknown-stream' });

  running(server, 'b');
  for await (const event of client.follow('b')) if (event.event === 'text') break;
  const leaving = new AbortController();
  await assert.rejects(async () => {
    for await (const event of client.follow('b', { signal: leaving.signal })) if (event.event === 'text') leaving.abort(new Error('I left.'));
  }, /I left/);
  await settled();
  assert.equal(server.open.size, 0);
  assert.equal(clock.timers, 0);
});
