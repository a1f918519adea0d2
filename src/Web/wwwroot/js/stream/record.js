// What this tab saw of a stream, and when, all by one clock, in milliseconds: this tab's own, or that of a recording.

const own = () => performance.now();

export class Record {
  tokens = []; // { time, end }: when a piece came at the driver, and the bytes up to its end
  saves = []; //  { time, from, to, lag }: an append, as the driver was told of it
  batches = []; // { time, from, to, lag, first, last }: what came out of the log, at the observer
  end = undefined;
  #begin;
  #clock;

  constructor(clock = own) {
    this.#clock = clock;
  }

  get begin() {
    return this.#begin ?? 0;
  }

  get now() {
    const now = this.#clock();
    this.#begin ??= now;
    return now;
  }

  token(bytes) {
    this.tokens.push({ time: this.now, end: (this.tokens.at(-1)?.end ?? 0) + bytes });
  }

  saved(length) {
    const from = this.saves.at(-1)?.to ?? 0;
    if (length <= from) return;
    const time = this.now;
    this.saves.push({ time, from, to: length, lag: this.#lag(from, time) });
  }

  batch(from, to, first, last) {
    const time = this.now;
    const batch = { time, from, to, first, last, lag: this.#lag(from, time) };
    this.batches.push(batch);
    return batch;
  }

  ended() {
    this.end ??= this.now;
  }

  /**
   * When the character that begins at this byte came at the driver; undefined where this tab did not drive, or no
   * longer.
   */
  timeOf(byte) {
    let [low, high] = [0, this.tokens.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.tokens[middle].end > byte) high = middle;
      else low = middle + 1;
    }
    return this.tokens[low]?.time;
  }

  #lag(from, time) {
    const came = this.timeOf(from);
    return came === undefined ? undefined : time - came;
  }
}
