/** @internal One event, its data not parsed. */
export interface SseEvent {
  event: string;
  data: string;
  /** As it stood at this event, or at an earlier one of the same answer. */
  id: string;
}

/**
 * @internal Reads server-sent events with an object each as the HTML standard says, from text in pieces of any size.
 */
export class SseParser {
  /** Milliseconds that the server asked for. */
  retry: number | undefined;
  #rest = '';
  #event = '';
  #data: string[] = [];
  #id = '';

  push(piece: string, isLast?: boolean): SseEvent[] {
    // A carriage return at the end of a piece may be half of a line's end.
    const lines = (this.#rest + piece).split(isLast ? /\r\n?|\n/ : /\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop()!;
    return lines.flatMap((line) => this.#line(line));
  }

  #line(line: string): SseEvent[] {
    if (!line) {
      const data = this.#data.splice(0).join('\n');
      const event = this.#event;
      this.#event = '';
      // Ours have an object each; what a proxy adds may have anything.
      return data[0] === '{' ? [{ event, data, id: this.#id }] : [];
    }
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!;
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#event = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'retry') this.retry = Number(value) || undefined;
    return [];
  }
}
