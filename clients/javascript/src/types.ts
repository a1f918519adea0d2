/** How a stream is, as the server says it. */
export type StreamStatus = 'pending' | 'streaming' | 'done' | 'error' | 'cancelled' | 'timeout';

/** What a text source may be asked for when a stream is created. */
export interface NewStream {
  /** Chosen by the server where it is left out. With an id, creating again finds what is there. */
  id?: string;
  source?: string;
  /** The source's own JSON. */
  input?: unknown;
  idleTimeoutSeconds?: number;
  retainSeconds?: number;
  maxDurationSeconds?: number;
  onDisconnect?: 'continue' | 'cancel';
  labels?: Record<string, string>;
}

/** Why a stream did not end well. */
export interface EndError {
  code: string;
  message: string;
  /** The actor that cancelled it. */
  by?: string;
}

/** A stream as a query shows it. Times are RFC 3339 UTC, lengths UTF-8 bytes. */
export interface StreamView {
  id: string;
  status: StreamStatus;
  /** Left out in lists, and where `text: false` was asked for. */
  text?: string;
  length?: number;
  /** The number of its last event: a cursor. */
  revision?: number;
  source: string;
  createdAt: string;
  startedAt: string | null;
  lastActivityAt?: string;
  endedAt: string | null;
  error?: EndError;
  finishReason?: string;
  usage?: unknown;
  title?: string;
  labels: Record<string, string>;
  foreign?: { type: string; revision: number };
  /** With `parts: true`: the answer in order. */
  content?: unknown[];
}

/** A stream in a list; of one whose life cannot be read, there is no more than its id and why. */
export type ListedStream = StreamView | { id: string; damaged?: true; foreign?: { type: string; revision: number } };

/** What a list may be narrowed by. */
export interface ListQuery {
  status?: StreamStatus;
  /** A name and a value, as `user:42`. */
  label?: string;
  /** Words that all stand in id, title or labels. */
  q?: string;
  /** RFC 3339: created at this time or later. */
  from?: string;
  /** RFC 3339: created before this time. */
  to?: string;
  source?: string;
  /** Streams a page, 1 to 200; default 50. */
  limit?: number;
}

/** One page of a list. */
export interface ListPage {
  items: ListedStream[];
  nextCursor?: string;
  /** With `count: true`: of all pages. */
  total?: number;
}

/** A part begins: reasoning, a tool's call or result, a file … A kind that is not known is to be skipped. */
export interface PartEvent {
  event: 'part';
  part: number;
  kind: string;
  of?: number;
  name?: string;
  callId?: string;
  mediaType?: string;
  encoding?: 'json' | 'base64';
  detail?: Record<string, unknown>;
  /** UTF-8 bytes of the text before it. */
  offset: number;
}

/** Text of a part; `offset` counts UTF-8 bytes of that part's text. */
export interface PartTextEvent {
  event: 'part-text';
  part: number;
  offset: number;
  text: string;
}

/** A part is complete. */
export interface PartEndEvent {
  event: 'part-end';
  part: number;
  length: number;
  detail?: Record<string, unknown>;
  error?: string;
}

/** The last event. `unknown` with the error `foreign-event`: another program has written to the stream. */
export interface EndEvent {
  event: 'end';
  status: StreamStatus | 'deleted' | 'unknown';
  /** UTF-8 bytes of durable text. */
  length?: number;
  revision?: number;
  finishReason?: string;
  usage?: unknown;
  error?: EndError;
}

/** What comes of a stream, in order. `cursor` is what to resume after; what only its driver has yet has none. */
export type StreamEvent = { cursor: number | undefined } & (
  | { event: 'status'; status: 'pending' | 'streaming' }
  /** `offset`: UTF-8 bytes of text before it. */
  | { event: 'text'; offset: number; text: string }
  /** To a driver: so many UTF-8 bytes of its text are durable. */
  | { event: 'saved'; revision: number; length: number }
  | EndEvent
  | PartEvent
  | PartTextEvent
  | PartEndEvent
);

/** A part as it is shown. */
export interface Part extends Omit<PartEvent, 'event'> {
  /** With `encoding: 'json'` the whole text is one JSON value; with `base64`, bytes. */
  text: string;
  state: 'open' | 'done' | 'cut' | 'failed';
  error?: string;
}
