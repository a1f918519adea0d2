// What of the streams is to be shown: those that a search and a status leave, and how many they are.

import { client } from '../api.js';
import { count } from '../words.js';

const typingMs = 250;
const dearMs = 300; // a count that takes longer is not asked for again and again

const $ = (id) => document.getElementById(id);

export class Finding {
  #counted; // { key, total, took }

  /** @param changed () */
  constructor(changed) {
    let typing;
    $('search').addEventListener('input', () => {
      clearTimeout(typing);
      typing = setTimeout(changed, typingMs);
    });
    $('filter').addEventListener('change', changed);
    $('find').addEventListener('submit', (e) => {
      e.preventDefault();
      clearTimeout(typing);
      changed();
    });
  }

  /** For the API's list. */
  get asked() {
    return { status: $('filter').value || undefined, q: $('search').value.trim() || undefined };
  }

  async count() {
    const { asked } = this;
    if (this.#counted?.key === keyOf(asked) && this.#counted.took > dearMs) return;
    const began = performance.now();
    const { total } = await client.page({ ...asked, limit: 1, count: true });
    if (keyOf(asked) !== keyOf(this.asked)) return; // another search meanwhile
    this.#counted = { key: keyOf(asked), total, took: performance.now() - began };
    $('past-count').textContent = this.words;
  }

  get words() {
    return this.#counted ? count(this.#counted.total, 'stream') : '';
  }

  get nothing() {
    const { status, q } = this.asked;
    if (q) return `None${status ? ` that is ${status}` : ''} has “${q}” in its title, id or labels.`;
    return status ? `None is ${status}.` : 'There is none yet.';
  }
}

const keyOf = ({ status, q }) => `${status} ${q}`;
