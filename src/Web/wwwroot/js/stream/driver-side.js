// The driver's pane: word by word, with the mark that shows how much is saved.

import { DriverText } from '../panes/driver-text.js';
import { bytesOf } from '../utf8.js';
import { bytes, number } from '../words.js';
import { Driver } from './driver.js';

const $ = (id) => document.getElementById(id);

export class DriverSide {
  #text = new DriverText($('driver-text'));
  #on;
  #driver;
  #id;
  #turn = {}; // what an earlier driver still says is not of this stream
  #isLost = false;

  /** @param on word(bytes), saved(length), lost(), refused(problem) */
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
    this.#isLost = false;
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
    this.#driver = new Driver(id, this.handlers('is this tab: word by word'));
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
      unreached: mine(() => this.#is('lost', 'does not reach the server; it asks again …')),
      elsewhere: mine(() => this.#leaveIt()),
      refused: mine((problem) => {
        this.#leaveIt();
        this.#on.refused(problem);
      }),
    };
  }

  #word(text) {
    this.#text.add(text);
    if (!this.#isLost) this.#on.word(bytesOf(text));
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
    this.#text.parts.streamEnded();
    if (end.length !== undefined) this.#saved(end.length, end.revision);
    this.#is('ended', end.status === 'done' ? 'got every word' : `ended as ${end.status}`);
  }

  #lost() {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#is('lost', 'lost its connection; the stream goes on, and comes from the log now');
    this.#on.lost();
  }

  /** Another client was first, or this one may not. */
  #leaveIt() {
    this.#driver = undefined;
    this.elsewhere('is another tab');
  }

  #is(state, words) {
    $('driver').dataset.state = state;
    $('driver-state').textContent = words;
  }
}
