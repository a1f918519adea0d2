// A list or text that grows at its end, and is read there; a reader that has scrolled back stays there.

const near = 32; // pixels

export class KeepAtEnd {
  #element;
  #isAtEnd = true;
  #top = 0;
  #isDue = false;

  constructor(element) {
    this.#element = element;
    element.addEventListener('scroll', () => {
      // Only going back is leaving the end: that it is far may be what has grown since our own scrolling.
      if (element.scrollHeight - element.scrollTop - element.clientHeight < near) this.#isAtEnd = true;
      else if (element.scrollTop < this.#top) this.#isAtEnd = false;
      this.#top = element.scrollTop;
    }, { passive: true });
  }

  /** From now on it is read at its end, or, what is over, from its top. */
  start({ atEnd }) {
    this.#isAtEnd = atEnd;
    this.#top = 0;
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
