import { onWaking } from './clock.js';
import type { StreamProblem } from './problem.js';
import type { Wire } from './wire.js';

const shortest = 500;
const longest = 30_000;

/** @internal Over after so long, at once when the signal is aborted, and, where it may be, when the page wakes. */
export async function pause({ clock }: Wire, milliseconds: number, signal: AbortSignal, mayWake = true): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((over) => {
    const done = () => {
      clock.clearTimeout(timer);
      forget?.();
      signal.removeEventListener('abort', done);
      over();
    };
    const timer = clock.setTimeout(done, milliseconds);
    const forget = (mayWake && onWaking(done)) || undefined;
    signal.addEventListener('abort', done);
  });
}

/** @internal The pauses between attempts: longer after each failure, each of a random length. */
export class Retry {
  /** Milliseconds that the first pause is bounded by; the server may ask for others. */
  shortest = shortest;
  /** In a row; something that comes makes the next pause a short one again. */
  failures = 0;
  #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** @param problem why it failed; a server that says when to come again is obeyed, whether the page wakes or not */
  wait(signal: AbortSignal, problem?: unknown): Promise<void> {
    const asked = (problem as StreamProblem | undefined)?.retryAfter ?? 0;
    const bound = Math.min(this.shortest * 2 ** this.failures++, longest);
    return pause(this.#wire, asked * 1000 + bound * (0.2 + 0.8 * this.#wire.random()), signal, !asked);
  }
}
