'use client';

import { useMemo } from 'react';
import { createClient, type ShownStatus, type StreamsClient } from './index.js';
import { useStream as useStreamOf } from './react.js';

/** The statuses that `@convex-dev/persistent-text-streaming` knows. */
export type StreamStatus = 'pending' | 'streaming' | 'done' | 'error' | 'timeout';

/** Any string: Convex brands its ids. */
export type StreamId = string;

export interface StreamBody {
  text: string;
  status: StreamStatus;
}

interface Credentials {
  authToken?: string | null | undefined;
  headers?: Record<string, string> | undefined;
}

interface Known extends Credentials {
  client: StreamsClient;
}

/** One client a server, whose requests take the credentials that were given last. */
const servers = new Map<string, Known>();

function serverOf(streamUrl: URL | string): Known {
  const address = String(streamUrl).replace(/[?#].*$/, '');
  let known = servers.get(address);
  if (!known) {
    const server: Known = {
      client: createClient({ baseUrl: address, token: () => server.authToken ?? undefined, headers: () => server.headers }),
    };
    servers.set(address, (known = server));
  }
  return known;
}

/** What the predecessor has no word for ends as an error, because the text is not all that was to come. */
const statusOf = (status: ShownStatus): StreamStatus =>
  status === 'pending' || status === 'streaming' || status === 'done' || status === 'timeout' ? status : 'error';

/**
 * `useStream` of `@convex-dev/persistent-text-streaming`, over an EventSourcedStreams server.
 * @param getPersistentBody not asked any more: the server says what is saved
 * @param streamUrl the server, as `https://example.org`, or where its streams are, as `https://example.org/v1/streams`
 * @param driven whether this client has the stream made: once, whatever mounts and unmounts
 */
export function useStream(
  getPersistentBody: unknown,
  streamUrl: URL | string,
  driven: boolean,
  streamId: StreamId | undefined,
  opts: Credentials = {},
): StreamBody {
  void getPersistentBody;
  const server = serverOf(streamUrl);
  server.authToken = opts.authToken;
  server.headers = opts.headers;
  const { text, status } = useStreamOf(streamId, { client: server.client, drive: driven });
  return useMemo(() => ({ text, status: statusOf(status) }), [text, status]);
}
