/** @internal One event, its data not parsed. */
export interface SseEvent {
  event: string;
  data: string;
  /** As it stood at this event, or at an earlier one of the same answer. */
  id: string;
}

/** @internal Reads server-sent events as the HTML standard says, from text in pieces of any size. */
export class SseParser {
  /** Milliseconds that the server asked for. */
  retry: number | undefined;
  #rest = '';
  #searched = 0;
  #skipsLineFeed = false;
  #event = '';
  #data: string[] = [];
  #id = '';

  push(piece: string): SseEvent[] {
    const events: SseEvent[] = [];
    if (this.#skipsLineFeed && piece) {
      if (piece[0] === '\n') piece = piece.slice(1);
      this.#skipsLineFeed = false;
    }
    const text = this.#rest + piece;
    const ends = /\r\n?|\n/g;
    ends.lastIndex = this.#searched;
    let start = 0;
    for (let end; (end = ends.exec(text)); start = ends.lastIndex) {
      const event = this.#line(text.slice(start, end.index));
      if (event) events.push(event);
      this.#skipsLineFeed = end[0] === '\r' && ends.lastIndex === text.length;
    }
    this.#rest = text.slice(start);
    this.#searched = this.#rest.length;
    return events;
  }

  #line(line: string): SseEvent | undefined {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#event = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.retry = Number(value);
    return undefined;
  }

  #dispatch(): SseEvent | undefined {
    const event = this.#data.length > 0 ? { event: this.#event || 'message', data: this.#data.join('\n'), id: this.#id } : undefined;
    this.#data = [];
    this.#event = '';
    return event;
  }
}
