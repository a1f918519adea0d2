import { systemClock, type Clock } from './clock.js';
import { guarded, problemOf } from './problem.js';

type MaybeLater<T> = T | ((isRefused: boolean) => T | Promise<T>);

export interface ClientOptions {
  /**
   * The server, as `https://example.org`, or where its streams are, as `https://example.org/v1/streams`. Default: the
   * page's own server.
   */
  baseUrl?: string | URL;
  /** Sent with each request; a function is asked anew for each. */
  headers?: MaybeLater<Record<string, string> | undefined>;
  /**
   * Sent as `Authorization: Bearer …`. A function is asked anew for each request, and once more, with `true`, where its
   * token is refused.
   */
  token?: MaybeLater<string | undefined>;
  /** Default: the platform's. */
  fetch?: typeof fetch;
  /** Asks for parts (reasoning, tool calls …) beside the text. */
  parts?: boolean;
  /**
   * How text comes: `auto` (default) reads it in pieces where that works, and asks again and again where it does not.
   */
  transport?: 'auto' | 'sse' | 'poll';
  /** For tests. */
  clock?: Clock;
  /** At least 0, less than 1; for tests. */
  random?: () => number;
}

/** @internal */
export interface Sent {
  body?: object;
  accept?: string;
  signal?: AbortSignal | undefined;
  /** Instead of the client's. */
  token?: MaybeLater<string | undefined>;
}

/** @internal */
export const now = <T>(value: MaybeLater<T>, isRefused = false) =>
  typeof value === 'function' ? (value as (isRefused: boolean) => T | Promise<T>)(isRefused) : value;

/** @internal Values that are undefined are left out. */
export function queryOf(values: object, before = '?'): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) query.set(name, value);
  return `${query}` && before + query;
}

/** @internal */
export const pathOf = (id: string, rest = '') => `/${encodeURIComponent(id)}${rest}`;

/** @internal How requests are sent, and by what time. */
export class Wire {
  declare readonly clock: Clock;
  declare readonly random: () => number;
  declare readonly parts: boolean | undefined;
  declare readonly transport: ClientOptions['transport'];
  declare readonly headers: ClientOptions['headers'];
  declare readonly token: ClientOptions['token'];
  /** Where streams are, without a slash at its end. */
  declare readonly base: string;
  /** Whether a body can be read in pieces, as far as can be seen without trying. */
  declare readonly canRead: boolean;
  readonly #fetch: typeof fetch | undefined;

  constructor({ baseUrl = '', clock = systemClock, random = Math.random, fetch, ...options }: ClientOptions) {
    const base = `${baseUrl}`.replace(/\/+$/, '');
    this.#fetch = fetch;
    this.canRead = !!fetch || 'body' in Response.prototype;
    Object.assign(this, options, { clock, random, base: /^(\w+:\/\/[^/]*)?$/.test(base) ? `${base}/v1/streams` : base });
  }

  /** Whether what a request is known by is asked for anew each time. */
  renews(token: Sent['token']): boolean {
    return typeof (token ?? this.token) === 'function' || typeof this.headers === 'function';
  }

  /** @returns an answer that is no refusal; throws `StreamProblem`, or what the signal was aborted with */
  async send(method: string, path: string, sent: Sent, isSecond = false): Promise<Response> {
    const response = await this.#ask(method, path, sent, isSecond);
    if (response.ok) return response;
    if (response.status !== 401 || !this.renews(sent.token) || isSecond) throw await problemOf(response);
    await response.body?.cancel();
    return this.send(method, path, sent, true);
  }

  json<T>(method: string, path: string, sent: Sent, as: 'json' | 'text' = 'json'): Promise<T> {
    return guarded('unexpected-answer', sent.signal, async () => (await this.send(method, path, sent))[as]());
  }

  #ask(method: string, path: string, { body, accept = 'application/json', signal, token = this.token }: Sent, isRefused: boolean) {
    return guarded('unreachable', signal, async () => {
      const headers: Record<string, string> = { Accept: accept, ...(await now(this.headers)) };
      const bearer = await now(token, isRefused);
      if (bearer) headers['Authorization'] = `Bearer ${bearer}`;
      if (body) headers['Content-Type'] = 'application/json';
      return (this.#fetch ?? fetch)(this.base + path, {
        method,
        headers,
        signal: signal!,
        body: body && JSON.stringify(body),
      });
    });
  }
}
