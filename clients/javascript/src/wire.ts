import { Waking, systemClock, type Clock } from './clock.js';
import { StreamProblem, problemOf } from './problem.js';

type MaybeLater<T> = T | (() => T | Promise<T>);

export interface ClientOptions {
  /** The server, as `https://example.org`, or where its streams are, as `https://example.org/v1/streams`. Default: the page's own server. */
  baseUrl?: string | URL;
  /** Sent with each request; a function is asked anew for each. */
  headers?: MaybeLater<Record<string, string> | undefined>;
  /** Sent as `Authorization: Bearer …`. A function is asked anew for each request, and once more where its token is refused. */
  token?: MaybeLater<string | undefined>;
  /** Default: the platform's. */
  fetch?: typeof fetch;
  /** Asks for parts (reasoning, tool calls …) beside the text. */
  parts?: boolean;
  /** How text comes: `auto` (default) reads it in pieces where that works, and asks again and again where it does not. */
  transport?: 'auto' | 'sse' | 'poll';
  /** For tests. */
  clock?: Clock;
  /** At least 0, less than 1; for tests. */
  random?: () => number;
}

/** @internal */
export interface Sent {
  body?: unknown;
  accept?: string;
  signal?: AbortSignal | undefined;
  /** Instead of the client's. */
  token?: MaybeLater<string | undefined>;
}

const now = <T>(value: MaybeLater<T>) => typeof value === 'function' ? (value as () => T | Promise<T>)() : value;

/** @internal Values that are undefined or false are left out. */
export function queryOf(values: object, before = '?'): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined && value !== false) query.set(name, value);
  return `${query}` && before + query;
}

/** @internal How requests are sent, and by what time. */
export class Wire {
  readonly clock: Clock;
  readonly random: () => number;
  readonly waking = new Waking();
  readonly parts: boolean;
  readonly transport: 'auto' | 'sse' | 'poll';
  /** Where streams are, without a slash at its end. */
  readonly base: string;
  #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? Math.random;
    this.parts = options.parts ?? false;
    this.transport = options.transport ?? 'auto';
    const base = String(options.baseUrl ?? '').replace(/\/+$/, '');
    this.base = /^([a-z][a-z\d+.-]*:)?(\/\/[^/]*)?$/i.test(base) ? `${base}/v1/streams` : base;
  }

  /** Whether a body can be read in pieces, as far as can be seen without trying. */
  get canRead(): boolean {
    return typeof ReadableStream === 'function' && (!!this.#options.fetch || 'body' in Response.prototype);
  }

  /** Whether what a request is known by is asked for anew each time. */
  renews(token: Sent['token']): boolean {
    return typeof (token ?? this.#options.token) === 'function' || typeof this.#options.headers === 'function';
  }

  /** @returns an answer that is no refusal; throws {@link StreamProblem}, or what the signal was aborted with */
  async send(method: string, path: string, sent: Sent = {}): Promise<Response> {
    for (let isSecond = false; ; isSecond = true) {
      const response = await this.#fetch(method, path, sent);
      if (response.ok) return response;
      if (response.status !== 401 || !this.renews(sent.token) || isSecond) throw await problemOf(response);
      await response.body?.cancel();
    }
  }

  async json<T>(method: string, path: string, sent?: Sent): Promise<T> {
    const response = await this.send(method, path, sent);
    try {
      return await response.json() as T;
    } catch (cause) {
      sent?.signal?.throwIfAborted();
      throw new StreamProblem('unexpected-answer', 'The answer is no JSON, or was cut off.', { status: 0, cause });
    }
  }

  async #fetch(method: string, path: string, { body, accept = 'application/json', signal, token = this.#options.token }: Sent) {
    try {
      const headers: Record<string, string> = { Accept: accept, ...await now(this.#options.headers) };
      const bearer = await now(token);
      if (bearer) headers['Authorization'] = `Bearer ${bearer}`;
      const init: RequestInit = { method, headers, signal: signal ?? null };
      if (body !== undefined) {
        headers['Content-Type'] = 'application/json';
        init.body = JSON.stringify(body);
      }
      return await (this.#options.fetch ?? fetch)(this.base + path, init);
    } catch (cause) {
      signal?.throwIfAborted();
      throw new StreamProblem('unreachable', `There is no answer: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  }
}
