// The observer's pane: batch by batch, as it comes out of the log.

import { ObserverText } from '../panes/observer-text.js';
import { bytes, number } from '../words.js';
import { Observer } from './observer.js';

const $ = (id) => document.getElementById(id);
const ordinary = 'batch by batch, out of the log';

export class ObserverSide {
  #text = new ObserverText($('observer-text'));
  #on;
  #observer;
  #id;
  #turn = {};

  /**
   * @param on status(status, revision), batch(frame, from, to, first, last), part(name, data, last), end(end,
   *   revision), refused(problem), reconnecting()
   */
  constructor(on) {
    this.#on = on;
  }

  clear() {
    this.#observer?.close();
    this.#observer = undefined;
    this.#turn = {};
    this.#text.clear();
    this.#is('', ordinary);
    $('observer-read').textContent = 'Only what is durable comes here.';
  }

  /** What is over is read from its beginning; what runs, where it is. */
  readFromTop() {
    this.#text.readFromTop();
  }

  follow(id) {
    this.#id = id;
    this.#observer = new Observer(id, this.handlers());
  }

  /** For whatever is followed: the log, or a recording of what came out of it. */
  handlers() {
    const turn = this.#turn = {};
    const mine = (take) => (...args) => { if (this.#turn === turn) take(...args); };
    return {
      connected: mine(() => this.#is('connected', ordinary)),
      reconnecting: mine(() => {
        this.#is('reconnecting', 'reconnecting …');
        this.#on.reconnecting();
      }),
      refused: mine((problem) => {
        this.#is('ended', 'has nothing to read');
        this.#on.refused(problem);
      }),
      status: mine((status, revision) => this.#on.status(status, revision)),
      text: mine((frame, first, last) => this.#batch(frame, first, last)),
      part: mine((name, data, last) => {
        this.#text.parts.take(name, this.#id, data);
        this.#on.part(name, data, last);
      }),
      end: mine((end, revision) => {
        this.#text.parts.streamEnded();
        this.#is('ended', end.status === 'deleted' ? 'the stream was deleted' : 'has all there is');
        this.#on.end(end, revision);
      }),
    };
  }

  #batch(frame, first, last) {
    const from = this.#text.bytes;
    if (!this.#text.add(frame, first, last)) {
      this.#on.refused(new Error(`The log's text does not fit: byte ${from} was due, ${frame.offset} came. Load the page again.`));
      return;
    }
    $('observer-read').textContent = `${bytes(this.#text.bytes)} read, up to revision ${number(last)}.`;
    this.#on.batch(frame, from, this.#text.bytes, first, last);
  }

  #is(state, words) {
    $('observer').dataset.state = state;
    $('observer-state').textContent = words;
  }
}
