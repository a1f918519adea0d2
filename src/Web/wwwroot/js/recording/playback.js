// Plays what a driver and an observer were once told, frame by frame, at the pace at which it came.

import { hears } from './recording.js';

export class Playback {
  #frames;
  #next = 0;
  #began; // when it would have begun, had it never paused
  #at = 0;
  #timer;
  #isTelling = false;
  #on;

  /** @param on driver and observer: as their live sides are called; over() */
  constructor(recording, on) {
    this.#frames = recording.frames;
    this.#on = on;
  }

  get isPlaying() {
    return this.#timer !== undefined;
  }

  get isOver() {
    return this.#next === this.#frames.length;
  }

  /** Milliseconds into it: of the frame that is being told, else now. */
  get position() {
    return this.isPlaying && !this.#isTelling ? performance.now() - this.#began : this.#at;
  }

  play() {
    this.#began = performance.now() - this.#at;
    this.#wait();
  }

  pause() {
    if (!this.isPlaying) return;
    this.#at = this.position;
    this.#rest();
  }

  /** All the rest at once, each frame at its own time. */
  finish() {
    this.#rest();
    while (this.#next < this.#frames.length) this.#tell();
  }

  #rest() {
    clearTimeout(this.#timer);
    this.#timer = this.#began = undefined;
  }

  #wait() {
    const frame = this.#frames[this.#next];
    if (!frame) {
      this.#at = this.position;
      this.#rest();
      this.#on.over();
      return;
    }
    this.#timer = setTimeout(() => {
      const now = this.position;
      while (this.#next < this.#frames.length && this.#frames[this.#next].at <= now) this.#tell();
      if (this.isPlaying) this.#wait();
    }, frame.at - this.position);
  }

  #tell() {
    const frame = this.#frames[this.#next++];
    this.#at = frame.at; // however late this tab comes to it
    this.#isTelling = true;
    hears(this.#on[frame.to], frame);
    this.#isTelling = false;
  }
}
