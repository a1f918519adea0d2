// "What just happened", as code to do it again with: what this tab asked of the API, in the language of the reader's
// choice.

import { streams } from '../api.js';
import { key as access } from '../key.js';
import { csharp } from './csharp.js';
import { curl } from './curl.js';
import { fetching } from './fetch.js';

const $ = (id) => document.getElementById(id);
const languages = { curl, fetch: fetching, csharp };
const key = 'language';

export class Code {
  #steps = {};
  #text = '';

  constructor() {
    const choice = $('code-languages');
    const chosen = choice.querySelector(`[value="${CSS.escape(remembered())}"]`);
    if (chosen) chosen.checked = true;
    choice.addEventListener('change', () => {
      remember(this.#language);
      this.#say();
    });
    $('code-copy').addEventListener('click', () => this.#copy());
  }

  clear() {
    this.#steps = {};
    this.#say();
  }

  created(asked, id) {
    this.#add({ asked, id });
  }

  driven(id) {
    this.#add({ id, isDriven: true });
  }

  followed(id) {
    this.#add({ id, isFollowed: true });
  }

  cancelled(reason) {
    this.#add({ isCancelled: true, reason });
  }

  /** What was recorded was done by the same requests. */
  recorded(asked) {
    this.#steps = {};
    this.#add({ asked, isDriven: true, isFollowed: true });
  }

  went(revision) {
    this.#add({ at: revision });
  }

  returned() {
    this.#add({ at: undefined });
  }

  #add(more) {
    Object.assign(this.#steps, more);
    this.#say();
  }

  get #language() {
    return $('code-languages').querySelector(':checked').value;
  }

  #say() {
    const parts = this.#steps.id || this.#steps.asked ? languages[this.#language]({ ...this.#steps, needsKey: access() !== '' }, streams.href) : [];
    $('code-note').textContent = standing();
    this.#text = parts.map(({ comment, code }) => [comment, code].filter(Boolean).join('\n')).join('\n\n');
    $('code-text').firstElementChild.replaceChildren(...parts.flatMap(({ comment, code }, index) => {
      const said = document.createElement('span');
      said.className = 'comment';
      said.textContent = comment ? `${comment}\n` : '';
      return [index > 0 ? '\n\n' : '', said, code];
    }));
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.#text);
      $('code-note').textContent = 'Copied.';
    } catch {
      getSelection().selectAllChildren($('code-text'));
      $('code-note').textContent = 'The browser does not let this page copy; it is selected now.';
    }
    setTimeout(() => { $('code-note').textContent = standing(); }, 3000);
  }
}

/** The reader's key is not shown. */
const standing = () => (access() ? 'It runs with a key in STREAMS_KEY.' : 'It runs as it stands.');

function remembered() {
  try {
    return localStorage.getItem(key) ?? 'curl';
  } catch {
    return 'curl'; // storage may be forbidden
  }
}

function remember(language) {
  try {
    localStorage.setItem(key, language);
  } catch {
    // It holds until the next load.
  }
}
