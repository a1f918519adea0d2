'use client';

import { createContext, createElement, useContext, useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import {
  defaultClient,
  listOf,
  snapshotOf,
  type Initial,
  type ListQuery,
  type ListSnapshot,
  type Snapshot,
  type StreamOptions,
  type StreamView,
  type StreamsClient,
  type TextStream,
} from './index.js';

const ClientContext = /* @__PURE__ */ createContext<StreamsClient | undefined>(undefined);

/** Gives its children a client, for hooks that are not given one. */
export function StreamsProvider({ client, children }: { client: StreamsClient; children?: ReactNode }) {
  return createElement(ClientContext.Provider, { value: client }, children);
}

export interface UseStreamOptions {
  /** Default: the provider's, or else one of the page's own server. */
  client?: StreamsClient | undefined;
  /** Has the server run the stream's source: once, whatever mounts and unmounts. */
  drive?: boolean | undefined;
  /** What the server rendered the page with, as a query says it. */
  initial?: Initial | undefined;
  /** For this stream alone, as `POST …/tokens` makes them; the next request takes what was given last. */
  token?: StreamOptions['token'];
}

export interface UseStream extends Snapshot {
  /** Ends the stream for all its readers; its text so far is kept. Without an id it does nothing. */
  cancel(reason?: string): Promise<StreamView | undefined>;
}

/**
 * A stream as it is now, and whenever it changes. Any number of components of one id cost one subscription; options may
 * be new objects at each
 * render. Without an id it shows nothing, and asks nothing.
 */
export function useStream(id: string | null | undefined, { client, drive, initial, token }: UseStreamOptions = {}): UseStream {
  const used = useClient(client);
  const store = useMemo(() => {
    const rendered = snapshotOf(initial);
    if (!id) return { subscribe: () => () => {}, getSnapshot: () => rendered, rendered, drive() {}, cancel: async () => undefined };
    // On a server there is none.
    let known: TextStream | undefined;
    const stream = () => (known ??= used.stream(id, { initial, token }));
    return {
      subscribe: (listener: () => void) => stream().subscribe(listener),
      getSnapshot: () => stream().getSnapshot(),
      rendered,
      drive: () => stream().drive(),
      cancel: (reason?: string) => stream().cancel(reason),
    };
  }, [used, id]);
  const snapshot = useSyncExternalStore(store.subscribe, store.getSnapshot, () => store.rendered);
  useEffect(() => {
    if (id && token) used.stream(id, { token });
  }, [used, id, token]);
  useEffect(() => {
    if (drive) store.drive();
  }, [store, drive]);
  return useMemo(() => ({ ...snapshot, cancel: store.cancel }), [snapshot, store]);
}

const noList: ListSnapshot = { items: [], isLoaded: false, error: undefined };

/** A list of streams, newest first, that stays current. */
export function useStreams(query: ListQuery = {}, { client }: Pick<UseStreamOptions, 'client'> = {}): ListSnapshot {
  const list = listOf(useClient(client), query);
  return useSyncExternalStore(list.subscribe, list.getSnapshot, () => noList);
}

function useClient(client: StreamsClient | undefined) {
  const provided = useContext(ClientContext);
  return client ?? provided ?? defaultClient();
}
