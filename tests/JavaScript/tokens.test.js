// A server with keys: tokens of two seconds, asked for anew while a stream is read.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createClient } from 'event-sourced-streams';
import { startServer } from '../Page/kit/server.js';
import { watched } from './kit/watched.js';

const key = 'a-key-of-the-test';
let server, owner;
before(async () => {
  const hash = createHash('sha256').update(key).digest('hex');
  const rights = 'create,drive,read,cancel,delete,list';
  server = await startServer('--Auth:Keys:page:Hash', hash, '--Auth:Keys:page:Rights', rights, '--Auth:TokenKeys:0', 'k'.repeat(40));
  owner = createClient({ baseUrl: server.url, token: key });
});
after(() => server?.stop());

const demo = async () => (await owner.create({ source: 'demo', input: { rate: 60, length: 400 } })).id;

/** As an app's own server makes them. */
async function tokenOf(id, seconds) {
  const response = await fetch(`${server.url}/v1/streams/${id}/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
    body: JSON.stringify({ rights: ['read'], seconds }),
  });
  return (await response.json()).token;
}

const ended = (stream) => new Promise((resolve) => {
  const leave = stream.subscribe(() => {
    const snapshot = stream.getSnapshot();
    if (['pending', 'streaming'].includes(snapshot.status)) return;
    leave();
    resolve(snapshot);
  });
});

test('streams that are read by tokens that run out meanwhile come whole, alone or several together', async () => {
  for (const count of [1, 3]) {
    const ids = await Promise.all(Array.from({ length: count }, demo));
    const client = createClient({ baseUrl: server.url });
    let made = 0;
    const all = ids.map((id) => watched(client.stream(id, {
      token: () => {
        made++;
        return tokenOf(id, 2);
      },
    })));
    const drives = ids.map(async (id) => {
      let text = '';
      for await (const event of owner.drive(id)) if (event.event === 'text') text += event.text;
      return text;
    });
    const shown = await Promise.all(all.map(({ stream }) => ended(stream)));
    const driven = await Promise.all(drives);
    assert.deepEqual(shown.map(({ text, status }) => [text, status]), driven.map((text) => [text, 'done']));
    assert.ok(made > count, `${made} tokens for ${count}`);
  }
});

test('without a token, or with one that is not good any more, a stream is forbidden', async () => {
  const id = await demo();
  const none = await ended(createClient({ baseUrl: server.url }).stream(id));
  assert.deepEqual([none.status, none.error.type], ['forbidden', 'unauthenticated']);
  const wrong = await ended(createClient({ baseUrl: server.url, token: 'not-a-token' }).stream(id));
  assert.deepEqual([wrong.status, wrong.error.type], ['forbidden', 'unauthenticated']);
  await assert.rejects(createClient({ baseUrl: server.url, token: await tokenOf(id, 60) }).cancel(id), { type: 'forbidden', status: 403 });
});
