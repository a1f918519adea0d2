// The past of a recorded stream, by the same means as one in the log.

import { hears } from '../recording/recording.js';

export class RecordedPast {
  #recording;

  constructor(recording) {
    this.#recording = recording;
  }

  async at(revision) {
    return this.#recording.at(revision);
  }

  resume(revision, on) {
    for (const frame of this.#recording.after(revision)) hears(on, frame);
    return { close() {} };
  }
}
