// The stream in view: what is shown of it, and when. How, its parts know.

import { client } from '../api.js';
import { Code } from '../code/code.js';
import { RecordedShow } from '../recording/show.js';
import { LoggedPast } from '../travel/logged-past.js';
import { Travel } from '../travel/travel.js';
import { Cancellation } from './cancellation.js';
import { DriverSide } from './driver-side.js';
import { wordsOf } from './ending.js';
import { StreamHead } from './head.js';
import { ObserverSide } from './observer-side.js';
import { Seen } from './seen.js';
import { isEnding } from './status.js';

const $ = (id) => document.getElementById(id);

export class StreamView {
  #seen = new Seen();
  #code = new Code();
  #travel = new Travel({
    went: (revision) => this.#code.went(revision),
    returned: () => this.#code.returned(),
  });
  #head;
  #driver;
  #observer;
  #show;
  #announce;
  #stream; // as the API showed it last, without its text; undefined: none in view
  #asking = {};
  #cancellation = new Cancellation({ cancelled: (reason) => this.#code.cancelled(reason), refused: (problem) => this.#head.problem(problem) });
  #wasLive = false; // this tab was there before the stream ended

  /** @param on announce(words) */
  constructor({ announce }) {
    this.#announce = announce;
    this.#head = new StreamHead({ announce, drive: () => this.#drive(), cancel: (reason) => this.#cancellation.ask(this.#stream.id, reason) });
    this.#driver = new DriverSide({
      word: (bytes) => this.#seen.word(bytes),
      saved: (length) => this.#seen.saved(length),
      refused: (problem) => this.#head.problem(problem),
      lost: () => this.#announce('The driver’s connection is lost. The stream goes on; its text comes from the log now.'),
    });
    this.#observer = new ObserverSide({
      status: (status, revision) => this.#statusCame(status, revision),
      batch: (frame, from, to, first, last) => this.#batchCame(frame, from, to, first, last),
      part: (name, data, last) => this.#partCame({ name, data }, last),
      end: (end, revision) => this.#endCame({ ...end, revision }),
      reconnecting: () => this.#announce('The connection is lost. Reconnecting.'),
      refused: (problem) => this.#head.problem(problem),
    });
    this.#show = new RecordedShow({ head: this.#head, driver: this.#driver, observer: this.#observer, seen: this.#seen, travel: this.#travel, code: this.#code });
  }

  close(title, facts) {
    this.#show.stop();
    this.#driver.clear();
    this.#observer.clear();
    this.#seen.clear();
    this.#travel.close();
    this.#code.clear();
    this.#head.clear(title, facts);
    this.#cancellation.clear();
    this.#stream = undefined;
    this.#asking = {};
    $('panes').hidden = false;
  }

  /** What is there to be seen until a stream is. */
  showRecording() {
    this.close();
    this.#show.start();
  }

  /** Shows a stream that was just created here, and drives it. */
  start(stream, asked) {
    this.#put(stream);
    this.#code.created(asked, stream.id);
    this.#code.followed(stream.id);
    this.#drive();
  }

  /**
   * Shows any stream, at any time.
   * @param at a revision: as it was then
   */
  async open(id, at) {
    this.close(id, 'Asking for it …');
    const asking = this.#asking;
    try {
      const stream = await client.query(id, { text: false });
      if (this.#asking !== asking) return; // another one was chosen meanwhile
      this.#put(stream);
      this.#code.followed(id);
      if (at !== undefined) this.#travel.go(at);
    } catch (problem) {
      if (this.#asking !== asking) return;
      this.#head.gone(id, problem);
      $('panes').hidden = true; // nothing of it can be shown
    }
  }

  /**
   * No reader is told when a stream that has ended is deleted; and one that runs is cancelled first, which is all that
   * its readers hear.
   */
  async askWhetherDeleted() {
    const stream = this.#stream;
    if (!stream || !isEnding(stream.status) || stream.status === 'deleted') return;
    try {
      await client.query(stream.id, { text: false });
    } catch (problem) {
      if (this.#stream === stream && problem.status === 410) this.#ended({ status: 'deleted' });
    }
  }

  #put(stream) {
    this.close();
    this.#stream = stream;
    this.#wasLive = !isEnding(stream.status);
    this.#head.show(stream);
    this.#seen.begin();
    this.#driver.elsewhere(isEnding(stream.status) ? 'had its words at once; this tab came later'
      : stream.status === 'pending' ? 'has not come yet' : 'is another tab, or was this one before it was loaded again');
    this.#standsAt(stream.status);
    this.#travel.show(new LoggedPast(stream), stream.revision ?? 0);
    if (isEnding(stream.status)) this.#observer.readFromTop();
    this.#observer.follow(stream.id);
  }

  #standsAt(status) {
    this.#stream.status = status;
    // An upload's text comes from its driver, and this page has none to give.
    this.#head.status(status, status === 'pending' && !this.#driver.isDriving && this.#stream.source !== 'upload');
  }

  #drive() {
    const { id, status } = this.#stream;
    this.#driver.drive(id);
    this.#code.driven(id);
    this.#standsAt(status);
  }

  #statusCame(status, revision) {
    this.#seen.lifecycle(status, revision);
    this.#travel.grown(revision);
    if (!this.#stream || isEnding(this.#stream.status)) return; // a late reader hears how it began
    this.#standsAt(status);
    if (status === 'streaming') this.#announce('The stream has started.');
  }

  #batchCame(frame, from, to, first, last) {
    this.#seen.batch(frame, from, to, first, last);
    this.#travel.grown(last);
  }

  #partCame(said, last) {
    this.#seen.part(said, last);
    this.#travel.grown(last);
  }

  #endCame(end) {
    this.#seen.lifecycle(end.status, end.revision);
    this.#travel.grown(end.revision);
    if (this.#stream) this.#ended(end);
    else this.#seen.ended();
  }

  #ended(end) {
    this.#seen.ended();
    this.#standsAt(end.status);
    const words = wordsOf(end, this.#cancellation.whoOf(end, this.#wasLive));
    this.#head.ending(words, end.status);
    this.#announce(words);
    if (end.status === 'deleted') this.#travel.close();
    else if (end.revision !== undefined) this.#seen.tellHistory(this.#stream, end.revision);
  }
}
