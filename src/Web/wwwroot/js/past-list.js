// The streams that there are, newest first. Rows stay what they are when the list is read again, so a reader keeps the place in it.

import { list, pageOf, remove } from './api.js';
import { ago, bytes } from './words.js';

const page = 12;
const most = 200; // the API's

const $ = (id) => document.getElementById(id);

export class PastList {
  #rows = new Map(); // id → { element, … }
  #cursor;
  #current;
  #reading;
  #isStale = false;
  #on;

  /** @param on open(id), removed(id), announce(words) */
  constructor(on) {
    this.#on = on;
    $('filter').addEventListener('change', () => this.#restart());
    $('refresh').addEventListener('click', () => this.refresh());
    $('more').addEventListener('click', () => this.#more());
  }

  set current(id) {
    this.#current = id;
    for (const [rowId, row] of this.#rows) mark(row, rowId === id);
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
        const status = $('filter').value;
        const { items, nextCursor } = await list({ status, limit: Math.min(most, Math.max(page, this.#rows.size)) });
        if (status !== $('filter').value) return;
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
  }

  async #more() {
    await this.#trying(async () => {
      const before = this.#rows.size;
      const { items, nextCursor } = await list({ status: $('filter').value, cursor: this.#cursor, limit: page });
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
    $('past-empty').textContent = $('filter').value ? `None is ${$('filter').value}.` : 'There is none yet.';
  }

  #put(items, place) {
    for (const item of items) {
      let row = this.#rows.get(item.id);
      if (!row) {
        row = this.#rowOf(item);
        this.#rows.set(item.id, row);
      }
      fill(row, item);
      mark(row, item.id === this.#current);
      const there = $('past').children[place++];
      if (there !== row.element) $('past').insertBefore(row.element, there ?? null);
    }
  }

  #drop(id, row) {
    row.element.remove();
    this.#rows.delete(id);
  }

  #rowOf({ id }) {
    const element = $('row').content.firstElementChild.cloneNode(true);
    const row = { element, link: element.querySelector('a'), remove: element.querySelector('button') };
    row.link.href = pageOf(id);
    row.link.addEventListener('click', (e) => {
      if (e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return; // a second tab is what a link is for
      e.preventDefault();
      this.#on.open(id);
    });
    row.remove.addEventListener('click', () => this.#remove(id, row));
    return row;
  }

  async #remove(id, row) {
    if (!await isConfirmed(row.link.textContent)) return;
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

function fill({ element, link, remove: button }, item) {
  const title = item.labels?.title ?? item.id;
  link.textContent = title;
  button.setAttribute('aria-label', `Delete ${title}`);
  const status = element.querySelector('.status');
  status.textContent = item.status;
  status.dataset.status = item.status;
  element.querySelector('.why').textContent = item.error?.message ?? '';
  element.querySelector('.length').textContent = item.length === undefined ? '' : bytes(item.length);
  const time = element.querySelector('time');
  time.dateTime = item.createdAt;
  time.title = new Date(item.createdAt).toLocaleString();
  time.textContent = ago(item.createdAt);
}

function mark({ element, link }, isCurrent) {
  element.classList.toggle('is-current', isCurrent);
  if (isCurrent) link.setAttribute('aria-current', 'true');
  else link.removeAttribute('aria-current');
}

function isConfirmed(title) {
  const dialog = $('confirm');
  $('confirm-words').textContent = `“${title}” goes from the log, with all its text. One that runs is cancelled first. Its id is never used again.`;
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'delete'), { once: true });
  });
}
