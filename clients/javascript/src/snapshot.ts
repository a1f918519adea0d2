import type { StreamProblem } from './problem.js';
import type { Part, StreamStatus, StreamView } from './types.js';

/**
 * How a stream is, and what a client knows of it beyond that: `gone` is unknown to the server, `forbidden` not for this
 * caller.
 */
export type ShownStatus = StreamStatus | 'deleted' | 'gone' | 'forbidden';

/** A stream at one moment; a new object whenever anything changes. */
export interface Snapshot {
  /** Only ever grows. */
  readonly text: string;
  readonly parts: readonly Part[];
  readonly status: ShownStatus;
  /** Why it did not end well, or cannot be read. */
  readonly error: StreamProblem | undefined;
  readonly finishReason: string | undefined;
  readonly usage: unknown;
  /** How much of `text` is known to be durable, in the units of `text.length`. */
  readonly savedLength: number;
  /** The revision to resume after; undefined before the first event. */
  readonly cursor: number | undefined;
}

/** What a page was rendered with: a query's answer, or a part of it. */
export type Initial = Partial<Pick<StreamView, 'text' | 'revision' | 'error' | 'finishReason' | 'usage'>> & {
  status?: ShownStatus | undefined;
};

/** @internal What is undefined at first is left out. */
export const empty = { text: '', parts: [], status: 'pending', savedLength: 0 } as unknown as Snapshot;

/** @internal */
export const isOver = (status: ShownStatus) => status !== 'pending' && status !== 'streaming';
