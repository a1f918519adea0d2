import { Growing, grown } from './growing.js';
import { Parts } from './parts.js';
import { StreamProblem } from './problem.js';
import { empty, isOver, type Initial, type ShownStatus, type Snapshot } from './snapshot.js';
import { nothing, type Told } from './told.js';
import type { EndError, StreamView } from './types.js';
import { unitsOf, utf8Length } from './utf8.js';

const problemOfEnd = (error: EndError | undefined) =>
  error && new StreamProblem(error.code, error.message, { by: error.by });

/** What is known of a stream, event by event. */
export class Fold {
  /** @internal */
  snapshot: Snapshot;
  #body = new Growing();
  #parts = new Parts();
  #savedBytes = 0;
  #savedUnits = 0;
  #next: { -readonly [Name in keyof Snapshot]?: Snapshot[Name] } = {};

  /** @internal @param after the cursor behind which it begins; undefined: with the stream */
  constructor(after?: number) {
    if (after !== undefined) this.#body.bytes = undefined;
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
      fresh = grown(this.#body, told);
      // Whatever has a cursor is durable.
      if (cursor !== undefined) this.#saved(told.offset! + utf8Length(told.text!));
    } else if (event === 'saved') this.#saved(told.length!);
    else if (event === 'status') {
      if (this.status === 'pending') next.status = told.status as ShownStatus;
      else fresh = nothing;
    } else if (event === 'end') {
      if (told.length! > this.#body.bytes!) return undefined;
      this.#saved(told.length ?? 0);
      this.#ended(told as StreamView);
      next.status = told.status === 'unknown' ? 'error' : (told.status as ShownStatus);
      this.#parts.cutOff();
    } else if (told.part !== undefined) fresh = this.#parts.take(event, told);
    const to = cursor ?? told.revision;
    if (fresh && to !== undefined && !(to <= this.cursor!)) next.cursor = to;
    return fresh;
  }

  /** @internal What a query or a page that the server rendered knows, if that is more. */
  seed({ text = '', status, revision, ...end }: Initial) {
    if (this.isOver) return;
    this.#body.add(0, text);
    this.#saved(utf8Length(text));
    if (status && (this.status === 'pending' || isOver(status))) this.#next.status = status;
    this.#ended(end);
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
    const next = { ...snapshot, ...this.#next, text, savedLength, parts: this.#parts.said };
    this.#next = {};
    if ((Object.keys(next) as (keyof Snapshot)[]).every((name) => next[name] === snapshot[name])) return false;
    this.snapshot = next;
    return true;
  }

  #ended({ error, finishReason, usage }: Pick<StreamView, 'error' | 'finishReason' | 'usage'>) {
    Object.assign(this.#next, { error: problemOfEnd(error), finishReason, usage });
  }

  #saved(bytes: number) {
    const reached = Math.min(bytes, this.#body.bytes!);
    if (!(reached > this.#savedBytes)) return;
    const { text, bytes: all } = this.#body;
    this.#savedUnits = reached === all ? text.length : this.#savedUnits + unitsOf(text.slice(this.#savedUnits), reached - this.#savedBytes);
    this.#savedBytes = reached;
  }
}

/** What is shown of what a page was rendered with. */
export function snapshotOf(initial: Initial = {}): Snapshot {
  const fold = new Fold();
  fold.seed(initial);
  fold.renew();
  return fold.snapshot;
}
