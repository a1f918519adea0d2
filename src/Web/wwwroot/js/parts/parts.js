// The parts of one answer in a pane, in their places among its text; a result stands with the call that it belongs to.

import { Part } from './part.js';

const together = ['tool-result', 'approval-request', 'approval-response'];

export class Parts {
  #pane;
  #parts = new Map();

  /** @param pane a TextPane */
  constructor(pane) {
    this.#pane = pane;
  }

  clear() {
    for (const part of this.#parts.values()) part.gone();
    this.#parts.clear();
  }

  /** What the three events of a part say. */
  take(name, id, data) {
    if (name === 'part') this.#start(id, data);
    else if (name === 'part-text') this.#parts.get(data.part)?.add(data.text, data.offset);
    else this.#parts.get(data.part)?.end(data);
    this.#pane.grown();
  }

  /** A part as a query has it. */
  put(id, entry) {
    this.#start(id, entry);
    const part = this.#parts.get(entry.part);
    if (!part) return;
    const text = entry.text ?? (entry.value === undefined ? undefined : JSON.stringify(entry.value, undefined, 2));
    if (text !== undefined) part.add(text);
    if (entry.href) part.length = 1;
    if (entry.state === 'cut') part.cut();
    else if (entry.state !== 'open') part.end(entry);
  }

  streamEnded() {
    for (const part of this.#parts.values()) part.cut();
  }

  #start(id, data) {
    if (!Part.isShown(data) || this.#parts.has(data.part)) return;
    const part = new Part(id, data);
    this.#parts.set(data.part, part);
    const call = together.includes(data.kind) ? this.#parts.get(data.of) : undefined;
    if (call) call.element.append(part.element);
    else this.#pane.insert(part.element);
  }
}
