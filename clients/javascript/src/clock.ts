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
 * @internal Runs it whenever the page is shown again or the network is back.
 * @returns what ends that
 */
export function onWaking(run: () => void): () => void {
  const shown = () => {
    if (page.document!.visibilityState === 'visible') run();
  };
  const listen = (how: 'addEventListener' | 'removeEventListener') => {
    page[how]?.('online', run);
    page.document?.[how]?.('visibilitychange', shown);
  };
  listen('addEventListener');
  return () => listen('removeEventListener');
}
