// A list or text that grows at its end, and is read there; a reader who has scrolled back stays where they are.

const near = 32; // pixels

export class KeepAtEnd {
  #element;
  #isAtEnd = true;
  #isDue = false;

  constructor(element) {
    this.#element = element;
    element.addEventListener('scroll', () => {
      this.#isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < near;
    }, { passive: true });
  }

  /** From now on it is read at its end, or, what is over, from its top. */
  start({ atEnd }) {
    this.#isAtEnd = atEnd;
    if (!atEnd) this.#element.scrollTop = 0;
  }

  /** Once a frame at most: it asks for a layout. */
  grown() {
    if (!this.#isAtEnd || this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      if (this.#isAtEnd) this.#element.scrollTop = this.#element.scrollHeight;
    });
  }
}
