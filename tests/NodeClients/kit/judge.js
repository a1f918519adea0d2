// What both clients have to find: they differ in names only, and see the same log.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { startServer } from './server.js';

export function judge(name, library) {
  const { ANY, BACKWARDS, END, ErrorType, NO_STREAM, START, STREAM_EXISTS } = library;
  const { eventTypeFilter, excludeSystemEvents, expecting, jsonEvent, streamNameFilter } = library;
  const credentials = { username: 'anybody', password: 'is not asked' };

  describe(name, { timeout: 600_000 }, () => {
    let server, client;

    before(async () => {
      server = await startServer();
      client = library.connect(server.grpc);
    });

    after(async () => {
      await client.dispose();
      await server.stop();
    });

    // With credentials the client calls Append, without it calls BatchAppend where the server says that it has it.
    for (const [how, options] of [['BatchAppend', {}], ['Append', { credentials }]]) {
      describe(how, () => {
        test('appends at each expectation, and reads both ways', async () => {
          const stream = newStream();
          const first = await append(stream, events(3), NO_STREAM, options);
          assert.equal(first.success, true);
          assert.equal(first.nextExpectedRevision, 2n);
          assert.equal((await append(stream, events(1), 2n, options)).nextExpectedRevision, 3n);
          assert.equal((await append(stream, events(1), ANY, options)).nextExpectedRevision, 4n);
          const last = await append(stream, events(1), STREAM_EXISTS, options);
          assert.equal(last.nextExpectedRevision, 5n);
          assert.ok(last.position.commit > first.position.commit);

          assert.deepEqual(await revisions(stream), [0n, 1n, 2n, 3n, 4n, 5n]);
          assert.deepEqual(await revisions(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 2 }), [5n, 4n]);
          assert.deepEqual(await revisions(stream, { fromRevision: 4n }), [4n, 5n]);
        });

        test('gives back what was appended', async () => {
          const stream = newStream();
          const sent = jsonEvent({ id: randomUUID(), type: 'größe', data: { text: 'æ🙂\u0000' }, metadata: { by: 'me' } });
          const bytes = library.binaryEvent({ id: randomUUID(), type: 'bytes', data: Uint8Array.from([0, 255, 1]) });
          await append(stream, [sent, bytes], NO_STREAM, options);

          const [json, binary] = await all(client.readStream(stream));
          assert.deepEqual(
            [json.event.id, json.event.type, json.event.data, json.event.metadata, json.event.isJson, json.event.streamId],
            [sent.id, 'größe', sent.data, sent.metadata, true, stream]);
          assert.deepEqual([...binary.event.data], [0, 255, 1]);
          assert.equal(binary.event.isJson, false);
          assert.ok(Math.abs(Date.now() - new Date(json.event.created).getTime()) < 60_000);
        });

        test('conflicts, and knows an append that it has', async () => {
          const stream = newStream();
          const sent = events(2);
          const first = await append(stream, sent, NO_STREAM, options);
          await rejects(() => append(stream, events(1), NO_STREAM, options), ErrorType.WRONG_EXPECTED_VERSION);
          await rejects(() => append(stream, events(1), 0n, options), ErrorType.WRONG_EXPECTED_VERSION);
          await rejects(() => append(newStream(), events(1), STREAM_EXISTS, options), ErrorType.WRONG_EXPECTED_VERSION);

          const again = await append(stream, sent, NO_STREAM, options);
          assert.deepEqual([again.nextExpectedRevision, again.position], [1n, first.position]);
          assert.equal((await append(stream, sent, ANY, options)).nextExpectedRevision, 1n);
          assert.equal((await revisions(stream)).length, 2);
        });

        test('refuses what is too large', async () => {
          const large = jsonEvent({ type: 'large', data: { text: 'x'.repeat(1_100_000) } });
          await rejects(() => append(newStream(), [large], ANY, options), ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED);
        });
      });
    }

    test('many appends at once keep each stream in order', async () => {
      const streams = Array.from({ length: 20 }, newStream);
      await Promise.all(streams.flatMap((stream) => Array.from({ length: 10 }, (_, i) => append(stream, [event(i)], ANY))));
      for (const stream of streams) {
        const read = await all(client.readStream(stream));
        assert.deepEqual(read.map(({ event: { data } }) => data.n), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      }
    });

    test('a stream that is not there is not found', async () => {
      await rejects(() => all(client.readStream(newStream())), ErrorType.STREAM_NOT_FOUND);
    });

    test('reads everything both ways, by position and by filter', async () => {
      const stream = newStream();
      await append(stream, events(3), NO_STREAM);
      const backward = await all(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1000 }));
      const forward = await all(client.readAll({ fromPosition: START, maxCount: 1000 }));
      const positions = forward.map((read) => read.event.position.commit);
      assert.deepEqual(positions, [...positions].sort((a, b) => (a < b ? -1 : 1)));
      const common = backward.map((read) => read.event.id).filter((id) => forward.some((read) => read.event.id === id));
      assert.deepEqual(common.toReversed(), forward.map((read) => read.event.id).slice(0, common.length));

      const mine = forward.filter((read) => read.event.streamId === stream);
      const from = await all(client.readAll({ fromPosition: mine[1].event.position, maxCount: 1 }));
      assert.equal(from[0].event.id, mine[1].event.id);
      if (!library.filtersReads) return;
      const filtered = await all(client.readAll({ fromPosition: START, filter: streamNameFilter({ prefixes: [stream] }) }));
      assert.deepEqual(filtered.map((read) => read.event.revision), [0n, 1n, 2n]);
    });

    test('a subscription to a stream gives what is there, catches up, and gives what comes', async () => {
      const stream = newStream();
      await append(stream, events(2), NO_STREAM);
      const subscription = client.subscribeToStream(stream, { fromRevision: START });
      const caughtUp = once(subscription, 'caughtUp');
      const seen = follow(subscription);
      await caughtUp;
      assert.equal(seen.length, 2);
      await append(stream, events(2), 1n);
      await seen.until((now) => now.length === 4);
      assert.deepEqual(seen.map((read) => read.event.revision), [0n, 1n, 2n, 3n]);
      await subscription.unsubscribe();

      const resumed = client.subscribeToStream(stream, { fromRevision: 2n });
      const rest = follow(resumed);
      await rest.until((now) => now.length === 1);
      assert.equal(rest[0].event.revision, 3n);
      await resumed.unsubscribe();
    });

    test('a subscription to everything by type has checkpoints, from which another goes on', async () => {
      const [type, noise] = [`counted-${randomUUID()}`, `noise-${randomUUID()}`];
      const filter = eventTypeFilter({ prefixes: [type], checkpointInterval: 1, maxSearchWindow: 10, async checkpointReached(_, position) { checkpoint = position; } });
      let checkpoint;
      const subscription = client.subscribeToAll({ fromPosition: END, filter });
      const caughtUp = once(subscription, 'caughtUp');
      const seen = follow(subscription);
      await caughtUp;
      const stream = newStream();
      await append(stream, events(3, type), NO_STREAM);
      await append(stream, events(40, noise), ANY);
      await seen.until((now) => now.length === 3 && checkpoint);
      assert.deepEqual(seen.map((read) => read.event.data.n), [0, 1, 2]);
      await subscription.unsubscribe();
      assert.ok(checkpoint.commit > seen[2].event.position.commit);

      await append(stream, events(2, type), ANY);
      const resumed = client.subscribeToAll({ fromPosition: checkpoint, filter: eventTypeFilter({ regex: `^${type}$` }) });
      const rest = follow(resumed);
      await rest.until((now) => now.length === 2);
      assert.deepEqual(rest.map((read) => read.event.revision), [43n, 44n]);
      await resumed.unsubscribe();
    });

    test('a subscription to everything without system events has no metadata', async () => {
      const stream = newStream();
      const subscription = client.subscribeToAll({ fromPosition: END, filter: excludeSystemEvents() });
      const caughtUp = once(subscription, 'caughtUp');
      const seen = follow(subscription);
      await caughtUp;
      await client.setStreamMetadata(stream, { maxCount: 5 });
      await append(stream, events(1), NO_STREAM);
      await seen.until((now) => now.some((read) => read.event.streamId === stream));
      assert.ok(seen.every((read) => !read.event.type.startsWith('$')));
      await subscription.unsubscribe();
    });

    test('a deleted stream is not found, and goes on with its revisions', async () => {
      const stream = newStream();
      await append(stream, events(2), NO_STREAM);
      await client.deleteStream(stream, { expectedRevision: 1n });
      await rejects(() => all(client.readStream(stream)), ErrorType.STREAM_NOT_FOUND);
      assert.equal((await append(stream, events(1), NO_STREAM)).nextExpectedRevision, 2n);
      assert.deepEqual(await revisions(stream), [2n]);
      await rejects(() => client.deleteStream(stream, { expectedRevision: 9n }), ErrorType.WRONG_EXPECTED_VERSION);
    });

    test('a tombstone is for ever', async () => {
      const stream = newStream();
      await append(stream, events(1), NO_STREAM);
      const subscription = client.subscribeToStream(stream, { fromRevision: END });
      const caughtUp = once(subscription, 'caughtUp');
      const ended = new Promise((resolve) => { subscription.on('error', resolve); });
      subscription.on('data', () => {});
      await caughtUp;
      await client.tombstoneStream(stream, { expectedRevision: 0n });
      assert.equal((await ended).type, ErrorType.STREAM_DELETED);
      await rejects(() => all(client.readStream(stream)), ErrorType.STREAM_DELETED);
      await rejects(() => append(stream, events(1), ANY), ErrorType.STREAM_DELETED);
      await rejects(() => append(stream, events(1), ANY, { credentials }), ErrorType.STREAM_DELETED);
    });

    test('metadata limits what is read', async () => {
      const stream = newStream();
      await append(stream, events(5), NO_STREAM);
      await client.setStreamMetadata(stream, { maxCount: 2, mine: 'too' });
      const { metadata } = await client.getStreamMetadata(stream);
      assert.deepEqual([metadata.maxCount, metadata.mine], [2, 'too']);
      assert.deepEqual(await revisions(stream), [3n, 4n]);
      await client.setStreamMetadata(stream, { truncateBefore: 4 });
      assert.deepEqual(await revisions(stream), [4n]);
    });

    test('a text driven over HTTP is read and followed', async () => {
      const id = `t-${randomUUID()}`;
      const json = { 'content-type': 'application/json' };
      const created = await fetch(`${server.url}/v1/streams`, { method: 'POST', headers: json, body: JSON.stringify({ id, source: 'upload' }) });
      assert.equal(created.status, 201);
      const subscription = client.subscribeToStream(`text-${id}`, { fromRevision: START });
      const seen = follow(subscription);
      const text = 'It was a bright cold day in April. The clocks were striking thirteen.';
      const driven = await fetch(`${server.url}/v1/streams/${id}/drive`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: text });
      await driven.text();
      await seen.until((now) => now.some((read) => read.event.type === 'StreamCompleted'));
      await subscription.unsubscribe();

      const types = seen.map((read) => read.event.type);
      assert.deepEqual([types[0], types[1], types.at(-1)], ['StreamCreated', 'StreamStarted', 'StreamCompleted']);
      assert.equal(seen.filter((read) => read.event.type === 'ChunkPersisted').map((read) => read.event.data.text).join(''), text);
      assert.deepEqual((await all(client.readStream(`text-${id}`))).map((read) => read.event.id), seen.map((read) => read.event.id));
    });

    function append(stream, sent, expected, options = {}) {
      return client.appendToStream(stream, sent, { ...expecting(expected), ...options });
    }

    async function revisions(stream, options) {
      return (await all(client.readStream(stream, options))).map((read) => read.event.revision);
    }

    function event(n, type = 'counted') {
      return jsonEvent({ id: randomUUID(), type, data: { n } });
    }

    function events(count, type) {
      return Array.from({ length: count }, (_, n) => event(n, type));
    }
  });
}

const newStream = () => `judged-${randomUUID()}`;

const once = (emitter, name) => new Promise((resolve, reject) => {
  emitter.once(name, resolve);
  emitter.once('error', reject);
});

async function all(reading) {
  const read = [];
  for await (const next of reading) read.push(next);
  return read;
}

async function rejects(act, type) {
  await assert.rejects(act, (error) => {
    assert.equal(error.type, type, error.stack);
    return true;
  });
}

/** The events of a subscription as they come, and waiting for what has come. */
function follow(subscription) {
  const seen = [];
  let look = () => {};
  let fail = () => {};
  subscription.on('data', (read) => {
    seen.push(read);
    look();
  });
  subscription.on('error', (error) => fail(error));
  seen.until = (condition) => new Promise((resolve, reject) => {
    const timer = setInterval(() => look(), 10);
    look = () => {
      if (!condition(seen)) return;
      clearInterval(timer);
      resolve();
    };
    fail = (error) => {
      clearInterval(timer);
      reject(error);
    };
    look();
  });
  return seen;
}
