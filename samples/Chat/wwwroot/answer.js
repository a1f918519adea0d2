import { createClient } from './event-sourced-streams.js';
import { showParts, showUsage } from './told.js';

const streams = createClient({ parts: true });

const template = document.querySelector('#exchange');

/** How long the tab that asked may take to drive its answer before another does. */
const patience = 3000;

const words = {
  pending: 'waiting', streaming: 'writing', done: '', error: 'Broken off', cancelled: 'Stopped', timeout: 'It fell silent', deleted: 'Deleted',
  gone: 'Deleted', forbidden: 'You are signed out',
};

/** One question with its answer, driven or followed. */
export class Answer {
  #stream;
  #leave = null;
  #parts;
  #unclaimed;

  /** @param on again(): asked once more, where it failed */
  constructor(stream, asked, { again }) {
    this.asked = asked;
    this.#stream = streams.stream(stream);
    this.element = template.content.firstElementChild.cloneNode(true);
    this.#part('.question').textContent = asked;
    this.#part('.stop').addEventListener('click', () => this.#stream.cancel());
    this.#part('.again').addEventListener('click', again);
    this.#is('pending');
  }

  /** With what is known of it already. Parts of an answer that has ended are read once. */
  async begin({ status, text, why, usage, parts, stream }) {
    this.#show(text);
    if (status === 'pending' || status === 'streaming') {
      this.#is(status, why);
      this.follow();
      return;
    }

    showUsage(this.#part('.usage'), usage);
    try {
      if (parts > 0) showParts(this.element, (await streams.query(stream, { parts: true })).content);
    } catch {
      // Its text is whole without them.
    }
    this.#is(status, why);
  }

  /** Claims the answer: its words come as they are made. Where another tab was first, it is followed. */
  drive() {
    this.#watch();
    this.#stream.drive();
  }

  /** Reads what is stored from its beginning, then on as it comes. */
  follow() {
    this.#watch();
    this.#unclaimed = setTimeout(() => this.#stream.drive(), patience);
  }

  leave() {
    clearTimeout(this.#unclaimed);
    this.#leave?.();
    this.#leave = null;
  }

  #watch() {
    this.#leave ??= this.#stream.subscribe(() => {
      const { text, parts, usage, status, error } = this.#stream.getSnapshot();
      if (status !== 'pending') clearTimeout(this.#unclaimed);
      this.#show(text, parts);
      showUsage(this.#part('.usage'), usage);
      this.#is(status, error?.message);
      if (status !== 'pending' && status !== 'streaming') this.leave();
    });
  }

  #show(text, parts = this.#parts) {
    if (text.length <= this.#part('.answer').textContent.length && parts === this.#parts) return;
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 80;
    if (text.length > this.#part('.answer').textContent.length) this.#part('.answer').textContent = text;
    if (parts !== this.#parts) showParts(this.element, parts);
    this.#parts = parts;
    if (atEnd) scrollTo(0, document.documentElement.scrollHeight);
  }

  #is(status, why) {
    const runs = status === 'pending' || status === 'streaming';
    this.element.dataset.status = status;
    this.#part('.said').textContent = why && status !== 'cancelled' ? `${words[status]}: ${why}` : words[status] ?? status;
    const [stop, again] = [this.#part('.stop'), this.#part('.again')];
    const hadFocus = document.activeElement === stop;
    stop.hidden = !runs;
    again.hidden = runs || status === 'done';
    if (hadFocus && !runs) (again.hidden ? document.querySelector('#question') : again).focus();
  }

  #part(selector) {
    return this.element.querySelector(selector);
  }
}
