// Follows a stream out of the log. The browser's EventSource resumes by itself at the last revision that it got; where it gives up
// (any answer but 200) this asks why, and goes on if there is something to go on with.

import { eventsAddress, query } from '../api.js';

const shortestPause = 1000;
const longestPause = 10_000;

export class Observer {
  #id;
  #on;
  #source;
  #timer;
  #closed = false;
  #pause = shortestPause;
  #last;

  /**
   * @param on status(status, revision), text({offset, text}, first, last), part(name, data, last), end(end, revision), connected(), reconnecting(), refused(problem)
   * @param after the revision behind which it begins; -1: all of it
   */
  constructor(id, on, after = -1) {
    this.#id = id;
    this.#on = on;
    this.#last = after;
    this.#open();
  }

  close() {
    this.#closed = true;
    this.#source?.close();
    clearTimeout(this.#timer);
  }

  async #open() {
    let address;
    try {
      address = await eventsAddress(this.#id);
    } catch (problem) {
      if (this.#closed) return;
      if (problem.status !== 501) return this.#askWhy();
      this.close();
      this.#on.refused(problem); // the server makes no tokens
      return;
    }
    if (this.#closed) return;
    if (this.#last >= 0) address.searchParams.set('after', this.#last);
    this.#source = new EventSource(address);
    this.#source.onopen = () => {
      this.#pause = shortestPause;
      this.#on.connected();
    };
    this.#source.onerror = () => this.#onError();
    this.#listen('status', (data, first, last) => this.#on.status(data.status, last));
    this.#listen('text', (data, first, last) => this.#on.text(data, first, last));
    for (const name of ['part', 'part-text', 'part-end']) this.#listen(name, (data, first, last) => this.#on.part(name, data, last));
    this.#listen('end', (data, first, last) => {
      this.close();
      this.#on.end(data, last);
    });
  }

  #listen(name, take) {
    this.#source.addEventListener(name, (e) => {
      const first = this.#last + 1;
      // The end of a stream whose events are gone has no id: the one before it stays.
      this.#last = Math.max(this.#last, Number(e.lastEventId || -1));
      take(JSON.parse(e.data), first, this.#last);
    });
  }

  #onError() {
    if (this.#closed) return;
    this.#on.reconnecting();
    if (this.#source.readyState === EventSource.CLOSED) this.#askWhy();
  }

  async #askWhy() {
    try {
      await query(this.#id);
    } catch (problem) {
      if (this.#closed) return;
      if (problem.status === 410) {
        this.close();
        this.#on.end({ status: 'deleted' }, undefined);
        return;
      }
      if (problem.status >= 400 && problem.status < 500 && problem.status !== 429) {
        this.close();
        this.#on.refused(problem);
        return;
      }
    }
    if (this.#closed) return;
    this.#timer = setTimeout(() => this.#open(), this.#pause);
    this.#pause = Math.min(this.#pause * 2, longestPause);
  }
}
