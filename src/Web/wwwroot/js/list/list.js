// The streams that there are, newest first. Rows stay what they are when the list is read again, so a reader keeps the place in it.

import { list, remove } from '../api.js';
import { isConfirmed } from './confirm.js';
import { Finding } from './finding.js';
import { Row } from './row.js';

const page = 12;
const most = 200; // the API's

const $ = (id) => document.getElementById(id);

export class StreamList {
  #rows = new Map(); // id → Row
  #finding = new Finding(() => this.#restart());
  #cursor;
  #current;
  #reading;
  #isStale = false;
  #on;

  /** @param on open(id), removed(id), announce(words) */
  constructor(on) {
    this.#on = on;
    $('refresh').addEventListener('click', () => this.refresh());
    $('more').addEventListener('click', () => this.#more());
  }

  set current(id) {
    this.#current = id;
    for (const [rowId, row] of this.#rows) row.mark(rowId === id);
  }

  /** Reads again what is shown. Asked while it reads, it does so once more afterwards. */
  async refresh() {
    this.#isStale = true;
    if (this.#reading) return this.#reading;
    this.#reading = this.#readWhileStale();
    try {
      await this.#reading;
    } finally {
      this.#reading = undefined;
    }
  }

  async #readWhileStale() {
    while (this.#isStale) {
      this.#isStale = false;
      await this.#trying(async () => {
        const asked = this.#finding.asked;
        const read = () => list({ ...asked, limit: Math.min(most, Math.max(page, this.#rows.size)) });
        const { items, nextCursor } = await this.#finding.counting(read);
        if (!this.#finding.isStill(asked)) return;
        const ids = new Set(items.map((item) => item.id));
        for (const [id, row] of this.#rows) if (!ids.has(id)) this.#drop(id, row);
        this.#put(items, 0);
        this.#goesOnAt(nextCursor);
      });
    }
  }

  async #restart() {
    for (const [id, row] of this.#rows) this.#drop(id, row);
    await this.refresh();
    this.#on.announce(this.#finding.words);
  }

  async #more() {
    await this.#trying(async () => {
      const before = this.#rows.size;
      const { status, q } = this.#finding.asked;
      const { items, nextCursor } = await list({ status, q, cursor: this.#cursor, limit: page });
      this.#put(items.filter((item) => !this.#rows.has(item.id)), before);
      this.#goesOnAt(nextCursor);
      this.#on.announce(`${items.length} more streams.`);
      $('past').children[before]?.querySelector('a').focus();
    });
  }

  #goesOnAt(cursor) {
    this.#cursor = cursor;
    $('more').hidden = !cursor;
    $('past-empty').hidden = this.#rows.size > 0;
    $('past-empty').textContent = this.#finding.nothing;
  }

  #put(items, place) {
    for (const item of items) {
      let row = this.#rows.get(item.id);
      if (!row) {
        row = new Row(item.id, { open: () => this.#on.open(item.id), remove: () => this.#remove(item.id) });
        this.#rows.set(item.id, row);
      }
      row.fill(item);
      row.mark(item.id === this.#current);
      const there = $('past').children[place++];
      if (there !== row.element) $('past').insertBefore(row.element, there ?? null);
    }
  }

  #drop(id, row) {
    row.element.remove();
    this.#rows.delete(id);
  }

  async #remove(id) {
    const row = this.#rows.get(id);
    if (!await isConfirmed(row.title)) return;
    await this.#trying(async () => {
      await remove(id);
      const next = row.element.nextElementSibling ?? row.element.previousElementSibling;
      this.#drop(id, row);
      (next?.querySelector('button') ?? $('refresh')).focus();
      this.#on.announce('The stream is deleted.');
      this.#on.removed(id);
      this.#goesOnAt(this.#cursor);
    });
  }

  async #trying(work) {
    try {
      await work();
      $('past-problem').hidden = true;
    } catch (problem) {
      $('past-problem').textContent = problem.message;
      $('past-problem').hidden = false;
    }
  }
}
