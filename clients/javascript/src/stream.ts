import { Driver } from './driver.js';
import { Fold } from './fold.js';
import type { Hub } from './hub.js';
import { StreamProblem, isFinal, isForbidden } from './problem.js';
import type { Initial, Snapshot } from './snapshot.js';
import type { Told } from './told.js';
import type { StreamView } from './types.js';
import { pathOf, queryOf, type ClientOptions } from './wire.js';

/** @internal What a stream needs of its client. */
export interface Owner {
  readonly hub: Hub;
  /** Its last subscriber has left. */
  onIdle(stream: TextStream): void;
  /** Its first subscriber has come. */
  onBusy(stream: TextStream): void;
}

/** @internal Is told each event that is new. */
export type Tap = (event: string, told: Told, cursor: number | undefined) => void;

/** Of one stream. */
export interface StreamOptions {
  /** What the page was rendered with, as a query says it. */
  initial?: Initial | undefined;
  /** For this stream alone, as `POST …/tokens` makes them; a function is asked as the client's is. */
  token?: ClientOptions['token'];
}

/**
 * One stream as a page sees it, read once however many subscribe. Its text only grows, and it resumes by itself after
 * any cut. Reading begins
 * with the first subscriber and ends with the last.
 */
export class TextStream extends Fold {
  readonly id: string;
  /** @internal */
  token: StreamOptions['token'];
  /** @internal It has a subscriber. */
  isRead = false;
  /** @internal Its last refusal was answered with another token. */
  isRenewed = false;
  /** @internal */
  readonly path: string;
  #owner: Owner;
  #after: number | undefined;
  /** @internal It is read by an iterator. */
  readonly tap: Tap | undefined;
  #listeners = new Set<() => void>();
  #driver: Driver;

  /** @internal */
  constructor(id: string, owner: Owner, after?: number, tap?: Tap) {
    super(after);
    this.id = id;
    this.#after = after;
    this.tap = tap;
    this.path = pathOf(id);
    this.#owner = owner;
    this.#driver = new Driver(this, owner.hub);
  }

  /** The same object until something changes. */
  getSnapshot = (): Snapshot => this.snapshot;

  /** @returns what ends the subscription */
  subscribe = (listener: () => void): (() => void) => {
    const own = () => listener();
    this.#listeners.add(own);
    this.#start();
    return () => {
      // A component that unmounts and mounts again at once, as under React's StrictMode, interrupts nothing.
      if (this.#listeners.delete(own) && this.#listeners.size === 0) queueMicrotask(() => this.#stop());
    };
  };

  /**
   * Has the server run the stream's source, and reads the text as it is made. It is sent once, whatever mounts and
   * unmounts; where another
   * client was first, or the stream has begun, it is followed.
   */
  drive(): void {
    if (this.status === 'pending') this.#driver.start();
  }

  /** Ends the stream for all its readers; its text so far is kept. */
  cancel = (reason?: string): Promise<StreamView> =>
    this.#owner.hub.wire.json('POST', `${this.path}/cancel`, { body: { reason }, token: this.token });

  /** @internal @param wait seconds; undefined: as an event stream */
  eventsPath(wait?: number) {
    return `${this.path}/events${queryOf({ wait, after: this.cursor, parts: this.#owner.hub.wire.parts })}`;
  }

  /** @internal An event of a driver or follower; subscribers are told by {@link commit}. */
  take(event: string, told: Told, cursor?: number) {
    if (this.isOver) return;
    const fresh = this.apply(event, told, cursor);
    if (!fresh) {
      this.forgetCursor();
      throw new StreamProblem('unexpected-answer', 'Missing text.');
    }
    if (fresh.text !== '' && !(cursor! <= this.#after!)) this.tap?.(event, fresh, cursor);
    this.isRenewed = false;
    this.#driver.onTold();
  }

  /** @internal */
  commit() {
    if (this.renew()) for (const listener of [...this.#listeners]) listener();
  }

  /** @internal A request for it has failed. */
  fail(problem: unknown) {
    if (!isFinal(problem) || this.isOver) return;
    const { type, status } = problem;
    if (type === 'cursor-past-end' && this.cursor !== this.#after) return this.forgetCursor();
    const shown =
      type === 'unknown-stream' ? 'gone' : status === 410 ? 'deleted' : isForbidden(status) ? 'forbidden' : 'error';
    this.refuse(shown, problem);
    this.#driver.onRefused();
    this.commit();
  }

  /**
   * @internal Nothing comes behind the cursor: how the stream has ended, a query says; throws where it may say so
   *   later.
   */
  async settle(signal: AbortSignal) {
    // An iterator that began there has nothing to say.
    if (this.#after !== undefined && this.cursor === this.#after) return this.refuse('done');
    try {
      const view = await this.#owner.hub.wire.json<StreamView>('GET', `${this.path}?text=false`, { token: this.token, signal });
      if (view.endedAt) this.take('end', view, view.revision);
      else this.forgetCursor();
      this.commit();
    } catch (problem) {
      this.fail(problem);
      if (!isFinal(problem)) throw problem;
    }
  }

  #start() {
    if (this.isRead) return;
    this.isRead = true;
    this.#owner.onBusy(this);
    if (this.isOver && this.snapshot.error?.status) {
      // It was refused; perhaps it is there now, and may be read.
      this.refuse('pending');
      this.commit();
    }
    if (this.#driver.isWanted) this.#driver.start();
    else this.goOn();
  }

  #stop() {
    if (this.#listeners.size > 0 || !this.isRead) return;
    this.isRead = false;
    this.#owner.hub.remove(this);
    this.#driver.leave();
    this.#owner.onIdle(this);
  }

  /** @internal By following, where nothing else is read. */
  goOn() {
    if (this.isRead && !this.isOver && !this.#driver.isReading) this.#owner.hub.add(this);
  }
}
