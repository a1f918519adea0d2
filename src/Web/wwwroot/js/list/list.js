// The streams that there are, newest first, kept current by the server. Rows stay what they are when the list changes,
// so a reader keeps the place in it.

import { client } from '../api.js';
import { listOf } from '../event-sourced-streams.js';
import { problemWords } from '../words.js';
import { isConfirmed } from './confirm.js';
import { Finding } from './finding.js';
import { Row } from './row.js';

const page = 12;
const most = 200; // the API's, of a list that stays current; what is older is read once
const agoMs = 10_000;

const $ = (id) => document.getElementById(id);

export class StreamList {
  #rows = new Map(); // id → Row
  #finding = new Finding(() => this.#restart());
  #limit = page;
  #older = []; // behind those that stay current
  #cursor;
  #current;
  #shown; // what was told of last
  #leave = () => {};
  #on;

  /** @param on open(id), changed(): streams have come, gone or got on; announce(words) */
  constructor(on) {
    this.#on = on;
    $('refresh').addEventListener('click', () => this.refresh());
    $('more').addEventListener('click', () => this.#more());
    // A browser has six connections for all tabs of a server: what is not looked at holds none.
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.#leave(); else this.#follow(); });
    setInterval(() => { for (const row of this.#rows.values()) row.tell(); }, agoMs);
    this.#follow();
  }

  set current(id) {
    this.#current = id;
    for (const [rowId, row] of this.#rows) row.mark(rowId === id);
  }

  /** Reads what is shown from the beginning, which also says why it cannot be read. */
  async refresh() {
    await this.#trying(() => this.#finding.count());
    await this.#follow();
  }

  /** Over when there is something to see, or none to be had. */
  async #follow() {
    this.#leave();
    await undefined; // by now a list that was left has ended, and begins anew
    if (document.hidden) return;
    this.#leave();
    const list = listOf(client, { ...this.#finding.asked, limit: this.#limit });
    await new Promise((seen) => {
      const leave = list.subscribe(() => {
        this.#show(list.getSnapshot());
        seen();
      });
      this.#leave = () => {
        leave();
        seen();
      };
    });
  }

  #show({ items, error, nextCursor }) {
    this.#say(error);
    if (error) return;
    const ids = new Set(items.map((item) => item.id));
    const all = [...items, ...this.#older.filter((item) => !ids.has(item.id))];
    const known = new Set(all.map((item) => item.id));
    for (const [id, row] of this.#rows) if (!known.has(id)) this.#drop(id, row);
    this.#put(all);
    this.#goesOnAt(this.#older.length > 0 ? this.#cursor : nextCursor);
    const shown = items.map(({ id, status }) => `${id} ${status}`).join();
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#trying(() => this.#finding.count());
    this.#on.changed();
  }

  async #restart() {
    for (const [id, row] of this.#rows) this.#drop(id, row);
    this.#limit = page;
    this.#older = [];
    this.#shown = undefined;
    $('past-empty').hidden = true; // until it is known that there are none
    $('past-empty').textContent = this.#finding.nothing;
    await this.refresh();
    this.#on.announce(this.#finding.words);
  }

  async #more() {
    const before = this.#rows.size;
    if (this.#limit + page <= most) {
      this.#limit += page;
      await this.#follow();
    } else {
      await this.#trying(async () => {
        const { items, nextCursor } = await client.page({ ...this.#finding.asked, cursor: this.#cursor, limit: page });
        this.#older.push(...items.filter((item) => !this.#rows.has(item.id)));
        this.#put(items, before);
        this.#goesOnAt(nextCursor);
      });
    }
    this.#on.announce(`${this.#rows.size - before} more streams.`);
    $('past').children[before]?.querySelector('a').focus();
  }

  #goesOnAt(cursor) {
    this.#cursor = cursor;
    $('more').hidden = !cursor;
    $('past-empty').hidden = this.#rows.size > 0;
    $('past-empty').textContent = this.#finding.nothing;
  }

  #put(items, place = 0) {
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
      await client.delete(id);
      this.#older = this.#older.filter((item) => item.id !== id);
      const next = row.element.nextElementSibling ?? row.element.previousElementSibling;
      this.#drop(id, row);
      (next?.querySelector('button') ?? $('refresh')).focus();
      this.#on.announce('The stream is deleted.');
      this.#on.changed();
      this.#goesOnAt(this.#cursor);
    });
  }

  async #trying(work) {
    try {
      await work();
      this.#say();
    } catch (problem) {
      this.#say(problem);
    }
  }

  #say(problem) {
    $('past-problem').textContent = problem ? problemWords(problem) : '';
    $('past-problem').hidden = !problem;
  }
}
