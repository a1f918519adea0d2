import { StreamProblem } from './problem.js';
import type { EndError, Part, StreamStatus, StreamView } from './types.js';
import { Growing } from './growing.js';
import { unitsOf, utf8Length } from './utf8.js';

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

// What is undefined at first is left out.
const empty = { text: '', parts: [], status: 'pending', savedLength: 0 } as unknown as Snapshot;

const isOver = (status: ShownStatus) => status !== 'pending' && status !== 'streaming';

/** @internal What followers and drivers are told, of whatever kind. */
export interface Told {
  status?: string;
  offset?: number;
  text?: string;
  length?: number;
  revision?: number;
  finishReason?: string;
  usage?: unknown;
  error?: EndError | string;
  part?: number;
  detail?: Record<string, unknown>;
}

const problemOfEnd = (error: EndError | string | undefined) =>
  typeof error === 'object' ? new StreamProblem(error.code, error.message, { by: error.by }) : undefined;

/** What is known of a stream, event by event. */
export class Fold {
  /** @internal */
  snapshot: Snapshot;
  #body: Growing;
  #parts = new Map<number, Part>();
  #partTexts = new Map<number, Growing>();
  #savedBytes = 0;
  #savedUnits = 0;
  #next: { -readonly [Name in keyof Snapshot]?: Snapshot[Name] } = {};

  /** @internal @param after the cursor behind which it begins; undefined: with the stream */
  constructor(after?: number) {
    this.#body = new Growing(after === undefined);
    this.snapshot = { ...empty, cursor: after };
  }

  /** @internal */
  get status(): ShownStatus {
    return this.#next.status ?? this.snapshot.status;
  }

  /** @internal */
  get isOver() {
    return isOver(this.status);
  }

  /** @internal */
  get cursor() {
    return this.#next.cursor ?? this.snapshot.cursor;
  }

  /**
   * @internal @returns what is new of it; undefined: something is missing before it, and has to be read again from the
   * beginning
   */
  apply(event: string, told: Told, cursor?: number): Told | undefined {
    const next = this.#next;
    let fresh: Told | undefined = told;
    if (event === 'text') {
      fresh = this.#grown(this.#body, told);
      // Whatever has a cursor is durable.
      if (cursor !== undefined) this.#saved(told.offset! + utf8Length(told.text!));
    } else if (event === 'saved') this.#saved(told.length!);
    else if (event === 'status') {
      if (this.status === 'pending') next.status = told.status as ShownStatus;
    } else if (event === 'end') {
      if (told.length! > this.#body.bytes!) return undefined;
      this.#saved(told.length ?? 0);
      next.status = told.status === 'unknown' ? 'error' : (told.status as ShownStatus);
      next.error = problemOfEnd(told.error);
      next.finishReason = told.finishReason;
      next.usage = told.usage;
      this.#cutParts();
    } else if (told.part !== undefined) fresh = this.#part(event, told);
    const to = cursor ?? told.revision;
    if (fresh && to !== undefined && !(to <= this.cursor!)) next.cursor = to;
    return fresh;
  }

  /** @internal What a query or a page that the server rendered knows, if that is more. */
  seed({ text = '', status, revision, error, finishReason, usage }: Initial) {
    if (this.isOver) return;
    this.#body.add(0, text);
    this.#saved(utf8Length(text));
    if (status && (this.status === 'pending' || isOver(status))) this.#next.status = status;
    Object.assign(this.#next, { error: problemOfEnd(error), finishReason, usage });
    if (revision !== undefined && !(revision <= this.cursor!)) this.#next.cursor = revision;
  }

  /** @internal */
  refuse(status: ShownStatus, error?: StreamProblem) {
    Object.assign(this.#next, { status, error });
  }

  /** @internal The next events are read from the beginning; what is shown stays. */
  forgetCursor() {
    this.renew();
    this.snapshot = { ...this.snapshot, cursor: undefined };
  }

  /** @internal @returns whether there is something new to show */
  renew(): boolean {
    const { text } = this.#body;
    const savedLength = this.#savedUnits;
    const { snapshot } = this;
    const next = { ...snapshot, ...this.#next, text, savedLength };
    this.#next = {};
    if ((Object.keys(next) as (keyof Snapshot)[]).every((name) => next[name] === snapshot[name])) return false;
    this.snapshot = next;
    return true;
  }

  #saved(bytes: number) {
    const reached = Math.min(bytes, this.#body.bytes!);
    if (!(reached > this.#savedBytes)) return;
    this.#savedUnits =
      reached === this.#body.bytes
        ? this.#body.text.length
        : this.#savedUnits + unitsOf(this.#body.text, reached - this.#savedBytes, this.#savedUnits);
    this.#savedBytes = reached;
  }

  #grown(growing: Growing, told: Told): Told | undefined {
    const { bytes: offset } = growing;
    const text = growing.add(told.offset!, told.text!);
    return text === undefined ? undefined : { ...told, offset: offset ?? told.offset!, text };
  }

  #part(event: string, told: Told): Told | undefined {
    const number = told.part!;
    const known = this.#parts.get(number);
    let fresh: Told | undefined = told;
    if (event === 'part') {
      if (!known) this.#parts.set(number, { ...(told as Part), text: '', state: 'open' });
    } else if (known) {
      const growing = this.#partTexts.get(number) ?? new Growing();
      this.#partTexts.set(number, growing);
      if (event === 'part-text') fresh = this.#grown(growing, told);
      const ended = event === 'part-end' && {
        state: told.error ? ('failed' as const) : ('done' as const),
        ...(typeof told.error === 'string' && { error: told.error }),
        ...(told.detail && { detail: { ...known.detail, ...told.detail } }),
      };
      this.#parts.set(number, { ...known, text: growing.text, ...ended });
    }
    this.#next.parts = [...this.#parts.values()];
    return fresh;
  }

  #cutParts() {
    for (const [number, part] of this.#parts) if (part.state === 'open') this.#parts.set(number, { ...part, state: 'cut' });
    if (this.#parts.size > 0) this.#next.parts = [...this.#parts.values()];
  }
}

/** What is shown of what a page was rendered with. */
export function snapshotOf(initial: Initial = {}): Snapshot {
  const fold = new Fold();
  fold.seed(initial);
  fold.renew();
  return fold.snapshot;
}
