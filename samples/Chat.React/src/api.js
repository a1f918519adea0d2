// What samples/Chat itself answers; the streams' own API is the client's.

export const titles = () => get('/chats');

export const exchangesOf = (chat) => get(`/chats/${encodeURIComponent(chat)}`);

export const ask = async (chat, question) => (await post(`/chats/${encodeURIComponent(chat)}`, question)).stream;

export const askAgain = async (chat, stream) => (await post(`/chats/${encodeURIComponent(chat)}/again`, stream)).stream;

/**
 * Tells what other tabs ask. The browser comes back by itself after a lost connection, and is told `ready` again.
 * @returns what ends it
 */
export function followChanges({ ready, asked }) {
  const changes = new EventSource('/chats/changes');
  changes.addEventListener('ready', ready);
  changes.addEventListener('asked', (event) => asked(JSON.parse(event.data)));
  return () => changes.close();
}

const get = (address) => answered(fetch(address));

const post = (address, body) =>
  answered(fetch(address, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }));

const words = {
  400: 'A message has 1 to 4,000 characters.',
  401: 'You are signed out.',
  409: 'This has been asked again already, or has its answer.',
};

async function answered(request) {
  const response = await request.catch(() => {
    throw new Error('The server cannot be reached. Try again in a moment.');
  });
  if (response.status === 401) location.assign('/sign-in');
  if (!response.ok) throw new Error(words[response.status] ?? `The server did not take it (${response.status}).`);
  return response.json();
}
