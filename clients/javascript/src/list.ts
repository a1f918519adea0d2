import { askPatiently, patience } from './attempt.js';
import type { StreamsClient } from './client.js';
import { isFinal, type StreamProblem } from './problem.js';
import { Retry } from './retry.js';
import type { ListPage, ListQuery, ListedStream } from './types.js';
import { queryOf, type Wire } from './wire.js';

/** A list at one moment; a new object whenever anything changes. */
export interface ListSnapshot {
  readonly items: readonly ListedStream[];
  /** Whether it has been read at all. */
  readonly isLoaded: boolean;
  /** Why it cannot be read; what was read before stays. */
  readonly error: StreamProblem | undefined;
  /** For `page`, which goes on behind these; undefined: there are no more. */
  readonly nextCursor?: string | undefined;
}

/** The first page of a list, newest first, kept current while it has a subscriber. */
export class StreamList {
  #wire: Wire;
  #query: string;
  #snapshot: ListSnapshot = { items: [], isLoaded: false, error: undefined };
  #listeners = new Set<() => void>();
  #reading: AbortController | undefined;

  /** @internal */
  constructor(wire: Wire, query: string) {
    this.#wire = wire;
    this.#query = query;
  }

  /** @internal */
  get isRead() {
    return this.#reading !== undefined;
  }

  /** The same object until something changes. */
  getSnapshot = (): ListSnapshot => this.#snapshot;

  /** @returns what ends the subscription */
  subscribe = (listener: () => void): (() => void) => {
    const own = () => listener();
    this.#listeners.add(own);
    if (!this.#reading) void this.#read((this.#reading = new AbortController()));
    return () => {
      if (this.#listeners.delete(own) && this.#listeners.size === 0) queueMicrotask(() => this.#stop());
    };
  };

  #stop() {
    if (this.#listeners.size > 0) return;
    this.#reading?.abort();
    this.#reading = undefined;
  }

  async #read({ signal }: AbortController) {
    const retry = new Retry(this.#wire);
    let position: string | undefined;
    while (!signal.aborted) {
      let problem: unknown;
      try {
        // The server answers when the list is another than at the position, or after its patience.
        const page = (await askPatiently<ListPage & { position?: string }>(
          this.#wire,
          this.#query + queryOf({ wait: patience, position }, this.#query ? '&' : '?'),
          patience,
          { signal },
        ))!;
        if (signal.aborted) return;
        const isChanged = !this.#snapshot.isLoaded || this.#snapshot.error || page.position !== position;
        position = page.position;
        if (isChanged) this.#show({ items: page.items, isLoaded: true, error: undefined, nextCursor: page.nextCursor });
        if (position !== undefined) {
          retry.failures = 0;
          continue;
        }
      } catch (reason) {
        problem = reason;
        if (!signal.aborted && isFinal(problem)) return this.#show({ ...this.#snapshot, error: problem as StreamProblem });
      }
      await retry.wait(signal, problem);
    }
  }

  #show(snapshot: ListSnapshot) {
    this.#snapshot = snapshot;
    for (const listener of [...this.#listeners]) listener();
  }
}

const rememberedLists = 20;
const lists = new WeakMap<StreamsClient, Map<string, StreamList>>();

/** A list to subscribe to, which stays current: the same object for the same client and query. */
export function listOf(client: StreamsClient, query: ListQuery = {}): StreamList {
  const key = queryOf(Object.fromEntries(Object.entries(query).sort()));
  const known = lists.get(client) ?? new Map<string, StreamList>();
  lists.set(client, known);
  const list = known.get(key) ?? new StreamList(client.wire, key);
  for (const [old, { isRead }] of known) if (known.size >= rememberedLists && !isRead) known.delete(old);
  known.set(key, list);
  return list;
}
