// The pane with the text as it was.

import { KeepAtEnd } from '../panes/keep-at-end.js';
import { isEnding } from '../stream/status.js';
import { bytes, number } from '../words.js';

const $ = (id) => document.getElementById(id);

export class AsWas {
  #end = new KeepAtEnd($('as-was-text'));

  show({ revision, status, text, length }) {
    this.revision = revision;
    this.length = length;
    this.isEnded = isEnding(status);
    $('as-was-title').textContent = `As it was at ${number(revision)}`;
    $('as-was-state').textContent = status;
    $('as-was-text').textContent = text;
    $('as-was-read').textContent = `${bytes(length)}, and not one more.`;
    this.#end.start({ atEnd: true });
    this.#end.grown();
  }

  fail(problem) {
    $('as-was-state').textContent = problem.message;
  }
}
