// A clock that stands until it is told to go on.

export class ManualClock {
  #now = 1_000_000;
  #timers = new Map();
  #last = 0;

  now = () => this.#now;

  setTimeout = (run, milliseconds) => {
    this.#timers.set(++this.#last, { at: this.#now + milliseconds, run });
    return this.#last;
  };

  clearTimeout = (timer) => { this.#timers.delete(timer); };

  get timers() {
    return this.#timers.size;
  }

  /** Runs what is due on the way, each at its time, with what follows from it. */
  async advance(milliseconds) {
    const until = this.#now + milliseconds;
    await settled();
    for (let due; (due = this.#due(until)); await settled()) {
      this.#timers.delete(due.timer);
      this.#now = Math.max(this.#now, due.at);
      due.run();
    }
    this.#now = until;
    await settled();
  }

  /** As a machine that slept: what was due meanwhile runs now, and only once. */
  async sleep(milliseconds) {
    this.#now += milliseconds;
    const due = [...this.#timers].filter(([, { at }]) => at <= this.#now);
    for (const [timer, { run }] of due) if (this.#timers.delete(timer)) run();
    await settled();
  }

  /** As a wall clock that is set: timers, which a monotonic one counts, keep their pauses. */
  jump(milliseconds) {
    this.#now += milliseconds;
    for (const timer of this.#timers.values()) timer.at += milliseconds;
  }

  #due(until) {
    const [first] = [...this.#timers].map(([timer, due]) => ({ timer, ...due })).sort((one, other) => one.at - other.at);
    return first?.at <= until ? first : undefined;
  }
}

/** All that follows without a clock has happened: promises, bodies that are read. */
export async function settled() {
  for (let i = 0; i < 15; i++) await new Promise((resolve) => { macrotask(resolve); });
}

function macrotask(run) {
  if (typeof setImmediate === 'function') {
    setImmediate(run);
    return;
  }
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    run();
  };
  port2.postMessage(null);
}
