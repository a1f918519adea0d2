// The driver's text with the mark that says how much of it is saved.

import { Parts } from '../parts/parts.js';
import { TextPane } from './text-pane.js';
import { bytesOf, unitsOf } from '../utf8.js';

export class DriverText {
  #element;
  #pane;
  #mark = document.createElement('span');
  #lines = []; // those with text that is not saved, and the last one: {block, saved, waiting}

  constructor(element) {
    this.#element = element;
    this.#pane = new TextPane(element);
    this.parts = new Parts(this.#pane);
    this.#mark.className = 'mark';
    this.clear();
  }

  clear() {
    this.#pane.clear();
    this.parts.clear();
    this.#element.append(this.#mark);
    this.#lines = [];
    this.bytes = 0;
    this.saved = 0;
  }

  add(text) {
    for (const { block, part } of this.#pane.place(text)) {
      if (this.#lines.at(-1)?.block !== block) this.#lines.push(lineIn(block));
      this.#lines.at(-1).waiting.appendData(part);
    }
    this.bytes += bytesOf(text);
    if (this.#mark.parentNode === this.#element) this.#placeMark();
  }

  /** @param length UTF-8 bytes, from the text's beginning */
  savedTo(length) {
    while (this.saved < length && this.#lines.length > 0) {
      const { saved, waiting } = this.#lines[0];
      const part = waiting.data.slice(0, unitsOf(waiting.data, length - this.saved));
      saved.appendData(part);
      waiting.deleteData(0, part.length);
      this.saved += bytesOf(part);
      if (waiting.length > 0 || this.#lines.length === 1) break;
      this.#lines.shift();
    }
    this.#placeMark();
  }

  #placeMark() {
    const [first] = this.#lines;
    if (first) first.block.insertBefore(this.#mark, first.waiting.parentNode);
  }
}

function lineIn(block) {
  const [saved, waiting] = ['saved', 'waiting'].map((name) => {
    const span = block.appendChild(document.createElement('span'));
    span.className = name;
    return span.appendChild(document.createTextNode(''));
  });
  return { block, saved, waiting };
}
