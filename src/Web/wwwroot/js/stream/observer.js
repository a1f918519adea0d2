// Follows a stream out of the log.

import { clientWith } from '../api.js';
import { withReaderToken } from '../reader-token.js';

export class Observer {
  #leaving = new AbortController();

  /**
   * @param on status(status, revision), text({offset, text}, first, last), part(name, data, last), end(end, revision),
   *   connected(), reconnecting(), refused(problem)
   * @param after the revision behind which it begins; undefined: all of it
   */
  constructor(id, on, after) {
    this.#run(id, on, after);
  }

  close() {
    this.#leaving.abort();
  }

  async #run(id, on, after) {
    const { signal } = this.#leaving;
    let last = after ?? -1;
    try {
      for await (const { event, cursor, ...data } of followerOf(id, on).follow(id, { after, signal })) {
        const first = last + 1;
        // The end of a stream whose events are gone has no cursor: the one before it stays.
        last = Math.max(last, cursor ?? -1);
        if (event === 'status') on.status(data.status, last);
        else if (event === 'text') on.text(data, first, last);
        else if (event === 'end') on.end(data, last);
        else on.part(event, data, last);
      }
    } catch (problem) {
      if (signal.aborted) return;
      if (problem.status === 410) on.end({ status: 'deleted' }, undefined);
      else on.refused(problem);
    }
  }
}

/** It comes back by itself, behind what it has; the page shows how that goes. */
const followerOf = (id, on) => clientWith({
  async fetch(address, { headers: { Authorization, ...headers }, ...init }) {
    try {
      const url = await withReaderToken(id, address);
      const isKnown = Authorization && !url.searchParams.has('token');
      const response = await fetch(url, { ...init, headers: isKnown ? { ...headers, Authorization } : headers });
      if (response.ok) on.connected();
      return response;
    } catch (problem) {
      if (!init.signal?.aborted) on.reconnecting();
      throw problem;
    }
  },
});
