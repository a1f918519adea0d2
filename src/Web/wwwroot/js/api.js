// The HTTP API, as this page uses it. Addresses are relative to this file, so the page works below any path.

import { askForKey, key } from './key.js';

const root = new URL('../', import.meta.url);
export const streams = new URL('v1/streams', root);

/** A refusal, in the server's words (application/problem+json), or ours where there are none. */
export class Problem extends Error {
  constructor(status, body) {
    const title = body?.title ?? (status ? `The server answered ${status}.` : 'The server cannot be reached.');
    super(body?.detail ? `${title} ${body.detail}` : title);
    this.status = status;
    this.detail = body?.detail;
    this.field = body?.field;
    this.type = body?.type?.split('/').pop();
  }
}

export const addressOf = (id, part = '') => `${streams}/${encodeURIComponent(id)}${part && `/${part}`}`;

/** A stream's own page; with a revision, as it was then. */
export const pageOf = (id, at) => new URL(`streams/${encodeURIComponent(id)}${at === undefined ? '' : `?at=${at}`}`, root).href;

/** What an address of this page shows: { id?, at? }. */
export function shownAt({ href }) {
  const { pathname, searchParams } = new URL(href);
  const [, id] = /\/streams\/([^/]+)$/.exec(pathname) ?? [];
  const at = searchParams.get('at');
  return { id: id && decoded(id), at: /^\d{1,15}$/.test(at) ? Number(at) : undefined };
}

export async function create(stream) {
  return (await send('POST', streams, stream)).json();
}

export async function query(id, { at, text = false, parts = false, signal } = {}) {
  const address = new URL(addressOf(id));
  if (parts) address.searchParams.set('parts', 'true');
  if (!text) address.searchParams.set('text', 'false');
  if (at !== undefined) address.searchParams.set('at', at);
  return (await send('GET', address, undefined, { signal })).json();
}

/** @param given status, q, cursor, limit, count: what is left out or empty is not asked for */
export async function list(given) {
  const address = new URL(streams);
  for (const [name, value] of Object.entries(given)) if (value) address.searchParams.set(name, value);
  return (await send('GET', address)).json();
}

export async function cancel(id, reason) {
  return (await send('POST', addressOf(id, 'cancel'), reason ? { reason } : {})).json();
}

export const remove = (id) => send('DELETE', addressOf(id));

/** Claims the stream; the answer's body is server-sent events. */
export const drive = (id, signal) => send('POST', `${addressOf(id, 'drive')}?parts=true`, undefined, { signal, accept: 'text/event-stream' });

/** Where an EventSource, which sends no header, follows a stream: with a key by a token made for that. */
export async function eventsAddress(id) {
  const address = await withToken(id, 'events');
  address.searchParams.set('parts', 'true');
  return address;
}

/** Where the bytes of a part are, for a link or a picture, which send no header either. */
export const partAddress = async (id, part) => (await withToken(id, `parts/${part}`)).href;

async function withToken(id, below) {
  const address = new URL(addressOf(id, below));
  if (!key()) return address;
  let token = key();
  try {
    token = (await (await send('POST', addressOf(id, 'tokens'), { rights: ['read'], seconds: 3600, sub: 'page' })).json()).token;
  } catch (problem) {
    if (problem.status !== 403) throw problem; // what was given is a token itself, which makes no others
  }
  address.searchParams.set('token', token);
  return address;
}

async function send(method, address, body, options = {}) {
  const response = await sendOnce(method, address, body, options);
  if (response.status === 401 && await askForKey()) return checked(await sendOnce(method, address, body, options));
  return checked(response);
}

async function checked(response) {
  if (!response.ok) throw new Problem(response.status, await response.json().catch(() => undefined));
  return response;
}

async function sendOnce(method, address, body, { signal, accept = 'application/json' }) {
  const headers = { Accept: accept };
  if (key()) headers.Authorization = `Bearer ${key()}`;
  if (body) headers['Content-Type'] = 'application/json';
  try {
    return await fetch(address, { method, headers, signal, body: body && JSON.stringify(body) });
  } catch (e) {
    throw signal?.aborted ? e : new Problem(0);
  }
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // no stream has such an id, and the server says so
  }
}
