// Drives a stream: its text comes at once, and what is saved of it is told a moment later. After a cut the client goes
// on out of the log.

import { clientWith } from '../api.js';
import { bytesOf } from '../utf8.js';

export class Driver {
  #leaving = new AbortController();
  #isClaimed = false;

  /**
   * @param on text(text), part(name, data), saved({revision, length}), end(end), lost(), unreached(), elsewhere(),
   *   refused(problem)
   */
  constructor(id, on) {
    this.#run(id, on);
  }

  /** Leaving is not cancelling: the stream goes on without us. */
  leave() {
    this.#leaving.abort();
  }

  async #run(id, on) {
    const { signal } = this.#leaving;
    try {
      for await (const { event, cursor, ...data } of this.#clientFor(on).drive(id, { signal })) {
        if (event === 'text') on.text(data.text);
        if (event === 'text' && cursor !== undefined) on.saved({ revision: cursor, length: data.offset + bytesOf(data.text) });
        else if (event === 'saved') on.saved(data);
        else if (event === 'end') on.end(data);
        else if (event.startsWith('part')) on.part(event, data);
      }
    } catch (problem) {
      if (!signal.aborted) on.refused(problem);
    }
  }

  /** The page shows how the claim fares, and when the text comes from the log instead. */
  #clientFor(on) {
    return clientWith({
      fetch: async (address, init) => {
        if (this.#isClaimed) on.lost();
        try {
          const response = await fetch(address, init);
          if (init.method === 'POST' && response.status === 409) {
            this.leave();
            on.elsewhere();
          } else this.#isClaimed ||= init.method === 'POST' && response.ok;
          return response;
        } catch (problem) {
          if (!init.signal.aborted && !this.#isClaimed) on.unreached();
          throw problem;
        }
      },
    });
  }
}
