import type { Told } from './told.js';
import { TextStream, type Owner } from './stream.js';

/** Where to begin. */
export interface FollowOptions {
  /** The revision after which to begin; default: all of the stream. */
  after?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** @internal A stream's events one after the other, over the connections that the client has anyway. */
export async function* eventsOfStream<T>(
  owner: Owner,
  id: string,
  { after, signal }: FollowOptions,
  begin: (stream: TextStream) => void,
): AsyncGenerator<T, void, undefined> {
  const events: T[] = [];
  let wake = () => {};
  const stream = new TextStream(id, owner, after, (event: string, told: Told, cursor: number | undefined) => {
    events.push({ ...told, event, cursor } as T);
  });
  const look = () => wake();
  const leave = stream.subscribe(look);
  signal?.addEventListener('abort', look);
  begin(stream);
  try {
    while (true) {
      signal?.throwIfAborted();
      const event = events.shift();
      const { error } = stream.getSnapshot();
      if (event) yield event;
      else if (!stream.isOver)
        await new Promise<void>((woken) => {
          wake = woken;
        });
      else if (error?.status) throw error;
      else return;
    }
  } finally {
    signal?.removeEventListener('abort', look);
    leave();
  }
}
