// A stream in the list.

import { pageOf } from '../api.js';
import { ago, bytes } from '../words.js';

export class Row {
  element = document.getElementById('row').content.firstElementChild.cloneNode(true);
  #link = this.element.querySelector('a');
  #button = this.element.querySelector('button');

  /** @param on open(), remove() */
  constructor(id, on) {
    this.#link.href = pageOf(id);
    this.#link.addEventListener('click', (e) => {
      if (e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return; // a second tab is what a link is for
      e.preventDefault();
      on.open();
    });
    this.#button.addEventListener('click', () => on.remove());
  }

  get title() {
    return this.#link.textContent;
  }

  /** @param item a stream, as the API lists it */
  fill(item) {
    const title = item.labels?.title ?? item.title ?? item.id;
    this.#link.textContent = title;
    this.#button.setAttribute('aria-label', `Delete ${title}`);
    const status = this.#part('.status');
    status.textContent = status.dataset.status = statusOf(item);
    this.#part('.why').textContent = whyOf(item);
    this.#part('.length').textContent = item.length === undefined ? '' : bytes(item.length);
    const time = this.#part('time');
    time.hidden = item.createdAt === undefined;
    if (time.hidden) return;
    time.dateTime = item.createdAt;
    time.title = new Date(item.createdAt).toLocaleString();
    this.tell();
  }

  /** How long ago it was, by now. */
  tell() {
    const time = this.#part('time');
    if (!time.hidden) time.textContent = ago(time.dateTime);
  }

  mark(isCurrent) {
    this.element.classList.toggle('is-current', isCurrent);
    if (isCurrent) this.#link.setAttribute('aria-current', 'true');
    else this.#link.removeAttribute('aria-current');
  }

  #part(selector) {
    return this.element.querySelector(selector);
  }
}

/** Of a stream whose life cannot be read the API says no more than that. */
const statusOf = (item) => item.status ?? (item.damaged ? 'damaged' : 'foreign');

function whyOf({ damaged, error, foreign }) {
  if (damaged) return 'What is stored of it is damaged; the audit tool’s verify says where.';
  if (foreign) return `Another program has written ${foreign.type} to it, revision ${foreign.revision}.`;
  return error?.message ?? '';
}
