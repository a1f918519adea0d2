// What of the streams is to be shown: those that a search and a status leave, and how many they are.

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
    const [status, q] = [$('filter').value, $('search').value.trim()];
    const isDear = this.#counted?.key === keyOf({ status, q }) && this.#counted.took > dearMs;
    return { status, q, count: !isDear };
  }

  isStill(asked) {
    return keyOf(asked) === keyOf(this.asked);
  }

  async counting(read) {
    const asked = this.asked;
    const began = performance.now();
    const answer = await read();
    if (answer.total !== undefined && this.isStill(asked)) {
      this.#counted = { key: keyOf(asked), total: answer.total, took: performance.now() - began };
      $('past-count').textContent = this.words;
    }
    return answer;
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
