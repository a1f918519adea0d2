// A cancellation that this tab asks for; and who it was that cancelled, as far as this tab can tell.

import { client } from '../api.js';

export class Cancellation {
  #asked; // { reason }
  #on;

  /** @param on cancelled(reason), refused(problem) */
  constructor(on) {
    this.#on = on;
  }

  clear() {
    this.#asked = undefined;
  }

  async ask(id, reason) {
    const asked = this.#asked = { reason };
    try {
      await client.cancel(id, { reason: reason || undefined });
      if (this.#asked === asked) this.#on.cancelled(reason);
    } catch (problem) {
      if (this.#asked !== asked) return; // another stream is in view
      this.#asked = undefined;
      this.#on.refused(problem);
    }
  }

  /** The API gives the reason, not the actor; but this tab knows whether it asked. */
  whoOf(end, wasLive) {
    if (end.status !== 'cancelled') return undefined;
    if (this.#asked && (!this.#asked.reason || this.#asked.reason === end.error?.message)) return 'this tab';
    return wasLive ? 'another tab or client' : undefined;
  }
}
