// A stream that was recorded as it ran: all that its driver and an observer were sent, and when. Made by
// tests/Page/make/recording.js.

const file = new URL('../../recording.json', import.meta.url);

export class Recording {
  static async load() {
    const response = await fetch(file);
    if (!response.ok) throw new Error(`The recording cannot be had: ${response.status}.`);
    return new Recording(await response.json());
  }

  /**
   * @param made when; asked: the creation's body; frames: [{ at (ms), to: 'driver' | 'observer', id?, event, data }],
   *   in their order
   */
  constructor({ asked, frames }) {
    this.asked = asked;
    let last = -1;
    this.frames = frames.map((frame) => {
      if (frame.to !== 'observer') return frame;
      const first = last + 1;
      last = frame.id ?? last;
      return { ...frame, first, last };
    });
    this.last = last;
  }

  /** What the observer was told, from some revision on. */
  after(revision) {
    return this.frames.filter((frame) => frame.to === 'observer' && frame.last > revision);
  }

  /** The stream as it was, folded from the same frames. */
  at(revision) {
    const then = { revision, status: 'pending', text: '', length: 0, time: 0 };
    for (const { to, last, at, event, data } of this.frames) {
      if (to !== 'observer' || last > revision) continue;
      then.time = at;
      if (event === 'text') then.text += data.text;
      else then.status = data.status;
    }
    then.length = new TextEncoder().encode(then.text).length;
    return then;
  }
}

/** Tells a side of the page a frame, as the live one would be told. */
export function hears(side, { event, data, first, last }) {
  if (event === 'text' && first === undefined) side.text(data.text);
  else if (event === 'text') side.text(data, first, last);
  else if (event === 'saved') side.saved(data);
  else if (event === 'status') side.status(data.status, last);
  else if (event === 'end') side.end(data, last);
}
