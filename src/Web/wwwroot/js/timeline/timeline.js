// The timeline of the stream in view: the picture, the words above it, and how much of it is shown.

import { count, milliseconds, seconds } from '../words.js';
import { Picture } from './picture.js';

const longMs = 30_000;

export class Timeline {
  #picture;
  #choice;
  #spans;
  #record;
  #history;
  #isChosen = false;

  constructor(root) {
    this.#picture = new Picture(root.querySelector('svg'), root.querySelector('#timeline-words'));
    this.#choice = root.querySelector('#timeline-span');
    this.#spans = this.#choice.querySelectorAll('input');
    this.#choice.addEventListener('change', () => {
      this.#isChosen = true;
      this.#draw();
    });
  }

  show(record) {
    this.#record = record;
    this.#history = undefined;
    this.#isChosen = false;
    this.#draw();
  }

  /** What the log says of it, for a late reader. */
  showHistory(events) {
    this.#history = events;
    this.#draw();
  }

  changed() {
    this.#draw();
  }

  #draw() {
    const [whole, recent] = this.#spans;
    const length = (this.#record.end ?? this.#record.now) - this.#record.begin;
    if (!this.#isChosen) {
      recent.checked = this.#record.end === undefined || length > longMs;
      whole.checked = !recent.checked;
    }
    this.#choice.hidden = this.#history !== undefined;
    this.#picture.show(() => ({
      record: this.#record,
      history: this.#history,
      isRecent: recent.checked,
      words: this.#history ? historyWords(this.#history) : recordWords(this.#record),
    }));
  }
}

function recordWords({ tokens, saves, batches }) {
  if (tokens.length === 0) return batches.length === 0
    ? 'No text has come yet.'
    : `${count(batches.length, 'batch', 'batches')} read here. When each token came, only its driver saw.`;
  const words = `${count(tokens.length, 'token')}, ${count(saves.length, 'append')}`;
  const lags = saves.map((s) => s.lag).filter((lag) => lag !== undefined).sort((a, b) => a - b);
  return lags.length === 0 ? `${words}.`
    : `${words}. From its first token to saved: ${milliseconds(lags[lags.length >> 1])} in the middle, ${milliseconds(lags.at(-1))} at most.`;
}

const historyWords = (events) =>
  `As the log has it: ${count(events.at(-1).revision + 1, 'event')} in ${seconds(events.at(-1).time)}.`;
