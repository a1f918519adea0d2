/** The time that a client goes by; tests give their own. */
export interface Clock {
  /** Milliseconds since any moment. */
  now(): number;
  setTimeout(run: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** @internal */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, milliseconds) => setTimeout(run, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer as number),
};

type Target = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
const page = globalThis as unknown as Target & { document?: Target & { visibilityState: string } };

/**
 * @internal Tells whoever waits that the page is shown again or the network is back; listens only while something
 * waits.
 */
export class Waking {
  #wakers = new Set<() => void>();

  add(wake: () => void): () => void {
    if (this.#wakers.size === 0) this.#listen('addEventListener');
    this.#wakers.add(wake);
    return () => {
      if (this.#wakers.delete(wake) && this.#wakers.size === 0) this.#listen('removeEventListener');
    };
  }

  #listen(how: 'addEventListener' | 'removeEventListener') {
    page[how]?.('online', this.#wake);
    page.document?.[how]?.('visibilitychange', this.#shown);
  }

  #shown = () => {
    if (page.document!.visibilityState === 'visible') this.#wake();
  };

  #wake = () => {
    for (const wake of [...this.#wakers]) wake();
  };
}
