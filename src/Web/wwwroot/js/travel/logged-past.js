// The past of a stream, as the log has it.

import { client } from '../api.js';
import { Observer } from '../stream/observer.js';

export class LoggedPast {
  #stream;

  constructor(stream) {
    this.#stream = stream;
  }

  get id() {
    return this.#stream.id;
  }

  /** As it was: { id, revision, status, text, content, length, time (ms after the creation) }. */
  async at(revision, signal) {
    const then = await client.query(this.id, { at: revision, parts: true, signal });
    const time = new Date(then.endedAt ?? then.lastActivityAt) - new Date(this.#stream.createdAt);
    return { id: this.id, revision: then.revision, status: then.status, text: then.text, content: then.content, length: then.length, time };
  }

  /** Follows it from there on, as one would that lost its connection then. @param on as an Observer's */
  resume(revision, on) {
    return new Observer(this.id, on, revision);
  }
}
