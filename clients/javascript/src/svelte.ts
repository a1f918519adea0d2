import {
  defaultClient,
  listOf,
  snapshotOf,
  type Initial,
  type ListQuery,
  type ListSnapshot,
  type Snapshot,
  type StreamView,
  type StreamsClient,
} from './index.js';

export interface StreamStoreOptions {
  /** Default: one of the page's own server. */
  client?: StreamsClient | undefined;
  /** Has the server run the stream's source: once, whatever mounts and unmounts. */
  drive?: boolean | undefined;
  /** What the server rendered the page with, as a query says it. */
  initial?: Initial | undefined;
}

/** What Svelte's `$store` reads. */
export interface Store<T> {
  subscribe(run: (value: T) => void): () => void;
}

/** A stream as it is now, and whenever it changes. Without an id it shows nothing, and asks nothing. */
export function streamStore(
  id: string | null | undefined,
  { client, drive, initial }: StreamStoreOptions = {},
): Store<Snapshot> & { cancel(reason?: string): Promise<StreamView | undefined> } {
  // A server that renders subscribes, too, and takes its one value.
  const stream = () => (id && typeof document !== 'undefined' ? (client ?? defaultClient()).stream(id, { initial }) : undefined);
  return {
    subscribe(run) {
      const read = stream();
      if (!read) {
        run(snapshotOf(initial));
        return () => {};
      }
      run(read.getSnapshot());
      const leave = read.subscribe(() => run(read.getSnapshot()));
      if (drive) read.drive();
      return leave;
    },
    cancel: async (reason) => stream()?.cancel(reason),
  };
}

/** A list of streams, newest first, that stays current. */
export function streamsStore(query: ListQuery = {}, { client }: Pick<StreamStoreOptions, 'client'> = {}): Store<ListSnapshot> {
  return {
    subscribe(run) {
      if (typeof document === 'undefined') {
        run({ items: [], isLoaded: false, error: undefined });
        return () => {};
      }
      const list = listOf(client ?? defaultClient(), query);
      run(list.getSnapshot());
      return list.subscribe(() => run(list.getSnapshot()));
    },
  };
}
