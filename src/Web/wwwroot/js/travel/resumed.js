// The pane with what comes behind a revision: a follower that begins there, as after a lost connection.

import { Parts } from '../parts/parts.js';
import { TextPane } from '../panes/text-pane.js';
import { bytesOf } from '../utf8.js';
import { number, problemWords } from '../words.js';

const $ = (id) => document.getElementById(id);

export class Resumed {
  #pane = new TextPane($('resumed-text'));
  #parts = new Parts(this.#pane);
  #follower;
  #turn = {};

  clear() {
    this.#follower?.close();
    this.#follower = undefined;
    this.#turn = {};
    this.#pane.clear();
    this.#parts.clear();
    $('resumed-title').textContent = 'Resumed there';
    $('resumed-state').textContent = 'the rest';
    $('resumed-read').textContent = '';
  }

  /** @param isAll nothing comes behind it any more */
  show(past, revision, from, isAll) {
    this.clear();
    const turn = this.#turn;
    const mine = (take) => (...args) => { if (this.#turn === turn) take(...args); };
    let to = from;
    $('resumed-title').textContent = `Resumed after ${number(revision)}`;
    $('resumed-read').textContent = isAll ? 'Nothing: it had all there is.' : 'Nothing yet.';
    if (isAll) return;
    this.#pane.readFromTop();
    this.#follower = past.resume(revision, {
      status: () => {},
      connected: () => {},
      reconnecting: mine(() => { $('resumed-state').textContent = 'reconnecting …'; }),
      refused: mine((problem) => { $('resumed-state').textContent = problemWords(problem); }),
      text: mine(({ offset, text }) => {
        if (offset !== to) $('resumed-state').textContent = `does not fit: byte ${number(to)} was due, ${number(offset)} came`;
        for (const { block, part } of this.#pane.place(text)) block.append(part);
        to = offset + bytesOf(text);
        $('resumed-read').textContent = `Bytes ${number(from)} to ${number(to)}: no gap, no repeat.`;
      }),
      part: mine((name, data) => this.#parts.take(name, past.id, data)),
      end: mine(() => { if (to === from) $('resumed-read').textContent = 'Only its ending.'; }),
    });
  }
}
