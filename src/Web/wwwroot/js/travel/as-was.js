// The pane with the text as it was.

import { TextPane } from '../panes/text-pane.js';
import { Parts } from '../parts/parts.js';
import { isEnding } from '../stream/status.js';
import { bytes, number, problemWords } from '../words.js';

const $ = (id) => document.getElementById(id);

export class AsWas {
  #pane = new TextPane($('as-was-text'));
  #parts = new Parts(this.#pane);

  show({ id, revision, status, text, content = [{ text }], length }) {
    this.revision = revision;
    this.length = length;
    this.isEnded = isEnding(status);
    $('as-was-title').textContent = `As it was at ${number(revision)}`;
    $('as-was-state').textContent = status;
    this.#pane.clear();
    this.#parts.clear();
    for (const entry of content) {
      if (entry.part !== undefined) this.#parts.put(id, entry);
      else for (const { block, part } of this.#pane.place(entry.text)) block.append(part);
    }
    $('as-was-read').textContent = `${bytes(length)}, and not one more.`;
    this.#pane.grown();
  }

  fail(problem) {
    $('as-was-state').textContent = problemWords(problem);
  }
}
