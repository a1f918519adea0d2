// The driver's pane: word by word, with the mark that shows how much is saved.

import { DriverText } from '../panes/driver-text.js';
import { bytesOf, unitsOf } from '../utf8.js';
import { bytes, number } from '../words.js';
import { Driver } from './driver.js';

const $ = (id) => document.getElementById(id);

export class DriverSide {
  #text = new DriverText($('driver-text'));
  #on;
  #driver;
  #id;
  #turn = {}; // what an earlier driver still says is not of this stream

  /** @param on word(bytes), saved(length), ended(end), lost(), unclaimed(), refused(problem), isClaimed() */
  constructor(on) {
    this.#on = on;
  }

  get isDriving() {
    return this.#driver !== undefined;
  }

  clear() {
    this.#driver?.leave();
    this.#driver = undefined;
    this.#turn = {};
    this.isLost = false;
    this.#text.clear();
    this.#is('', 'word by word, from the source');
    $('driver-saved').textContent = 'The mark shows what is saved.';
  }

  elsewhere(words) {
    this.#is('elsewhere', words);
    $('driver-saved').textContent = 'Other tabs read what the log has.';
  }

  drive(id) {
    this.#id = id;
    const on = this.handlers('is this tab: word by word');
    const turn = this.#turn;
    const driver = this.#driver = new Driver(id, on);
    driver.done.catch((problem) => {
      if (this.#turn !== turn) return;
      this.#driver = undefined;
      this.elsewhere('is another tab');
      if (problem.type !== 'already-driven') this.#on.refused(problem);
    });
  }

  /** For whatever drives: this tab's own request, or a recording of one. */
  handlers(words) {
    this.#is('driving', words);
    const turn = this.#turn = {};
    const mine = (take) => (...args) => { if (this.#turn === turn) take(...args); };
    return {
      text: mine((text) => this.#word(text)),
      part: mine((name, data) => this.#text.parts.take(name, this.#id, data)),
      saved: mine(({ length, revision }) => this.#saved(length, revision)),
      end: mine((end) => this.#ended(end)),
      lost: mine(() => this.#lost()),
    };
  }

  /** The driver's text, from where its connection was lost, as it is durable. */
  goOn({ offset, text }) {
    const has = this.#text.bytes;
    const rest = text.slice(unitsOf(text, has - offset));
    if (offset <= has && rest) this.#text.add(rest);
    this.#text.savedTo(offset + bytesOf(text));
    this.#tellSaved();
  }

  /** What is said beside it, likewise. */
  goOnWith({ name, data }) {
    this.#text.parts.take(name, this.#id, data);
  }

  #word(text) {
    this.#text.add(text);
    this.#on.word(bytesOf(text));
    this.#tellSaved();
  }

  #saved(length, revision) {
    this.#text.savedTo(length);
    this.#on.saved(length);
    this.#tellSaved(revision);
  }

  #tellSaved(revision) {
    const { saved, bytes: all } = this.#text;
    const at = revision === undefined ? '' : `, revision ${number(revision)}`;
    $('driver-saved').textContent = saved === all ? `All ${bytes(all)} are saved${at}.`
      : `Saved to the mark: ${number(saved)} of ${bytes(all)}.`;
  }

  #ended(end) {
    if (end.status !== 'unknown') this.#text.parts.streamEnded();
    if (end.status !== 'unknown') this.#saved(end.length, end.revision);
    this.#is('ended', end.status === 'done' ? 'got every word' : `ended as ${end.status}`);
    this.#on.ended(end);
  }

  #lost() {
    if (!this.#on.isClaimed()) {
      // Nothing says that the claim has arrived: it may be made again, and only one wins.
      this.#driver = undefined;
      this.elsewhere('the server was not reached');
      this.#on.unclaimed();
      return;
    }
    this.isLost = true;
    this.#is('lost', 'lost its connection; the stream goes on, and comes from the log now');
    this.#on.lost();
  }

  #is(state, words) {
    $('driver').dataset.state = state;
    $('driver-state').textContent = words;
  }
}
