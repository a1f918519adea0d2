// Where this page's server is, and the client by which all of the page speaks to it. Addresses are relative to this
// file, so the page works below any path.

import { createClient } from './event-sourced-streams.js';
import { askForKey, key } from './key.js';

const root = new URL('../', import.meta.url);
export const streams = new URL('v1/streams', root);

/** The key is asked for where it is missing or refused, and what was asked goes on with it. */
async function given(isRefused) {
  if (isRefused) await askForKey();
  return key() || undefined;
}

/** @param options `fetch`, for a part of the page that shows how its requests fare */
export const clientWith = (options) => createClient({ baseUrl: streams, parts: true, token: given, ...options });

export const client = clientWith({});

/** A stream's own page; with a revision, as it was then. */
export const pageOf = (id, at) => new URL(`streams/${encodeURIComponent(id)}${at === undefined ? '' : `?at=${at}`}`, root).href;

/** What an address of this page shows: { id?, at? }. */
export function shownAt({ href }) {
  const { pathname, searchParams } = new URL(href);
  const [, id] = /\/streams\/([^/]+)$/.exec(pathname) ?? [];
  const at = searchParams.get('at');
  return { id: id && decoded(id), at: /^\d{1,15}$/.test(at) ? Number(at) : undefined };
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // no stream has such an id, and the server says so
  }
}
