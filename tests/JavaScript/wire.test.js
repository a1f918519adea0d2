// What stands below the client, by a server in memory: events out of bytes, bytes into text.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from 'event-sourced-streams';
import { ManualClock, settled } from './kit/clock.js';
import { FakeServer } from './kit/fake.js';

const encoder = new TextEncoder();

const followed = async (answer, pieces) => {
  const fetch = async () => new Response(new ReadableStream({
    start(controller) {
      for (const piece of pieces(answer)) controller.enqueue(piece);
      controller.close();
    },
  }), { headers: { 'Content-Type': 'text/event-stream; charset=utf-8' } });
  const client = createClient({ baseUrl: 'http://fake', fetch, clock: new ManualClock() });
  const events = [];
  for await (const event of client.follow('a')) events.push(event);
  return events;
};

const whole = (bytes) => [bytes];
const spread = (bytes) => Array.from(bytes, (_, i) => bytes.slice(i, i + 1));
const splitAt = (at) => (bytes) => [bytes.slice(0, at), bytes.slice(at)];

const text = 'Grüße, 世界 👋🏽\u2028\u0085 \\ "end"\r\n';
const answerOf = (lineEnd, { mark = '', comment = '' } = {}) => encoder.encode(mark + [
  comment, 'retry: 2000', '', 'id: 0', 'event: status', 'data: {"status":"pending"}', '', ':', ':comment', '', 'id:1', 'event:status', 'data:{"status":"streaming"}', '',
  'id: 2', 'event: text', `data: ${JSON.stringify({ offset: 0, text })}`, 'unknown: field', 'nonsense', '',
  'id: 3', 'event: end', 'data: {"status":"done",', 'data: "length":' + encoder.encode(text).length + '}', '', '',
].filter((line, i) => i > 0 || line).join(lineEnd));
const expected = [
  { event: 'status', status: 'pending', cursor: 0 }, { event: 'status', status: 'streaming', cursor: 1 },
  { event: 'text', offset: 0, text, cursor: 2 }, { event: 'end', status: 'done', length: encoder.encode(text).length, cursor: 3 },
];

for (const [name, lineEnd] of [['LF', '\n'], ['CRLF', '\r\n'], ['CR', '\r']]) {
  test(`events with ${name} between lines are read whole, byte by byte, and split at every byte`, async () => {
    const answer = answerOf(lineEnd, { comment: ': hello' });
    assert.deepEqual(await followed(answer, whole), expected);
    assert.deepEqual(await followed(answer, spread), expected);
    for (let at = 1; at < answer.length; at++) assert.deepEqual(await followed(answer, splitAt(at)), expected, `split at ${at}`);
  });
}

test('a byte-order mark before the first line is none of it', async () => {
  assert.deepEqual(await followed(answerOf('\n', { mark: '\ufeff' }), spread), expected);
});

test('offsets count UTF-8 bytes: pieces that overlap add only what is new', async () => {
  const pieces = ['aé', '世', '👋🏽', '\u0000', 'e\u0301', 'x'];
  const all = pieces.join('');
  const server = new FakeServer();
  const client = createClient({ baseUrl: 'http://fake', fetch: server.fetch, clock: new ManualClock() });
  // Each event begins anew at every character before it, as after a resume with another batching.
  const marks = [0];
  for (const character of all) marks.push(marks.at(-1) + encoder.encode(character).length);
  const characters = [...all];
  server.add('a', ['status', { status: 'pending' }], ['status', { status: 'streaming' }]);
  for (let to = 1; to <= characters.length; to++) {
    for (let from = 0; from < to; from++) server.add('a', ['text', { offset: marks[from], text: characters.slice(from, to).join('') }]);
  }
  server.add('a', ['end', { status: 'done', length: marks.at(-1) }]);
  let got = '';
  for await (const event of client.follow('a')) {
    if (event.event !== 'text') continue;
    assert.equal(event.offset, encoder.encode(got).length);
    got += event.text;
  }
  assert.equal(got, all);
});

test('text that is missing is read again from the beginning, and what is shown stays', async () => {
  const clock = new ManualClock();
  const server = new FakeServer().addWhole('a', ['one ', 'two ', 'three']);
  const broken = JSON.parse(JSON.stringify(server.streams.get('a')));
  broken.events.splice(3, 1);
  server.intercept = ({ path }) => {
    if (path !== '/a/events' || server.requests.length > 1) return undefined;
    return new Response(broken.events.map(({ id, event, data }) => `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join(''), { headers: { 'Content-Type': 'text/event-stream' } });
  };
  const stream = createClient({ baseUrl: 'http://fake', fetch: server.fetch, clock }).stream('a');
  const seen = [];
  const leave = stream.subscribe(() => seen.push(stream.getSnapshot().text));
  await clock.advance(5000);
  leave();
  await settled();
  assert.equal(stream.getSnapshot().text, 'one two three');
  assert.equal(stream.getSnapshot().status, 'done');
  assert.deepEqual(server.requests.map(({ query }) => query.after), [undefined, undefined]);
  for (const [i, one] of seen.entries()) assert.ok(one.startsWith(seen[i - 1] ?? ''));
  assert.equal(clock.timers, 0);
});
