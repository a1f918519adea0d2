// From revision to revision, at the pace at which they were written. Long silences are cut short.

const longestMs = 2000;
const shortestMs = 30;

export class Replay {
  #on;
  #turn;
  #timer;

  /** @param on go(then): as it was; over() */
  constructor(on) {
    this.#on = on;
  }

  get isRunning() {
    return this.#turn !== undefined;
  }

  stop() {
    clearTimeout(this.#timer);
    this.#turn = undefined;
  }

  /** @param last the revision at which it is over */
  async start(past, from, last) {
    this.stop();
    const turn = this.#turn = {};
    try {
      let then = await past.at(from);
      for (let revision = from; this.#turn === turn; revision++) {
        const shown = performance.now();
        this.#on.go(then);
        if (revision === last) break;
        const next = await past.at(revision + 1);
        const due = Math.min(longestMs, Math.max(shortestMs, next.time - then.time)) - (performance.now() - shown);
        then = next;
        await new Promise((resolve) => { this.#timer = setTimeout(resolve, due); });
      }
    } catch {
      // What cannot be read any more is told where it is shown.
    }
    if (this.#turn !== turn) return;
    this.stop();
    this.#on.over();
  }
}
