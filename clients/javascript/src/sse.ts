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
  /** As they stand: of the event that has begun, and what holds for the whole answer. */
  readonly fields: Record<string, string> = {};
  #rest = '';
  #data = '';

  push(piece: string, isLast?: boolean): SseEvent[] {
    // A carriage return at the end of a piece may be half of a line's end.
    const lines = (this.#rest + piece).split(isLast ? /\r\n?|\n/ : /\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop()!;
    return lines.flatMap((line) => this.#line(line));
  }

  #line(line: string): SseEvent[] {
    const { fields } = this;
    if (!line) {
      const { event = '', id = '' } = fields;
      const data = this.#data;
      this.#data = fields['event'] = '';
      // Ours have an object each; what a proxy adds may have anything.
      return data[0] === '{' ? [{ event, data, id }] : [];
    }
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!;
    if (field === 'data') this.#data += `${value}\n`;
    else if (!value.includes('\0')) fields[field!] = value;
    return [];
  }
}
