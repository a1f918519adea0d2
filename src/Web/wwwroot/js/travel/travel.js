// "As it was": a slider over a stream's revisions. Left of it is the text as it was at one of them, right what a reader
// gets that resumes there.

import { pageOf } from '../api.js';
import { isOff, switchOff } from '../focus.js';
import { bytes, number, seconds } from '../words.js';
import { AsWas } from './as-was.js';
import { Replay } from './replay.js';
import { Resumed } from './resumed.js';

const $ = (id) => document.getElementById(id);

export class Travel {
  #asWas = new AsWas();
  #resumed = new Resumed();
  #replay = new Replay({ go: (then) => this.#show(then), over: () => this.back() });
  #on;
  #past;
  #last = 0; // the newest revision that is known
  #at; // undefined: now
  #asking;

  /** @param on went(revision), returned() */
  constructor(on) {
    this.#on = on;
    $('revision').addEventListener('input', () => {
      this.#stopReplay();
      this.#resumed.clear();
      this.#ask(Number($('revision').value));
    });
    $('revision').addEventListener('change', () => this.go(Number($('revision').value)));
    $('now').addEventListener('click', () => { if (!isOff($('now'))) this.back(); });
    $('replay').addEventListener('click', () => this.#replayOrStop());
  }

  /** Whether the panes show the past. */
  get isAway() {
    return this.#at !== undefined;
  }

  show(past, last) {
    this.close();
    this.#past = past;
    this.#last = last;
    $('travel').hidden = false;
    this.#say();
  }

  close() {
    this.back();
    this.#past = undefined;
    this.#last = 0;
    $('travel').hidden = true;
  }

  grown(revision) {
    if (revision === undefined || revision <= this.#last) return;
    this.#last = revision;
    if (this.#past) this.#say();
  }

  /** To a revision, and there it stays. */
  async go(revision) {
    this.#stopReplay();
    const at = Math.min(revision, this.#last);
    if (!(await this.#ask(at))) return;
    const resumedAt = this.#at;
    this.#resumed.show(this.#past, resumedAt, this.#asWas.length, resumedAt >= this.#last && this.#asWas.isEnded);
    this.#on.went(resumedAt);
    if (this.#past.id) history.replaceState(history.state, '', pageOf(this.#past.id, resumedAt));
  }

  back() {
    this.#stopReplay();
    this.#asking?.abort();
    this.#resumed.clear();
    if (!this.isAway) return;
    this.#at = undefined;
    delete $('panes').dataset.then;
    if (this.#past?.id) history.replaceState(history.state, '', pageOf(this.#past.id));
    this.#say();
    this.#on.returned();
  }

  /** Whether it stands there; not, where another move came before the answer. */
  async #ask(revision) {
    this.#asking?.abort();
    const asking = this.#asking = new AbortController();
    this.#stand(revision);
    this.#say();
    try {
      const then = await this.#past.at(revision, asking.signal);
      if (asking.signal.aborted) return false;
      this.#show(then);
      return true;
    } catch (problem) {
      if (!asking.signal.aborted) this.#asWas.fail(problem);
      return false;
    }
  }

  #show(then) {
    this.#stand(then.revision);
    this.#asWas.show(then);
    this.#say(then);
  }

  #stand(revision) {
    this.#at = revision;
    $('panes').dataset.then = 'true';
  }

  #replayOrStop() {
    if (this.#replay.isRunning) {
      this.go(this.#at ?? 0);
      return;
    }
    this.#asking?.abort();
    this.#resumed.clear();
    $('replay').textContent = 'Stop';
    this.#replay.start(this.#past, this.#at === undefined || this.#at >= this.#last ? 0 : this.#at, this.#last);
  }

  #stopReplay() {
    this.#replay.stop();
    $('replay').textContent = 'Replay';
  }

  #say(then) {
    const slider = $('revision');
    slider.max = this.#last;
    slider.value = this.#at ?? this.#last;
    slider.style.setProperty('--part', this.#last === 0 ? 1 : slider.value / this.#last);
    switchOff($('now'), !this.isAway);
    const place = `revision ${number(Number(slider.value))} of ${number(this.#last)}`;
    const words = !this.isAway ? `Now, ${place}. Pull back to read the text as it was, and to resume there.`
      : then ? `At ${place}: ${seconds(then.time)} in, ${bytes(then.length)}.` : `At ${place} …`;
    $('travel-words').textContent = words;
    slider.setAttribute('aria-valuetext', words);
  }
}
