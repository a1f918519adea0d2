// One run of a case: answers requests as the case says, and notes what a client did that it should not.
import { encode, shared, view } from './encoding.mjs';

const titles = { 401: 'unauthenticated', 403: 'forbidden', 404: 'unknown-stream', 409: 'foreign-event', 410: 'deleted', 429: 'too-many-requests', 503: 'busy' };

export class Run {
  #case;
  #variant;
  #requests = [];
  #violations = [];
  #isCut = false;
  #known = new Map();                       // by stream: which cursors a client may have
  #notBefore = 0;
  #timers = new Set();

  constructor(found, variant) {
    this.#case = found;
    this.#variant = variant;
  }

  report() {
    return { requests: this.#requests, isCut: this.#isCut, violations: this.#violations };
  }

  answer(request, response, url, path, body) {
    const [id, call] = path;
    if (request.method === 'GET' && call === undefined) return this.#query(response, id);
    const follows = (request.method === 'GET' && call === 'events') || (request.method === 'POST' && id === '-' && call === 'follow');
    const drives = request.method === 'POST' && call === 'drive';
    if (!follows && !drives) return json(response, 404, problem(404));
    const token = request.headers.authorization?.replace(/^Bearer /i, '') ?? null;
    const isPage = call === 'events' && /json/.test(request.headers.accept ?? '') && !/event-stream/.test(request.headers.accept ?? '');
    const wanted = drives ? [{ id }] : call === 'events'
      ? [{ id, after: number(request.headers['last-event-id'] ?? url.searchParams.get('after')) }]
      : JSON.parse(body).streams;
    const index = this.#requests.length;
    this.#requests.push({ call: drives ? 'drive' : isPage ? 'page' : call, wanted, token, at: Date.now() });
    this.#check(wanted, token, drives);
    const fault = (this.#case.faults ?? []).find(each => (each.at === undefined || each.at === index) && (!each.call || each.call === call)) ?? {};
    if (fault.silent && !isPage) return; // a proxy that gathers the answer until it is whole
    if (fault.reset) return request.socket.destroy();
    if (fault.redirect) return response.writeHead(fault.redirect, { Location: `${url.pathname}${url.search}${url.search ? '&' : '?'}moved=1` }).end();
    if (this.#case.tokens && !token && !wanted[0].token) return this.#refuse(response, { status: 401 });
    if (fault.status) return this.#refuse(response, fault);
    if (isPage) return this.#page(response, wanted[0], fault);
    this.#stream(request, response, wanted, drives, call === 'follow', fault);
  }

  #check(wanted, token, drives) {
    if (Date.now() < this.#notBefore) this.#violations.push(`It came ${this.#notBefore - Date.now()} ms before Retry-After was over.`);
    for (const { id, after } of wanted) {
      const allowed = this.#known.get(id);
      if (allowed && !drives && !allowed.includes(after ?? null)) this.#violations.push(`It asked for '${id}' after ${after}, and has one of ${JSON.stringify(allowed)}.`);
    }

    const before = this.#requests.at(-2);
    const given = wanted[0].token ?? token;
    if (this.#case.tokens && before?.refused === 401 && given === before.given) this.#violations.push('It sent the token again that was refused.');
    this.#requests.at(-1).given = given;
  }

  #refuse(response, { status, headers: { ...headers } = {}, type, html }) {
    const wait = Number(headers['Retry-After'] ?? 0) * 1000;
    if (wait > 0) this.#notBefore = Date.now() + wait - 50;
    if (headers['Retry-After-Date']) {
      const date = new Date(Math.ceil(Date.now() / 1000 + headers['Retry-After-Date']) * 1000);
      delete headers['Retry-After-Date'];
      headers['Retry-After'] = date.toUTCString();
      this.#notBefore = date - 1050; // a client may count from the answer's own date, which has whole seconds
    }

    if (type === 'cursor-past-end') this.#known.clear();
    this.#requests.at(-1).refused = status;
    if (html) return response.writeHead(status, { 'Content-Type': 'text/html', ...headers }).end('<!doctype html><p>One moment, please.');
    response.writeHead(status, { 'Content-Type': 'application/problem+json', ...headers }).end(status === 204 ? undefined : JSON.stringify(problem(status, type)));
  }

  #query(response, id) {
    const events = this.#case.streams[id];
    if (!events) return json(response, 404, problem(404));
    json(response, 200, view(id, events));
  }

  /** What comes after a cursor; `replay`: all, as from a cache. */
  #after({ id, after }, fault) {
    const events = (this.#case.streams[id] ?? []).filter(each => !fault.skip?.includes(each.id));
    return fault.replay ? events : events.filter(each => each.id === undefined || each.id > (after ?? -1));
  }

  #isOver({ id, after }) {
    const end = (this.#case.streams[id] ?? []).findLast(each => each.event === 'end');
    return end?.id !== undefined && after >= end.id;
  }

  #page(response, wanted, fault) {
    if (!this.#case.streams[wanted.id]) return json(response, 404, problem(404));
    if (this.#isOver(wanted)) return response.writeHead(204).end();
    const events = this.#after(wanted, fault).slice(0, 2);
    const cursor = events.at(-1)?.id ?? wanted.after;
    this.#known.set(wanted.id, [cursor ?? null]);
    json(response, 200, { events, ...(cursor === undefined || cursor === null ? {} : { cursor }) });
  }

  #stream(request, response, wanted, drives, isShared, fault) {
    if (!isShared && !this.#case.streams[wanted[0].id]) return json(response, 404, problem(404));
    if (!isShared && !drives && this.#isOver(wanted[0])) return response.writeHead(204).end();
    const events = drives ? this.#case.drive : wanted.flatMap(each => this.#told(each, isShared, fault));
    const { bytes, ends } = encode(events, this.#case.format);
    const cut = fault.stays ? ends[fault.until]?.sure ?? bytes.length : fault.cut === 'each' ? this.#variant : fault.cut ?? bytes.length;
    const isCut = cut < bytes.length && !fault.stays;
    this.#isCut ||= isCut;
    // Where something was missing it is read again, from before it or from the beginning.
    const known = each => fault.skip ? undefined : cursors(ends, isShared ? each.id : '', each.after ?? null, cut);
    for (const each of wanted) this.#known.set(each.id, drives ? undefined : known(each));
    const sent = bytes.subarray(0, Math.min(cut, bytes.length));
    const { contentType = 'text/event-stream', chunk = bytes.length, old, trailers } = this.#case.format ?? {};
    if (old) return request.socket.end(Buffer.concat([Buffer.from(`HTTP/1.0 200 OK\r\nContent-Type: ${contentType}\r\n\r\n`), sent]));
    const headers = { 'Content-Type': contentType, 'Cache-Control': 'no-store', ...(isShared ? {} : { 'X-Stream-Id': wanted[0].id }) };
    response.writeHead(200, { ...headers, ...(trailers ? { Trailer: 'X-Stream-Status' } : {}) });
    if (trailers) response.addTrailers({ 'X-Stream-Status': 'done' });
    response.flushHeaders();
    this.#write(request, response, sent, Math.max(1, chunk), isCut && !fault.clean, fault.stays);
  }

  #told(wanted, isShared, fault) {
    if (!isShared) return this.#after(wanted, fault);
    if (!this.#case.streams[wanted.id]) return [{ stream: wanted.id, event: 'error', data: { stream: wanted.id, problem: problem(404) } }];
    if (this.#isOver(wanted)) return [{ stream: wanted.id, event: 'over', data: { stream: wanted.id, cursor: wanted.after } }];
    return this.#after(wanted, fault).map(each => shared(wanted.id, each));
  }

  /** In pieces, each a packet of its own; then the end, a cut, or nothing more. */
  #write(request, response, bytes, size, isCut, stays) {
    if (response.destroyed) return;
    if (bytes.length === 0) return isCut ? setTimeout(() => request.socket.destroy(), 5) : stays ? undefined : response.end();
    response.write(bytes.subarray(0, size), () => setImmediate(() => this.#write(request, response, bytes.subarray(size), size, isCut, stays)));
  }
}

/**
 * Which cursors a client may have of a stream after so many bytes: a parser may take an event at its last byte but one
 * (CR before LF).
 */
function cursors(ends, stream, before, cut) {
  const own = ends.filter(each => each.stream === stream && each.id !== null);
  const sure = own.findLast(each => each.sure <= cut)?.id ?? before;
  const possible = own.findLast(each => each.possible <= cut)?.id ?? before;
  return [...new Set([sure, possible])];
}

const number = text => text === null || text === '' || text === undefined ? undefined : Number(text);

const problem = (status, type) => ({ type: `/problems/${type ?? titles[status]}`, title: `The stub answers ${status}.`, status, detail: 'As the case says.' });

function json(response, status, value) {
  response.writeHead(status, { 'Content-Type': status < 400 ? 'application/json; charset=utf-8' : 'application/problem+json' }).end(JSON.stringify(value));
}
