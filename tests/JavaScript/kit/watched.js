// A client on a fake server and a clock that stands, and what a subscriber sees.

import { createClient } from 'event-sourced-streams';
import { ManualClock, settled } from './clock.js';
import { FakeServer } from './fake.js';

export function setUp(options = {}) {
  const clock = new ManualClock();
  const server = new FakeServer();
  const client = createClient({ baseUrl: 'http://fake', fetch: server.fetch, clock, random: () => 0.5, ...options });
  return { clock, server, client };
}

/** Subscribes, and holds that the text only ever grows. */
export function watched(stream) {
  const seen = [];
  let text = '';
  const leave = stream.subscribe(() => {
    const snapshot = stream.getSnapshot();
    if (!snapshot.text.startsWith(text)) throw new Error(`The text does not only grow: ${text} → ${snapshot.text}`);
    ({ text } = snapshot);
    seen.push(snapshot);
  });
  return {
    stream,
    seen,
    get now() { return stream.getSnapshot(); },
    async leave() {
      leave();
      await settled();
    },
  };
}

export { settled };
