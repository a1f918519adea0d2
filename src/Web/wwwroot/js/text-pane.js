// A long text that grows. Each line is a block of its own, so that a word more lays out one line and not a megabyte.

export class TextPane {
  #element;
  #open; // the last block, while its line goes on
  #pinned = true;
  #scrolling = false;

  constructor(element) {
    this.#element = element;
    element.addEventListener('scroll', () => { this.#pinned = isAtEnd(element); }, { passive: true });
    this.clear();
  }

  clear() {
    this.#element.replaceChildren();
    this.#open = undefined;
    this.#pinned = true;
  }

  readFromTop() {
    this.#pinned = false;
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
    this.#keepAtEnd();
  }

  /** A reader who has scrolled back stays there. */
  #keepAtEnd() {
    if (!this.#pinned || this.#scrolling) return;
    this.#scrolling = true;
    requestAnimationFrame(() => {
      this.#scrolling = false;
      if (this.#pinned) this.#element.scrollTop = this.#element.scrollHeight;
    });
  }
}

const isAtEnd = (element) => element.scrollHeight - element.scrollTop - element.clientHeight < 32;
