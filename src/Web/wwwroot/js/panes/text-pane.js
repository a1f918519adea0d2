// A long text that grows. Each line is a block of its own, so that a word more lays out one line and not a megabyte.

import { KeepAtEnd } from './keep-at-end.js';

export class TextPane {
  #element;
  #open; // the last block, while its line goes on
  #end;

  constructor(element) {
    this.#element = element;
    this.#end = new KeepAtEnd(element);
    this.clear();
  }

  clear() {
    this.#element.replaceChildren();
    this.#open = undefined;
    this.#end.start({ atEnd: true });
  }

  readFromTop() {
    this.#end.start({ atEnd: false });
  }

  /** Something that stands between lines. */
  insert(element) {
    this.#open = undefined;
    this.#element.append(element);
    this.grown();
  }

  grown() {
    this.#end.grown();
  }

  /** Gives each part of the text, cut behind line ends, with the block that it belongs into. */
  * place(text) {
    for (let at = 0; at < text.length;) {
      const end = text.indexOf('\n', at) + 1 || text.length;
      const part = text.slice(at, end);
      this.#open ??= this.#element.appendChild(document.createElement('div'));
      yield { block: this.#open, part };
      if (part.endsWith('\n')) this.#open = undefined;
      at = end;
    }
    this.#end.grown();
  }
}
