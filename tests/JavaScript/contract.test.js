// The table of cases that every client has to pass (tests/ClientContract), each by an iterator and by a subscription.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createClient } from 'event-sourced-streams';

const contract = join(import.meta.dirname, '../ClientContract');
const cases = readdirSync(join(contract, 'cases')).sort().flatMap((name) => JSON.parse(readFileSync(join(contract, 'cases', name), 'utf8')));
const silences = [8000, 20_000];

let stub, address;
before(async () => {
  stub = spawn('node', [join(contract, 'server.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  address = String((await once(stub.stdout, 'data'))[0]).trim();
});
after(() => stub?.stdin.end());

/** Waits for as little as it can: what a server asked for, and as long as a case calls silence. */
function clockOf({ quietMs, faults = [], clock: { jumpSeconds = 0 } = {} }) {
  const isAsked = faults.some(({ headers }) => headers);
  const clock = {
    ahead: 0,
    jump: () => { clock.ahead = jumpSeconds * 1000; },
    now: () => Date.now() + clock.ahead,
    setTimeout: (run, ms) => setTimeout(run, silences.includes(ms) ? quietMs ?? ms : isAsked || ms >= 15_000 ? ms : ms / 100),
    clearTimeout,
  };
  return clock;
}

const problemOf = (reason) => {
  assert.equal(reason.name, 'StreamProblem', String(reason.stack));
  return { problem: reason.type };
};

/** Parts as an iterator is told of them, each thing once and in order. */
class ShownParts {
  #parts = new Map();

  take({ event, part, kind, offset, text, error }) {
    if (event === 'part') {
      assert.ok(!this.#parts.has(part), `part ${part} begins once`);
      return void this.#parts.set(part, { part, kind, text: '', state: 'open' });
    }
    const known = this.#parts.get(part);
    assert.equal(known.state, 'open');
    if (event === 'part-end') return void (known.state = error ? 'failed' : 'done');
    assert.equal(offset, Buffer.byteLength(known.text));
    known.text += text;
  }

  get all() {
    return [...this.#parts.values()].map((one) => one.state === 'open' ? { ...one, state: 'cut' } : one);
  }
}

/** @returns what a case expects something of */
const ways = {
  async iterator(client, { call = 'follow', after: from, shown = '' }, halfway) {
    let text = shown;
    const parts = new ShownParts();
    try {
      for await (const event of client[call]('a', call === 'follow' ? { after: from } : {})) {
        if (event.part) parts.take(event);
        if (event.event === 'text') {
          text += event.text;
          halfway(text);
        }
        if (event.event === 'end') return { text, parts: parts.all, status: event.status, error: event.error?.code };
      }
      return { text, isOver: true };
    } catch (reason) {
      return problemOf(reason);
    }
  },
  async subscription(client, { call, after: revision, shown = '' }, halfway) {
    const stream = client.stream('a', revision === undefined ? {} : { initial: { text: shown, status: 'streaming', revision } });
    let text = shown;
    return new Promise((resolve, reject) => {
      const leave = stream.subscribe(() => {
        const { text: now, status, error } = stream.getSnapshot();
        if (!now.startsWith(text)) reject(new Error(`The text shrank: ${text} → ${now}`));
        text = now;
        halfway(text);
        if (status === 'pending' || status === 'streaming') return;
        leave();
        if (error?.status) resolve(problemOf(error));
        else resolve({ text, parts: partsOf(stream.getSnapshot()), status: error?.type === 'foreign-event' ? 'unknown' : status, error: error?.type, isOver: true });
      });
      if (call === 'drive') stream.drive();
    });
  },
};

const partsOf = ({ parts }) => parts.map(({ part, kind, text, state }) => ({ part, kind, text, state }));

async function begun(name, variant) {
  const response = await fetch(`${address}/runs`, { method: 'POST', body: JSON.stringify({ case: name, variant }) });
  const { run, root } = await response.json();
  return { root, report: async () => (await fetch(`${address}/runs/${run}`)).json() };
}

/** @returns whether the answer was cut, and so whether there is a variant behind this one */
async function held(found, way, variant) {
  const { root, report } = await begun(found.name, variant);
  const tokens = [...found.tokens ?? []];
  const clock = clockOf(found);
  const client = createClient({ baseUrl: `${root}/v1/streams`, clock, parts: found.parts, token: found.tokens && (() => tokens.shift()) });
  const { expect } = found;
  const got = await ways[way](client, found, (text) => { if (text.length > expect.text?.length / 2) clock.jump(); });
  const { requests, violations, isCut } = await report();
  const where = `${found.name}, ${way}, variant ${variant}: ${JSON.stringify(requests)}`;
  for (const name of ['text', 'parts', 'status', 'error', 'problem', 'isOver']) if (name in expect) assert.deepEqual(got[name], expect[name], `${name} of ${where}`);
  assert.deepEqual(violations, [], where);
  if (expect.requests !== undefined) assert.ok(requests.length === expect.requests || isCut === false && requests.length < expect.requests, where);
  if (expect.maxRequests !== undefined) assert.ok(requests.length <= expect.maxRequests, where);
  if (expect.pages) assert.ok(requests.some(({ call }) => call === 'page'), where);
  return isCut;
}

for (const way of Object.keys(ways)) {
  for (const found of cases) {
    test(`${way}: ${found.name}`, async () => {
      if (!found.faults?.some(({ cut }) => cut === 'each')) return void await held(found, way, 0);
      const together = 40;
      for (let variant = 0, isMore = true; isMore; variant += together) {
        const cut = await Promise.all(Array.from({ length: together }, (_, i) => held(found, way, variant + i)));
        isMore = cut.every((one) => one);
      }
    });
  }
}
