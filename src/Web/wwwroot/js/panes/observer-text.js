// The observer's text: each batch as it came, with where it came from.

import { Parts } from '../parts/parts.js';
import { TextPane } from './text-pane.js';
import { bytesOf } from '../utf8.js';

export class ObserverText {
  #pane;

  constructor(element) {
    this.#pane = new TextPane(element);
    this.parts = new Parts(this.#pane);
    this.clear();
  }

  clear() {
    this.#pane.clear();
    this.parts.clear();
    this.bytes = 0;
  }

  /** What is over is read from its beginning; what runs, where it is. */
  readFromTop() {
    this.#pane.readFromTop();
  }

  /** Whether it fits on what is there: an offset that does not is a gap or a repeat, and must not be papered over. */
  add({ offset, text }, first, last) {
    if (offset !== this.bytes) return false;
    for (const { block, part } of this.#pane.place(text)) {
      const span = document.createElement('span');
      span.className = 'batch';
      span.title = first === last ? `revision ${last}` : `revisions ${first} to ${last}`;
      span.textContent = part;
      block.append(span);
    }
    this.bytes += bytesOf(text);
    return true;
  }
}
