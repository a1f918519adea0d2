// One attempt to hear from the server: how long it may be silent, and what ends it.

import { onWaking } from './clock.js';
import { StreamProblem, guarded } from './problem.js';
import { SseParser, type SseEvent } from './sse.js';
import type { Sent, Wire } from './wire.js';

/** Milliseconds; the server sends a comment every 15 s at the latest. */
const silence = 20_000;
/** Where there is something to send at once. */
const firstSilence = 8000;
/** Seconds that the server is asked to wait with an answer that has nothing to say. */
export const patience = 30;
/** Milliseconds past that, and the answer is not waited for any more. */
const grace = 15_000;

/** @internal No byte came for too long, or none can be read as it comes. */
export const silent = (hasBegun: boolean) => new StreamProblem('unreachable', 'Silence.', { hasBegun });

/**
 * @param limit milliseconds of silence, asked for anew after each sign of life
 * @param work gets the attempt's signal, and what to call at each sign of life
 */
async function attempt<T>(
  { clock }: Wire,
  outer: AbortSignal,
  limit: () => number,
  work: (signal: AbortSignal, heard: () => void) => Promise<T>,
) {
  const inner = new AbortController();
  const leave = () => inner.abort(outer.reason);
  let signs = 0;
  let heardAt = clock.now();
  let timer: unknown;
  // It reads no clock: one that jumps makes no difference.
  const watch = () => {
    const had = signs;
    timer = clock.setTimeout(() => (signs > had ? watch() : inner.abort(silent(signs > 0))), limit());
  };
  const forget = onWaking(() => {
    if (Math.abs(clock.now() - heardAt) >= limit()) inner.abort(silent(true));
  });
  outer.addEventListener('abort', leave);
  if (outer.aborted) leave();
  watch();
  try {
    return await guarded('unreachable', inner.signal, () =>
      work(inner.signal, () => {
        signs++;
        heardAt = clock.now();
      }),
    );
  } finally {
    clock.clearTimeout(timer);
    forget();
    outer.removeEventListener('abort', leave);
    // Whatever is still open of it.
    inner.abort();
  }
}

/** @internal A request, with whether its answer has something to say at once. */
export interface Asked extends Sent {
  method: string;
  path: string;
  answersAtOnce?: boolean;
  signal: AbortSignal;
  /** The server has answered, and what it says follows. */
  onAnswer?: () => void;
  /** Is told after how long the server wants to be asked again. */
  retry: { shortest: number };
}

/**
 * @internal Reads an answer that comes bit by bit. Ends with it; throws where it is cut or falls silent, or where the
 * page wakes and has heard nothing for long.
 * @param take the events of one read; none where only comments came
 * @returns whether there was anything: false is 204
 */
export function readEvents(wire: Wire, asked: Asked, take: (events: SseEvent[]) => void): Promise<boolean> {
  let bound = asked.answersAtOnce ? firstSilence : silence;
  return attempt(
    wire,
    asked.signal,
    () => bound,
    async (signal, heard) => {
      const response = await wire.send(asked.method, asked.path, { ...asked, accept: 'text/event-stream', signal });
      if (response.status === 204) return false;
      if (!/^text\/event-stream\b/i.test(response.headers.get('Content-Type')!))
        throw new StreamProblem('unexpected-answer', 'No event stream.');
      asked.onAnswer?.();
      const reader = response.body?.getReader?.();
      if (!reader) throw silent(false);
      signal.addEventListener('abort', () => {
        reader.cancel().catch(() => {});
      });
      const decoder = new TextDecoder();
      const parser = new SseParser();
      while (true) {
        const { value, done } = await reader.read();
        signal.throwIfAborted();
        heard();
        bound = silence;
        take(parser.push(decoder.decode(value, { stream: !done }), done));
        asked.retry.shortest = Number(parser.fields['retry']) || asked.retry.shortest;
        if (done) return true;
      }
    },
  );
}

/**
 * @internal Sends a request that the server answers when it has something to say.
 * @param wait seconds, as the path says them
 * @returns undefined: 204
 */
export const askPatiently = <T>(
  wire: Wire,
  path: string,
  wait: number,
  { signal, token }: Sent & { signal: AbortSignal },
): Promise<T | undefined> =>
  attempt(
    wire,
    signal,
    () => wait * 1000 + grace,
    async (inner) => {
      const response = await wire.send('GET', path, { token, signal: inner });
      return response.status === 204 ? undefined : ((await response.json()) as T);
    },
  );
