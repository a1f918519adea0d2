import { readEvents } from './attempt.js';
import type { Told } from './told.js';
import type { Hub } from './hub.js';
import { Retry } from './retry.js';
import type { TextStream } from './stream.js';
import { queryOf } from './wire.js';

/** @internal Claims one stream for this page, once, and reads what is made until it ends, or is cut. */
export class Driver {
  /** It has to be sent, or sent again. */
  isWanted = false;
  /** What it reads is ahead of what a follower would get. */
  isReading = false;
  #isDone = false;
  /** It has been answered, or waits to be sent again: nothing is under way that the server may have heard. */
  #mayLeave = false;
  #attempt: AbortController | undefined;
  #stream: TextStream;
  #hub: Hub;

  constructor(stream: TextStream, hub: Hub) {
    this.#stream = stream;
    this.#hub = hub;
  }

  start() {
    if (this.#isDone || this.#attempt) return;
    this.isWanted = true;
    void this.#run();
  }

  /** No subscriber is left. A claim that is under way is not taken back: the server may have it, or not yet. */
  leave() {
    if (this.#mayLeave) this.#attempt?.abort();
  }

  /** The stream may be asked for again. */
  onRefused() {
    this.isWanted = this.#isDone = false;
    this.#attempt?.abort();
  }

  /** Where the answer cannot be read it is waited for no longer once the stream is known to run. */
  onTold() {
    if (!this.isReading && this.#stream.status !== 'pending') this.#attempt?.abort();
  }

  async #run() {
    const hub = this.#hub;
    const stream = this.#stream;
    const retry = new Retry(hub.wire);
    do {
      const attempt = (this.#attempt = new AbortController());
      this.isReading = !hub.polls;
      if (this.isReading) hub.remove(stream);
      else stream.goOn();
      const problem = await this.#read(attempt.signal, retry).catch((reason) => reason);
      stream.commit();
      hub.suspect(problem);
      this.isReading = false;
      const isClaimed =
        this.#mayLeave || problem?.status === 409 || stream.status !== 'pending';
      this.#mayLeave = false;
      if (!isClaimed) stream.fail(problem);
      else if (this.isWanted) {
        this.isWanted = false;
        this.#isDone = true;
      }
      if (this.isWanted && stream.isRead) {
        this.#mayLeave = true;
        await retry.wait(attempt.signal, problem);
        this.#mayLeave = false;
      }
      this.#attempt = undefined;
    } while (this.isWanted && stream.isRead);
    stream.goOn();
  }

  async #read(signal: AbortSignal, retry: Retry) {
    const hub = this.#hub;
    const { wire } = hub;
    const stream = this.#stream;
    let hasEntered = false;
    const asked = {
      method: 'POST',
      path: `${stream.path}/drive${queryOf({ parts: wire.parts })}`,
      token: stream.token,
      signal,
      retry,
      onAnswer: () => {
        this.#mayLeave = true;
        hasEntered = stream.isRead && this.isReading && hub.enterDriver();
        if (!hasEntered) return this.#attempt!.abort();
        stream.take('status', { status: 'streaming' });
        stream.commit();
      },
    };
    await readEvents(wire, asked, (events) => {
      for (const { event, data } of events) {
        const told = JSON.parse(data) as Told;
        // With the log away the ending is not known: following will tell.
        if (event === 'end' && told.status === 'unknown') this.#attempt!.abort();
        else stream.take(event, told);
      }
      stream.commit();
    }).finally(() => {
      if (hasEntered) hub.leaveDriver();
    });
  }
}
