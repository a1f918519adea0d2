// The HTTP API, as this page uses it. Addresses are relative to the page, so it works below any path.

import { askForKey, key } from './key.js';

const streams = new URL('v1/streams', document.baseURI);

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

/** The address at which this page shows a stream. */
export const pageOf = (id) => `?stream=${encodeURIComponent(id)}`;

export async function create(stream) {
  return (await send('POST', streams, stream)).json();
}

export async function query(id, { at, text = false } = {}) {
  const address = new URL(addressOf(id));
  if (!text) address.searchParams.set('text', 'false');
  if (at !== undefined) address.searchParams.set('at', at);
  return (await send('GET', address)).json();
}

export async function list({ status, cursor, limit }) {
  const address = new URL(streams);
  if (status) address.searchParams.set('status', status);
  if (cursor) address.searchParams.set('cursor', cursor);
  address.searchParams.set('limit', limit);
  return (await send('GET', address)).json();
}

export async function cancel(id, reason) {
  return (await send('POST', addressOf(id, 'cancel'), reason ? { reason } : {})).json();
}

export const remove = (id) => send('DELETE', addressOf(id));

/** Claims the stream; the answer's body is server-sent events. */
export const drive = (id, signal) => send('POST', addressOf(id, 'drive'), undefined, { signal, accept: 'text/event-stream' });

/** Where an EventSource, which sends no header, follows a stream: with a key by a token made for that. */
export async function eventsAddress(id) {
  const address = new URL(addressOf(id, 'events'));
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
