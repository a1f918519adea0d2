// A server of text streams in memory, given to a client as its fetch: what it answers can be cut, held back and
// refused.

const encoder = new TextEncoder();
const ends = new Set(['end']);

export class FakeServer {
  /** { method, path, query, body, headers } */
  requests = [];
  /** Open bodies, each with its streams. */
  open = new Set();
  streams = new Map();
  /** (request) => Response, a promise of one, an Error, or undefined for the ordinary answer. */
  intercept = () => undefined;
  /** How bytes of an event stream come: (bytes) => pieces. */
  pieces = (bytes) => [bytes];

  fetch = async (url, init = {}) => {
    const { pathname, searchParams } = new URL(url, 'http://fake');
    const request = {
      method: init.method ?? 'GET',
      path: pathname.replace('/v1/streams', ''),
      query: Object.fromEntries(searchParams),
      headers: init.headers ?? {},
      body: init.body && JSON.parse(init.body),
      signal: init.signal,
    };
    this.requests.push(request);
    init.signal?.throwIfAborted();
    const answer = await this.intercept(request) ?? this.#answer(request);
    if (answer instanceof Error) throw answer;
    init.signal?.throwIfAborted();
    return answer;
  };

  /** @param events [event, data] in order, from the revision that comes next */
  add(id, ...events) {
    const stream = this.streams.get(id) ?? { events: [] };
    this.streams.set(id, stream);
    for (const [event, data] of events) {
      const stored = { id: stream.events.length, event, data };
      stream.events.push(stored);
      for (const body of this.open) body.tell(id, stored);
    }
    return this;
  }

  /** A whole stream of these pieces, and its ending. */
  addWhole(id, pieces, end = { status: 'done' }) {
    let offset = 0;
    this.add(id, ['status', { status: 'pending' }], ['status', { status: 'streaming' }]);
    for (const text of pieces) {
      this.add(id, ['text', { offset, text }]);
      offset += encoder.encode(text).length;
    }
    if (end) this.add(id, ['end', { length: offset, revision: this.streams.get(id).events.length, ...end }]);
    return this;
  }

  cut() {
    for (const body of [...this.open]) body.cut();
  }

  count = (method, path) => this.requests.filter((request) => request.method === method && (path instanceof RegExp ? path.test(request.path) : request.path === path)).length;

  #answer({ method, path, query, body, headers, signal }) {
    if (method === 'POST' && path === '/-/follow') return this.#follow(body.streams, signal);
    const [, id, rest = ''] = /^\/([^/]+)\/?(.*)$/.exec(path) ?? [];
    const stream = this.streams.get(decodeURIComponent(id));
    if (!stream) return problem(404, 'unknown-stream');
    if (method === 'POST' && rest === 'drive') return this.#drive(id, stream, signal);
    if (method === 'GET' && rest === 'events') {
      const after = query.after === undefined ? -1 : Number(query.after);
      const { length } = stream.events;
      if (isEnded(stream) && after >= length - 1) return new Response(null, { status: 204 });
      if (headers.Accept === 'text/event-stream') return this.#events(id, stream, after, signal);
      return this.#page(id, after, Number(query.wait ?? 0), signal);
    }
    if (method === 'GET' && rest === '') {
      const last = stream.events.at(-1);
      return Response.json({ id, endedAt: null, ...last.event === 'end' ? { ...last.data, endedAt: 'then', revision: last.id } : last.data });
    }
    return problem(405, 'method-not-allowed');
  }

  #drive(id, stream, signal) {
    if (stream.events.length > 1) return problem(409, 'already-driven', { streamStatus: 'streaming' });
    this.add(id, ['status', { status: 'streaming' }]);
    stream.driver = this.#body([id], signal, () => {});
    return stream.driver.response;
  }

  #events(id, stream, after, signal) {
    const body = this.#body([id], signal, (_, event) => sse(event));
    for (const event of stream.events.slice(after + 1)) body.tell(id, event);
    return body.response;
  }

  #follow(asked, signal) {
    const body = this.#body(asked.map((one) => one.id), signal, (stream, { id, event, data }) => sse({ event, data: { stream, cursor: id, ...data } }));
    for (const { id, after = -1 } of asked) {
      const stream = this.streams.get(id);
      if (!stream) body.write(sse({ event: 'error', data: { stream: id, problem: { type: '/problems/unknown-stream', status: 404, detail: 'There is none.' } } }), id);
      else if (isEnded(stream) && after >= stream.events.length - 1) body.write(sse({ event: 'over', data: { stream: id, cursor: after } }), id);
      else for (const event of stream.events.slice(after + 1)) body.tell(id, event);
    }
    return body.response;
  }

  async #page(id, after, wait, signal) {
    const page = () => this.streams.get(id).events.slice(after + 1);
    if (page().length === 0 && wait > 0) {
      await new Promise((resolve, reject) => {
        const waiting = { tell: (told) => { if (told === id) done(resolve); }, cut: () => done(() => reject(new TypeError('cut'))) };
        const done = (how) => { this.open.delete(waiting); how(); };
        this.open.add(waiting);
        signal?.addEventListener('abort', () => done(() => reject(signal.reason)));
      });
    }
    const events = page();
    return Response.json({ events, cursor: events.at(-1)?.id ?? after });
  }

  #body(ids, signal, write) {
    const left = new Set(ids);
    let controller;
    const readable = new ReadableStream({ start: (given) => { controller = given; }, cancel: () => { this.open.delete(body); } });
    const over = (end) => { if (this.open.delete(body)) end(); };
    const body = {
      ids,
      response: new Response(readable, { headers: { 'Content-Type': 'text/event-stream' } }),
      send: (text) => { for (const piece of this.pieces(encoder.encode(text))) if (this.open.has(body)) controller.enqueue(piece); },
      write(text, ended) {
        this.send(text);
        if (ended !== undefined && left.delete(ended) && left.size === 0) over(() => controller.close());
      },
      tell(id, event) {
        if (!left.has(id)) return;
        const text = write(id, event);
        if (text) this.write(text, ends.has(event.event) ? id : undefined);
      },
      close: () => over(() => controller.close()),
      cut: () => over(() => controller.error(new TypeError('cut'))),
    };
    this.open.add(body);
    signal?.addEventListener('abort', () => over(() => controller.error(signal.reason)));
    return body;
  }
}

const isEnded = (stream) => ends.has(stream.events.at(-1)?.event);

export const sse = ({ id, event, data }) => `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

export const problem = (status, type, more = {}, headers = {}) =>
  Response.json({ type: `/problems/${type}`, title: type, status, detail: `It is ${type}.`, ...more }, { status, headers: { 'Content-Type': 'application/problem+json', ...headers } });
