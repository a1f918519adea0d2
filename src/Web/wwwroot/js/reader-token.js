// A token that reads one stream and does nothing else, in an address: for links and pictures, which send no header, and
// for followers, so that the key goes with no request that stays open.

import { streams } from './api.js';
import { key } from './key.js';

const seconds = 3600;

/** @param address of a stream, or below it; without a key, or where the server makes no tokens of it, as it is */
export async function withReaderToken(id, address) {
  const url = new URL(address);
  const token = key() && await made(id);
  if (!token) return url;
  url.search = new URLSearchParams([['token', token], ...url.searchParams]);
  return url;
}

/** Where the bytes of a part are. */
export const partAddress = async (id, part) => (await withReaderToken(id, `${streams}/${encodeURIComponent(id)}/parts/${part}`)).href;

async function made(id) {
  const response = await fetch(`${streams}/${encodeURIComponent(id)}/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key()}` },
    body: JSON.stringify({ rights: ['read'], seconds, sub: 'page' }),
  });
  return response.ok ? (await response.json()).token : undefined;
}
