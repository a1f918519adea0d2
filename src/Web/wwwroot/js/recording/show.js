// The recording in the page's own panes: it plays by itself, again and again, until a stream is in view. It can be
// paused, and a reader who wants no motion is shown its end.

import { RecordedPast } from '../travel/recorded-past.js';
import { Playback } from './playback.js';
import { Recording } from './recording.js';

const betweenMs = 6000;
const wantsNoMotion = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

export class RecordedShow {
  #parts;
  #button = document.getElementById('pause');
  #recording;
  #playback;
  #again;
  #turn = {};
  #isPaused = false;

  constructor(parts) {
    this.#parts = parts;
    this.#button.addEventListener('click', () => this.#pauseOrPlay());
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.#pause(); else this.#goOn(); });
  }

  async start() {
    const turn = this.#turn = {};
    try {
      this.#recording ??= await Recording.load();
    } catch {
      return; // the page does without
    }
    if (this.#turn !== turn) return;
    this.#isPaused = wantsNoMotion();
    this.#button.hidden = false;
    this.#begin();
    if (this.#isPaused) this.#playback.finish();
    this.#say();
  }

  stop() {
    this.#turn = {};
    clearTimeout(this.#again);
    this.#playback?.pause();
    this.#playback = undefined;
    this.#button.hidden = true;
  }

  #begin() {
    const { head, driver, observer, seen, travel, code } = this.#parts;
    for (const part of [driver, observer, seen]) part.clear();
    head.clear('What it looks like', 'A recording of a stream, at its own pace. It makes room when you start one.');
    const playback = this.#playback = new Playback(this.#recording, {
      driver: driver.handlers('word by word, from the source'),
      observer: observer.handlers(),
      over: () => this.#over(),
    });
    seen.begin(() => playback.position);
    travel.show(new RecordedPast(this.#recording), 0);
    code.recorded(this.#recording.asked);
    if (!this.#isPaused) playback.play();
  }

  #over() {
    this.#again = setTimeout(() => {
      if (this.#isPaused || document.hidden) return;
      if (this.#parts.travel.isAway) this.#over(); // its reader looks at the past of it
      else this.#begin();
    }, betweenMs);
  }

  #pauseOrPlay() {
    this.#isPaused = !this.#isPaused;
    if (this.#isPaused) this.#pause();
    else {
      this.#parts.travel.back();
      this.#goOn();
    }
    this.#say();
  }

  #pause() {
    clearTimeout(this.#again);
    this.#playback?.pause();
  }

  #goOn() {
    if (!this.#playback || this.#isPaused || this.#playback.isPlaying) return;
    if (this.#playback.isOver) this.#begin();
    else this.#playback.play();
  }

  #say() {
    this.#button.textContent = this.#isPaused ? 'Play' : 'Pause';
  }
}
