import { askPatiently, patience } from './attempt.js';
import type { Hub } from './hub.js';
import { isFinal } from './problem.js';
import { pause, type Retry } from './retry.js';
import type { TextStream } from './stream.js';
import type { Told } from './told.js';

interface Page {
  events: { id?: number; event: string; data: Told }[];
}

/** Milliseconds between two rounds of questions about several streams. */
const round = 1000;

/** @internal One round of questions. A stream alone waits for what comes; several are asked for in turns. */
export async function poll(hub: Hub, streams: TextStream[], retry: Retry, signal: AbortSignal) {
  const { wire } = hub;
  const askedAt = wire.clock.now();
  const wait = streams.length === 1 && hub.waits ? patience : 0;
  let hasCome = false;
  for (const stream of streams) {
    const page = await askPatiently<Page>(wire, stream.eventsPath(wait), wait, { token: stream.token, signal }).catch((problem) => {
      if (signal.aborted || !isFinal(problem)) throw problem;
      stream.fail(problem);
      return { events: [] };
    });
    hub.onPolled(true);
    if (page) for (const { event, data, id } of page.events) stream.take(event, data, id);
    else await stream.settle(signal);
    stream.commit();
    hasCome ||= !page || page.events.length > 0;
  }
  retry.failures = 0;
  if (!hasCome && (wait === 0 || wire.clock.now() - askedAt < round)) await pause(wire, round, signal);
}
