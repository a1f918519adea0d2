// Drives a stream: its text comes at once, and what is saved of it is told a moment later.

import { drive } from '../api.js';
import { eventsOf } from '../sse.js';

export class Driver {
  #leaving = new AbortController();

  /** @param on text(text), part(name, data), saved({revision, length}), end(end), lost() */
  constructor(id, on) {
    this.done = this.#run(id, on);
  }

  /** Leaving is not cancelling: the stream goes on without us. */
  leave() {
    this.#leaving.abort();
  }

  async #run(id, on) {
    const { signal } = this.#leaving;
    try {
      const response = await drive(id, signal);
      if (await this.#read(response, on)) return;
    } catch (e) {
      if (signal.aborted) return;
      if (e.status) throw e; // the server refused; anything else is the connection
    }
    if (!signal.aborted) on.lost();
  }

  /** Whether the end came. */
  async #read(response, on) {
    for await (const { event, data } of eventsOf(response)) {
      if (this.#leaving.signal.aborted) return true;
      if (event === 'text') on.text(data.text);
      else if (event.startsWith('part')) on.part(event, data);
      else if (event === 'saved') on.saved(data);
      else if (event === 'end') {
        on.end(data);
        return true;
      }
    }
    return false;
  }
}
