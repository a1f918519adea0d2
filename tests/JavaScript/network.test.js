// What a network does to a client: cuts, silence, bodies that do not come in pieces, sleep, clocks that jump, tokens
// that run out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problem } from './kit/fake.js';
import { setUp, settled, watched } from './kit/watched.js';

const running = (server, id = 'a') => server.addWhole(id, ['text'], null);
const say = (server, text, offset = 4, id = 'a') => server.add(id, ['text', { offset, text }]);

test('pauses grow with each failure, up to half a minute, each of a length by chance; something that comes makes them short again', async () => {
  const chances = [0, 0.999, 0, 0.5];
  const { server, client, clock } = setUp({ random: () => chances[server.requests.length % 4] });
  running(server);
  server.intercept = () => new TypeError('no network');
  const asked = [];
  watched(client.stream('a'));
  for (let second = 0, had = 0; second < 300; second++) {
    await clock.advance(1000);
    if (server.requests.length > had) asked.push(second);
    had = server.requests.length;
  }
  assert.ok(server.requests.length > 12 && server.requests.length < 40, `${server.requests.length} requests in five minutes`);
  const pauses = asked.slice(1).map((second, i) => second - asked[i]);
  assert.ok(Math.max(...pauses) <= 31 && Math.max(...pauses) > 20, `${pauses}`);

  server.intercept = () => undefined;
  await clock.advance(31_000);
  const had = server.requests.length;
  server.cut();
  await clock.advance(600);
  assert.equal(server.requests.length, had + 1);
});

test('a server that says when to come again is asked then, and not before', async () => {
  const { server, client, clock } = setUp();
  running(server);
  server.intercept = () => server.requests.length === 1 ? problem(503, 'busy', {}, { 'Retry-After': '7' }) : undefined;
  const one = watched(client.stream('a'));
  await clock.advance(6900);
  assert.equal(server.requests.length, 1);
  assert.equal(one.now.status, 'pending', 'a pause is no ending');
  await clock.advance(1000);
  assert.deepEqual([server.requests.length, one.now.text], [2, 'text']);
});

test('headers and tokens that are functions are asked anew at each request', async () => {
  let asked = 0;
  const { server, client, clock } = setUp({ token: async () => `token-${++asked}`, headers: () => ({ 'X-Number': `${asked}` }) });
  running(server);
  watched(client.stream('a'));
  await settled();
  server.cut();
  await clock.advance(3000);
  assert.deepEqual(server.requests.map(({ headers }) => headers.Authorization), ['Bearer token-1', 'Bearer token-2']);
  assert.deepEqual(server.requests.map(({ headers }) => headers['X-Number']), ['0', '1']);
});

test('a token that is refused is asked for anew, once', async () => {
  let token = 'old';
  const { server, client, clock } = setUp({ token: () => token });
  running(server);
  server.intercept = ({ headers }) => {
    if (headers.Authorization === 'Bearer new') return undefined;
    token = 'new';
    return problem(401, 'unauthenticated');
  };
  const one = watched(client.stream('a'));
  await settled();
  assert.deepEqual([one.now.text, server.requests.length], ['text', 2]);

  server.intercept = () => problem(401, 'unauthenticated');
  server.cut();
  await clock.advance(60_000);
  assert.deepEqual([one.now.status, server.requests.length], ['forbidden', 4]);
});

test('a function that gives a token is told when its last one was refused, so that it may keep one until then', async () => {
  let made = 0;
  let kept;
  const asked = [];
  const token = (isRefused) => {
    asked.push(isRefused);
    if (isRefused || !kept) kept = `token-${++made}`;
    return kept;
  };
  const { server, client, clock } = setUp({ token });
  running(server);
  running(server, 'b');
  let good = 'token-1';
  server.intercept = ({ headers }) => headers.Authorization === `Bearer ${good}` ? undefined : problem(401, 'unauthenticated');
  const all = [watched(client.stream('a')), watched(client.stream('b', { token }))];
  await settled();
  good = 'token-2';
  server.cut();
  await clock.advance(3000);
  assert.deepEqual(all.map((one) => one.now.text), ['text', 'text']);
  assert.equal(made, 2);
  assert.deepEqual(new Set(asked), new Set([false, true]));
});

test('a connection that falls silent is made anew, behind what has come', async () => {
  const { server, client, clock } = setUp();
  running(server);
  const one = watched(client.stream('a'));
  await clock.advance(15_000);
  for (const body of server.open) body.send(':\n\n');
  await clock.advance(15_000);
  assert.equal(server.requests.length, 1, 'a comment is a sign of life');
  await clock.advance(30_000);
  assert.deepEqual(server.requests.map(({ query }) => query.after), [undefined, '2']);
  assert.equal(server.open.size, 1);
  say(server, '!');
  await settled();
  assert.equal(one.now.text, 'text!');
});

test('where a body is not read in pieces, text comes by asking again and again', async () => {
  const { server } = setUp();
  running(server);
  const { fetch } = server;
  const whole = setUp({
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      return Object.defineProperty(response, 'body', { value: undefined });
    },
  });
  const one = watched(whole.client.stream('a'));
  await settled();
  assert.deepEqual(server.requests.slice(1).map(({ headers, query }) => [headers.Accept, query.wait, query.after]), [['application/json', '0', undefined], ['application/json', '30', '2']]);
  assert.equal(one.now.text, 'text');
  say(server, ' more');
  await settled();
  assert.equal(one.now.text, 'text more');
  server.add('a', ['end', { status: 'done', length: 9, revision: 4 }]);
  await settled();
  assert.deepEqual([one.now.status, whole.clock.timers], ['done', 0]);
});

test('behind a proxy that holds bodies back, the client polls, and the answer to its claim is not waited for', async () => {
  const { server, client, clock } = setUp();
  running(server);
  server.intercept = ({ headers, signal }) => {
    if (headers.Accept !== 'text/event-stream') return undefined;
    return new Promise((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason)); });
  };
  const one = watched(client.stream('a'));
  await clock.advance(8000);
  await clock.advance(3000);
  assert.equal(one.now.text, 'text');
  say(server, ' more');
  await settled();
  assert.equal(one.now.text, 'text more');
  assert.deepEqual(server.requests.map(({ query }) => query.wait), [undefined, '0', '30', '30'], 'the first question only finds out');

  server.add('b', ['status', { status: 'pending' }]);
  server.intercept = ({ path, headers, signal }) => {
    if (headers.Accept !== 'text/event-stream') return undefined;
    if (path === '/b/drive') server.add('b', ['status', { status: 'streaming' }], ['text', { offset: 0, text: 'mine' }]);
    return new Promise((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason)); });
  };
  const other = watched(client.stream('b'));
  client.stream('b').drive();
  await settled();
  assert.deepEqual([other.now.status, other.now.text], ['streaming', 'mine']);
  assert.equal(server.count('POST', '/b/drive'), 1);
  assert.ok(server.requests.find(({ path }) => path === '/b/drive').signal.aborted);
});

test('after a while behind a proxy that holds bodies back, streaming is tried again, by the clock, and nothing is lost or comes twice', async () => {
  const { server, client, clock } = setUp();
  running(server);
  const held = ({ headers, signal }) => headers.Accept === 'text/event-stream'
    ? new Promise((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason)); }) : undefined;
  server.intercept = held;
  const one = watched(client.stream('a'));
  const told = [];
  const reading = (async () => { for await (const { event, text, cursor } of client.follow('a')) told.push([event, text, cursor]); })();
  const streamed = () => server.requests.filter(({ headers }) => headers.Accept === 'text/event-stream').length;
  let text = 'text';
  const goOn = async (minutes) => {
    for (let minute = 0; minute < minutes; minute++) {
      say(server, `${minute} `, text.length);
      text += `${minute} `;
      for (let quarter = 0; quarter < 4; quarter++) {
        for (const body of server.open) body.send?.(':\n\n');
        await clock.advance(15_000);
      }
    }
  };

  await clock.advance(20_000);
  assert.equal(streamed(), 2, 'both found out');
  await goOn(9);
  assert.deepEqual([streamed(), one.now.text], [2, text], 'it polls');
  await goOn(4);
  assert.equal(one.now.text, text, 'the proxy is still there: it polls again');
  const tried = streamed();
  assert.ok(tried >= 4, `${tried} requests`);

  server.intercept = () => undefined;
  await goOn(12);
  assert.equal(server.open.size, 2, 'the proxy is gone: it streams');
  const polled = server.count('GET', '/a/events');
  say(server, 'end', text.length);
  text += 'end';
  await settled();
  assert.equal(one.now.text, text, 'at once');
  assert.equal(server.count('GET', '/a/events'), polled, 'without another question');
  server.add('a', ['end', { status: 'done', length: text.length, revision: server.streams.get('a').events.length }]);
  await settled();
  await reading;
  assert.equal(one.now.status, 'done');
  assert.deepEqual(told.map(([, , cursor]) => cursor), server.streams.get('a').events.map(({ id }) => id), 'each event once');
  assert.equal(told.map(([, piece = '']) => piece).join(''), text);
  assert.equal(clock.timers, 0);
});

test('a network that is away is not taken for a proxy that holds bodies back', async () => {
  const { server, client, clock } = setUp();
  running(server);
  server.intercept = ({ signal }) => new Promise((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason)); });
  const one = watched(client.stream('a'));
  await clock.advance(9000);
  server.intercept = () => undefined;
  // The question by polling hangs too, and is given up.
  await clock.advance(20_000);
  assert.equal(one.now.text, 'text');
  const polls = server.requests.filter(({ query }) => query.wait).length;
  assert.ok(polls <= 2, 'it streams again, or polls where that was answered');
});

test('a server that is busy with polls is not asked without a pause', async () => {
  const { server } = setUp();
  running(server);
  server.intercept = ({ headers }) => headers.Accept === 'application/json' ? problem(503, 'busy') : undefined;
  const whole = setUp({
    fetch: async (url, init) => Object.defineProperty(await server.fetch(url, init), 'body', { value: undefined }),
  });
  const one = watched(whole.client.stream('a'));
  await whole.clock.advance(10_000);
  assert.ok(server.requests.length < 10, `${server.requests.length} requests`);
  server.intercept = () => undefined;
  await whole.clock.advance(30_000);
  assert.equal(one.now.text, 'text');
});

test('polling is asked for, too', async () => {
  const { server, client } = setUp({ transport: 'poll' });
  server.addWhole('a', ['one ', 'two']);
  const one = watched(client.stream('a'));
  await settled();
  assert.deepEqual([one.now.text, one.now.status], ['one two', 'done']);
  assert.ok(server.requests.every(({ headers }) => headers.Accept === 'application/json'));
});

test('more streams than requests take turns where the client polls', async () => {
  const { server, client, clock } = setUp({ transport: 'poll' });
  const all = Array.from({ length: 20 }, (_, i) => {
    running(server, `s${i}`);
    return watched(client.stream(`s${i}`));
  });
  let most = 0;
  let under = 0;
  server.intercept = async () => {
    most = Math.max(most, ++under);
    await Promise.resolve();
    under--;
  };
  await clock.advance(2000);
  for (let i = 0; i < 20; i++) say(server, `!${i}`, 4, `s${i}`);
  await clock.advance(3000);
  assert.deepEqual(all.map((one) => one.now.text), all.map((_, i) => `text!${i}`));
  assert.ok(most <= 3, `${most} at one time`);
  for (const one of all) await one.leave();
  assert.equal(clock.timers, 0);
});

test('a page that slept for an hour comes back with one request a connection', async () => {
  const listening = new Map();
  const count = () => [...listening.values()].reduce((sum, all) => sum + all.size, 0);
  globalThis.addEventListener = (name, run) => { listening.set(name, (listening.get(name) ?? new Set()).add(run)); };
  globalThis.removeEventListener = (name, run) => listening.get(name)?.delete(run);
  globalThis.document = { visibilityState: 'hidden', addEventListener: globalThis.addEventListener, removeEventListener: globalThis.removeEventListener };
  try {
    const { server, client, clock } = setUp();
    const all = Array.from({ length: 150 }, (_, i) => {
      running(server, `s${i}`);
      return watched(client.stream(`s${i}`));
    });
    await settled();
    const had = server.requests.length;
    assert.equal(had, 2);
    for (const how of ['timers first', 'events first', 'a connection that was cut', 'nothing but the events']) {
      const before = server.requests.length;
      if (how === 'a connection that was cut') server.cut();
      await settled();
      document.visibilityState = 'visible';
      const events = async () => {
        for (const name of ['online', 'visibilitychange']) for (const run of [...listening.get(name)]) run();
        await settled();
      };
      if (how === 'events first' || how === 'a connection that was cut') {
        clock.jump(3_600_000);
        await events();
        await clock.sleep(0);
      } else if (how === 'timers first') {
        await clock.sleep(3_600_000);
        await events();
      } else {
        clock.jump(3_600_000);
        await events();
      }
      await clock.advance(5000);
      assert.equal(server.requests.length - before, 2, how);
      assert.equal(server.open.size, 2);
    }
    for (const { stream } of all) say(server, '!', 4, stream.id);
    await settled();
    assert.ok(all.every((one) => one.now.text === 'text!'));
    for (const one of all) await one.leave();
    assert.equal(clock.timers, 0);
    assert.equal(count(), 0, 'no listener is left');
  } finally {
    delete globalThis.addEventListener;
    delete globalThis.removeEventListener;
    delete globalThis.document;
  }
});

test('a clock that jumps, back or ahead, costs nothing', async () => {
  const { server, client, clock } = setUp();
  running(server);
  const one = watched(client.stream('a'));
  await settled();
  for (const jump of [-3_600_000, 7_200_000, -86_400_000]) {
    clock.jump(jump);
    for (let i = 0; i < 4; i++) {
      await clock.advance(14_000);
      for (const body of server.open) body.send(':\n\n');
      await settled();
    }
  }
  assert.equal(server.requests.length, 1);
  clock.jump(-3_600_000);
  await clock.advance(45_000);
  assert.equal(server.requests.length, 2, 'silence is noticed all the same');
  assert.equal(one.now.text, 'text');
});

test('an answer that is not the server’s is no ending', async () => {
  const { server, client, clock } = setUp();
  running(server);
  server.intercept = () => server.requests.length === 1 ? new Response('<p>Sign in to the train</p>', { headers: { 'Content-Type': 'text/html' } }) : undefined;
  const one = watched(client.stream('a'));
  await clock.advance(3000);
  assert.deepEqual([one.now.text, one.now.status], ['text', 'streaming']);
});

test('a cursor that the server does not know of begins anew, without a gap or a repeat', async () => {
  const { server, client, clock } = setUp();
  running(server);
  server.intercept = ({ query }) => query.after ? problem(400, 'cursor-past-end') : undefined;
  const one = watched(client.stream('a'));
  await settled();
  server.cut();
  await settled();
  say(server, '!');
  await clock.advance(10_000);
  assert.deepEqual([one.now.text, one.now.status], ['text!', 'streaming']);
});

test('a call without an answer is a problem, too', async () => {
  const { server, client } = setUp();
  server.intercept = () => new TypeError('fetch failed');
  await assert.rejects(client.query('a'), { name: 'StreamProblem', type: 'unreachable', status: 0 });
  server.intercept = () => new Response('not json');
  await assert.rejects(client.query('a'), { name: 'StreamProblem', type: 'unexpected-answer' });
  const leaving = new AbortController();
  server.intercept = ({ signal }) => new Promise((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason)); });
  const asked = client.query('a', { signal: leaving.signal });
  leaving.abort(new Error('I left.'));
  await assert.rejects(asked, /I left/);
});
