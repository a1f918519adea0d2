// A client that is generated from /openapi/v1.json: it compiles, and what it says of requests and answers is so, for
// all but server-sent events.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import createClient from 'openapi-fetch';
import type { components, paths } from './generated/api.js';

type Stream = components['schemas']['StreamView'];

const api = createClient<paths>({ baseUrl: process.env['SERVER']! });
const id = `generated-${process.pid}`;
const path = { id };

test('a stream is created, and the same again is the same', async () => {
  const body = { id, source: 'demo', input: { rate: 1000, length: 30 }, labels: { user: 'ann' }, maxDurationSeconds: 600 };
  const { data, response } = await api.POST('/v1/streams', { body });
  const again = await api.POST('/v1/streams', { body });

  assert.equal(response.status, 201);
  assert.equal(again.response.status, 200);
  const created: Stream = data!;
  assert.equal(created.id, id);
  assert.equal(created.createdAt, again.data!.createdAt);
  assert.deepEqual(created.labels, { user: 'ann' });
});

test('a driver gets the text, and a later one a typed problem', async () => {
  const { data, response } = await api.POST('/v1/streams/{id}/drive', { params: { path }, parseAs: 'text' });
  const late = await api.POST('/v1/streams/{id}/drive', { params: { path }, parseAs: 'text' });

  assert.equal(response.headers.get('x-stream-id'), id);
  assert.ok(data!.length > 0);
  const problem: components['schemas']['ProblemDocument'] = late.error!;
  assert.equal(problem.type, '/problems/stream-ended');
  assert.equal(problem.streamStatus, 'done');
});

test('a stream is queried, now and then, with and without its text', async () => {
  const now = await api.GET('/v1/streams/{id}', { params: { path, query: { units: 'utf16' } } });
  const then = await api.GET('/v1/streams/{id}', { params: { path, query: { at: '1', text: false } } });
  const none = await api.GET('/v1/streams/{id}', { params: { path: { id: 'none' } } });
  const text = await api.GET('/v1/streams/{id}/text', { params: { path }, parseAs: 'text' });

  assert.equal(now.data!.text, text.data);
  assert.equal(now.data!.chars, text.data!.length);
  assert.equal(then.data!.status, 'streaming');
  assert.equal(then.data!.text, undefined);
  assert.equal(none.error!.status, 404);
});

test('a follower gets pages until there are no more', async () => {
  let text = '';
  let after: number | undefined;
  for (let page = 0; page < 100; page++) {
    const { data, response } = await api.GET('/v1/streams/{id}/events', {
      params: { path, query: { wait: 1, ...(after === undefined ? {} : { after }) } },
      headers: { Accept: 'application/json' },
    });
    if (response.status === 204) break;
    const events = (data as components['schemas']['EventPageView']);
    for (const { event, data } of events.events) if (event === 'text' && 'text' in data) text += data.text;
    after = events.cursor ?? undefined;
  }

  assert.equal(text, (await api.GET('/v1/streams/{id}', { params: { path } })).data!.text);
});

test('streams are listed by page, and the list is waited for', async () => {
  const list = async (query: NonNullable<paths['/v1/streams']['get']['parameters']['query']>) => (await api.GET('/v1/streams', { params: { query } })).data!;
  let first = await list({ label: ['user:ann'], limit: 1, count: true, wait: 0 });
  const isListed = () => first.items.some((one) => 'status' in one && one.status === 'done');
  for (let i = 0; i < 50 && !isListed(); i++) first = await list({ label: ['user:ann'], limit: 1, count: true, wait: 1, position: first.position! });

  const [item] = first.items;
  assert.ok(item && 'status' in item);
  assert.equal(item.status, 'done');
  assert.ok(first.total! >= 1);
  assert.equal((await list({ status: 'pending', label: ['user:ann'] })).items.length, 0);
});

test('what ends and what removes a stream is typed', async () => {
  const cancelled = await api.POST('/v1/streams/{id}/cancel', { params: { path }, body: { reason: 'too late' } });
  const removed = await api.DELETE('/v1/streams/{id}', { params: { path } });
  const gone = await api.GET('/v1/streams/{id}', { params: { path } });

  assert.equal(cancelled.data!.status, 'done');
  assert.equal(removed.response.status, 204);
  assert.equal(gone.error!.type, '/problems/deleted');
});

test('a token is asked for, which a server without keys has none of', async () => {
  const { error } = await api.POST('/v1/tokens', { body: { label: 'user:ann', rights: ['read'], seconds: 60 } });

  assert.equal(error!.status, 501);
});
