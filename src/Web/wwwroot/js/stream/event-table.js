// The stream's events as rows. The newest stays in view; of a very long stream only the last rows are kept in the page.

import { KeepAtEnd } from '../panes/keep-at-end.js';
import { line, milliseconds, number, seconds } from '../words.js';

const most = 400;
const typeOf = {
  pending: 'StreamCreated',
  streaming: 'StreamStarted',
  done: 'StreamCompleted',
  error: 'StreamFailed',
  cancelled: 'StreamCancelled',
  timeout: 'StreamTimedOut',
  deleted: 'StreamDeleted',
};

export class EventTable {
  #body;
  #note;
  #end;
  #dropped = 0;

  constructor(body, note) {
    this.#body = body;
    this.#note = note;
    this.#end = new KeepAtEnd(body.closest('.rows'));
  }

  clear(note = 'as they are appended') {
    this.#body.replaceChildren();
    this.#dropped = 0;
    this.#end.start({ atEnd: true });
    this.#note.textContent = note;
  }

  readFromTop() {
    this.#end.start({ atEnd: false });
  }

  /** @param time ms; when it came here, or when it was written, as the note says */
  lifecycle(status, revision, time) {
    this.#add({ revision: revision ?? '', type: typeOf[status] ?? status, time, isEnding: !['pending', 'streaming'].includes(status) });
  }

  /** @param name the event's, or 'part' where which of them it is is not known */
  part(name, revision, time) {
    this.#add({ revision: number(revision), type: { part: 'PartStarted', 'part-text': 'PartPersisted', 'part-end': 'PartEnded' }[name], time });
  }

  text({ first, last, from, to, text, time, lag }) {
    const joined = last - first + 1;
    this.#add({
      revision: joined > 1 ? `${number(first)}–${number(last)}` : number(last),
      type: joined > 1 ? `ChunkPersisted × ${number(joined)}` : 'ChunkPersisted',
      time, lag, from, bytes: to - from, text,
    });
  }

  #add({ revision, type, time, from, bytes, lag, text, isEnding }) {
    const row = document.createElement('tr');
    if (isEnding) row.className = 'is-ending';
    row.append(
      cell(revision, 'number'),
      cell(type),
      cell(time === undefined ? '' : `+${seconds(time)}`, 'number extra'),
      cell(from === undefined ? '' : number(from), 'number extra'),
      cell(bytes === undefined ? '' : number(bytes), 'number'),
      cell(lag === undefined ? '' : milliseconds(lag), 'number'),
      cell(text === undefined ? '' : line(text.slice(0, 160)), 'extra words'),
    );
    this.#body.append(row);
    if (this.#body.childElementCount > most) {
      this.#body.firstElementChild.remove();
      this.#dropped += 1;
      this.#note.textContent = `the last ${number(most)}; ${number(this.#dropped)} before them are in the log`;
    }
    this.#end.grown();
  }
}

function cell(text, className) {
  const td = document.createElement('td');
  td.textContent = text;
  if (className) td.className = className;
  return td;
}
