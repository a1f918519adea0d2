import { Hub } from './hub.js';
import { eventsOfStream, type FollowOptions } from './iterator.js';
import { TextStream, type Owner, type StreamOptions } from './stream.js';
import type { ListPage, ListQuery, ListedStream, NewStream, StreamEvent, StreamView } from './types.js';
import { Wire, pathOf, queryOf, type ClientOptions } from './wire.js';

/** For one request. */
export interface RequestOptions {
  signal?: AbortSignal | undefined;
}

/** Streams without a subscriber are remembered with their text, this many, so that coming back to one costs nothing. */
const rememberedStreams = 50;

/** The streams of one server. Every call throws a `StreamProblem` where it fails. Make one a server and page. */
export class StreamsClient {
  /** @internal */
  readonly wire: Wire;
  #owner: Owner;
  #streams = new Map<string, TextStream>();
  /** By their last subscriber. */
  #left = new Set<TextStream>();

  /** @internal Use {@link createClient}. */
  constructor(options: ClientOptions) {
    this.wire = new Wire(options);
    this.#owner = {
      hub: new Hub(this.wire),
      onIdle: (stream) => {
        if (!stream.tap) this.#remember(stream);
      },
      onBusy: (stream) => {
        this.#left.delete(stream);
        if (!stream.tap) this.#streams.set(stream.id, stream);
      },
    };
  }

  /** Creates a stream, or finds it, where one of this id was created with the same body. */
  create(stream: NewStream = {}, { signal }: RequestOptions = {}): Promise<StreamView> {
    return this.wire.json('POST', '', { body: stream, signal });
  }

  /**
   * Has the server run a stream's source, and yields its text as it is made; where another client was first, the stream
   * is followed. It goes on by itself
   * after any cut, and no text comes twice. Leaving does not cancel.
   */
  drive(id: string, { signal }: RequestOptions = {}): AsyncGenerator<StreamEvent, void, undefined> {
    return eventsOfStream(this.#owner, id, { signal }, (stream) => stream.drive());
  }

  /**
   * Yields a stream's durable events from after `after`, or from its beginning, to its end; goes on by itself after any
   * cut.
   */
  follow(id: string, options: FollowOptions = {}): AsyncGenerator<StreamEvent, void, undefined> {
    return eventsOfStream(this.#owner, id, options, () => {});
  }

  /**
   * How a stream is, or was.
   * @param options `at`: a revision or an RFC 3339 time; `text: false` leaves the text out
   */
  query(
    id: string,
    { signal, ...query }: { at?: number | string; text?: boolean; parts?: boolean } & RequestOptions = {},
  ): Promise<StreamView> {
    return this.wire.json('GET', pathOf(id, queryOf(query)), { signal });
  }

  /** The durable text. */
  text(id: string, { signal }: RequestOptions = {}): Promise<string> {
    return this.wire.json('GET', pathOf(id, '/text'), { accept: 'text/plain', signal }, 'text');
  }

  /** Ends a stream; its text so far is kept. One that has ended already is answered as it is. */
  cancel(id: string, { reason, signal }: { reason?: string } & RequestOptions = {}): Promise<StreamView> {
    return this.wire.json('POST', pathOf(id, '/cancel'), { body: { reason }, signal });
  }

  /** Deletes a stream for ever; one that runs is cancelled first. */
  async delete(id: string, { signal }: RequestOptions = {}): Promise<void> {
    await this.wire.send('DELETE', pathOf(id), { signal });
  }

  /** All streams that the query finds, newest first, page by page as they are asked for. */
  async *list(query: ListQuery & RequestOptions = {}): AsyncGenerator<ListedStream, void, undefined> {
    for (let cursor: string | undefined; ;) {
      const page: ListPage = await this.page({ ...query, cursor });
      yield* page.items;
      cursor = page.nextCursor;
      if (!cursor) return;
    }
  }

  /** One page of a list. */
  page({ signal, ...query }: ListQuery & { cursor?: string | undefined; count?: boolean | undefined } & RequestOptions = {}): Promise<ListPage> {
    return this.wire.json('GET', queryOf(query), { signal });
  }

  /** A stream to subscribe to: the same object for the same id, so that many components cost one connection. */
  stream(id: string, { initial, token }: StreamOptions = {}): TextStream {
    let stream = this.#streams.get(id);
    if (!stream) {
      stream = new TextStream(id, this.#owner);
      this.#streams.set(id, stream);
    }
    if (token) stream.token = token;
    // What is read already knows more.
    if (initial && !stream.isRead) {
      stream.seed(initial);
      stream.commit();
    }
    return stream;
  }

  /** Ends every connection; streams that are subscribed to come to a stand. */
  close(): void {
    this.#owner.hub.close();
  }

  #remember(stream: TextStream) {
    if (this.#left.add(stream).size <= rememberedStreams) return;
    const [oldest] = this.#left;
    this.#left.delete(oldest!);
    this.#streams.delete(oldest!.id);
  }
}

/** A client of one server; without `baseUrl`, of the one that the page comes from. */
export function createClient(options: ClientOptions = {}): StreamsClient {
  return new StreamsClient(options);
}

let own: StreamsClient | undefined;

/** The one client of the page's own server, used where no other is given. */
export const defaultClient = (): StreamsClient => (own ??= createClient());
