// What is known of the stream in view, over time and event by event: as this tab saw it come, or, of what was over
// before, as the log has it.

import { Timeline } from '../timeline/timeline.js';
import { EventTable } from './event-table.js';
import { historyOf } from './history.js';
import { Record } from './record.js';

const $ = (id) => document.getElementById(id);

export class Seen {
  #events = new EventTable($('events'), $('events-note'));
  #timeline = new Timeline($('timeline'));
  #record = new Record();
  #turn = {};
  frames = []; // what was read, batch by batch

  clear() {
    this.#turn = {};
    this.frames = [];
    this.#events.clear();
    $('record').hidden = true;
  }

  /** @param clock milliseconds; of what is played, the player's */
  begin(clock) {
    this.#record = new Record(clock);
    this.#timeline.show(this.#record);
    $('record').hidden = false;
  }

  word(bytes) {
    this.#record.token(bytes);
    this.#timeline.changed();
  }

  saved(length) {
    this.#record.saved(length);
    this.#timeline.changed();
  }

  lifecycle(status, revision) {
    this.#events.lifecycle(status, revision, this.#record.now - this.#record.begin);
  }

  batch(frame, from, to, first, last) {
    const batch = this.#record.batch(from, to, first, last);
    this.#events.text({ ...batch, text: frame.text, time: batch.time - this.#record.begin });
    this.frames.push(frame);
    this.#timeline.changed();
  }

  part(said, revision) {
    this.#events.part(said.name, revision, this.#record.now - this.#record.begin);
  }

  ended() {
    this.#record.ended();
    this.#timeline.changed();
  }

  /** Of a stream whose words came before this tab looked. */
  async tellHistory(stream, lastRevision) {
    if (this.#record.tokens.length > 0) return;
    const turn = this.#turn;
    let history;
    try {
      history = await historyOf(stream, lastRevision);
    } catch {
      return; // deleted meanwhile, or the connection is gone: what was seen stands
    }
    if (this.#turn !== turn) return;
    this.#timeline.showHistory(history.events);
    if (history.isWhole) this.#tellApart(history.events);
  }

  /** The rows again, one an event, with the log's times. */
  #tellApart(events) {
    const text = new TextEncoder().encode(this.frames.map((frame) => frame.text).join(''));
    const decoder = new TextDecoder();
    this.#events.clear('as the log has them; times after the creation');
    this.#events.readFromTop();
    events.forEach(({ revision, time, length, status }, index) => {
      const from = events[index - 1]?.length ?? 0;
      if (index > 0 && status === 'streaming' && length > from) {
        this.#events.text({ first: revision, last: revision, from, to: length, text: decoder.decode(text.subarray(from, length)), time });
      } else if (index > 0 && status === events[index - 1].status) this.#events.part('part', revision, time);
      else this.#events.lifecycle(status, revision, time);
    });
  }
}
