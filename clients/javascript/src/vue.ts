import {
  computed,
  getCurrentInstance,
  onBeforeMount,
  shallowRef,
  toValue,
  watch,
  type ComputedRef,
  type MaybeRefOrGetter,
  type ShallowRef,
} from 'vue';
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

export interface UseStreamOptions {
  /** Default: one of the page's own server. */
  client?: StreamsClient | undefined;
  /** Has the server run the stream's source: once, whatever mounts and unmounts. */
  drive?: MaybeRefOrGetter<boolean | undefined>;
  /** What the server rendered the page with, as a query says it. */
  initial?: Initial | undefined;
}

export type UseStream = { readonly [Name in keyof Snapshot]: ComputedRef<Snapshot[Name]> } & {
  cancel(reason?: string): Promise<StreamView | undefined>;
};

const names: (keyof Snapshot)[] = ['text', 'parts', 'status', 'error', 'finishReason', 'usage', 'savedLength', 'cursor'];

/** A stream as it is now, and whenever it changes. Without an id it shows nothing, and asks nothing. */
export function useStream(
  id: MaybeRefOrGetter<string | null | undefined>,
  { client = defaultClient(), drive, initial }: UseStreamOptions = {},
): UseStream {
  const rendered = snapshotOf(initial);
  const snapshot = shallowRef(rendered);
  started(() => {
    watch(
      () => toValue(id),
      (current, _, onCleanup) => {
        snapshot.value = rendered;
        if (!current) return;
        const stream = client.stream(current, { initial });
        const show = () => {
          snapshot.value = stream.getSnapshot();
        };
        show();
        onCleanup(stream.subscribe(show));
      },
      { immediate: true, flush: 'sync' },
    );
    watch(
      () => toValue(drive) && toValue(id),
      (driven) => {
        if (driven) client.stream(driven).drive();
      },
      { immediate: true, flush: 'sync' },
    );
  });
  return {
    ...Object.fromEntries(names.map((name) => [name, computed(() => snapshot.value[name])])),
    cancel: async (reason?: string) => {
      const current = toValue(id);
      return current ? client.stream(current).cancel(reason) : undefined;
    },
  } as UseStream;
}

/** A list of streams, newest first, that stays current. */
export function useStreams(
  query: MaybeRefOrGetter<ListQuery> = {},
  { client = defaultClient() }: Pick<UseStreamOptions, 'client'> = {},
): ShallowRef<ListSnapshot> {
  const snapshot = shallowRef<ListSnapshot>({ items: [], isLoaded: false, error: undefined });
  started(() => {
    watch(
      () => listOf(client, toValue(query)),
      (list, _, onCleanup) => {
        const show = () => {
          snapshot.value = list.getSnapshot();
        };
        show();
        onCleanup(list.subscribe(show));
      },
      { immediate: true },
    );
  });
  return snapshot;
}

/** In a component when it mounts, and so never while a server renders; elsewhere at once. */
function started(begin: () => void) {
  if (getCurrentInstance()) onBeforeMount(begin);
  else begin();
}
