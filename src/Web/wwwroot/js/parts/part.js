// One part of an answer as it is shown: a thought folded, a tool's call with its arguments and result, a source, a
// file. What a part says is text and never markup.

import { partAddress } from '../reader-token.js';
import { bytesOf, unitsOf } from '../utf8.js';

const shown = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'];
const tries = 20;
const pauseMs = 500; // a driver hears of a file before its bytes are durable

const titles = {
  step: ({ detail }) => `Step${detail?.model ? ` · ${detail.model}` : ''}`,
  reasoning: () => 'Thought',
  'tool-call': ({ name, detail }) => `Call of ${detail?.title ?? name ?? 'a tool'}`,
  'tool-result': () => 'Result',
  'approval-request': () => 'Asks for approval',
  'approval-response': ({ detail }) => (detail?.approved ? 'Approved' : 'Not approved'),
  source: ({ detail }) => detail?.title ?? detail?.url ?? 'Source',
  file: ({ name, mediaType }) => name ?? mediaType ?? 'File',
  'input-file': ({ name, mediaType }) => `From you: ${name ?? mediaType ?? 'file'}`,
  data: ({ name }) => name ?? 'Data',
  error: ({ detail }) => `Error${detail?.code ? ` · ${detail.code}` : ''}`,
};

const isFolded = (kind) => kind === 'reasoning' || kind === 'data' || !(kind in titles);
const isFile = ({ kind, encoding }) => kind === 'file' || kind === 'input-file' || encoding === 'base64';

export class Part {
  #start;
  #id;
  #text;
  #state;
  #isGone = false;
  length = 0;

  /** @param start as its event has it */
  constructor(id, start) {
    this.#id = id;
    this.#start = start;
    this.element = document.createElement(isFolded(start.kind) ? 'details' : 'div');
    this.element.className = 'part';
    this.element.dataset.kind = start.kind;
    const head = child(this.element, isFolded(start.kind) ? 'summary' : 'p', 'part-head');
    head.append(this.#titleOf());
    this.#state = child(head, 'span', 'part-state');
    this.#is('open');
  }

  /** No line of an answer: it only says something of a run of the text. */
  static isShown = ({ kind }) => kind !== 'text';

  /** @param offset UTF-8 bytes of the part before it: what is there already is not shown twice */
  add(text, offset = this.length) {
    const rest = text.slice(unitsOf(text, this.length - offset));
    this.length += bytesOf(rest);
    this.#show(rest);
  }

  #show(text) {
    if (!text || isFile(this.#start)) return;
    this.#text ??= child(this.element, 'pre', 'part-text').appendChild(document.createTextNode(''));
    this.#text.appendData(text);
  }

  /** @param end error?, detail? */
  end({ error, detail }) {
    if (this.element.dataset.state !== 'open') return;
    this.#is(error ? 'failed' : 'done', endWords(detail));
    if (error) child(this.element, 'p', 'part-error').textContent = error;
    if (isFile(this.#start) && this.length > 0) this.#showFile();
  }

  /** Its stream ended first. */
  cut() {
    if (this.element.dataset.state === 'open') this.#is('cut');
  }

  gone() {
    this.#isGone = true;
  }

  #titleOf() {
    const words = (titles[this.#start.kind] ?? (() => this.#start.kind))(this.#start);
    const address = this.#start.kind === 'source' || isFile(this.#start) ? safe(this.#start.detail?.url) : undefined;
    if (!address) return words;
    const link = document.createElement('a');
    link.href = address;
    link.rel = 'noopener noreferrer nofollow';
    link.target = '_blank';
    link.textContent = words;
    return link;
  }

  #is(state, words = '') {
    this.element.dataset.state = state;
    const { kind } = this.#start;
    const going = kind === 'reasoning' ? 'thinking …' : kind === 'tool-result' ? 'running …' : '…';
    this.#state.textContent = { open: going, done: words, cut: 'cut off', failed: 'failed' }[state];
  }

  async #showFile() {
    const address = await partAddress(this.#id, this.#start.part).catch(() => undefined);
    if (!address || this.#isGone) return;
    const link = child(this.element, 'a', 'part-file');
    link.href = address;
    link.download = '';
    link.textContent = `Save ${this.#start.name ?? 'the file'}`;
    if (!shown.includes(this.#start.mediaType?.toLowerCase())) return;
    const picture = child(this.element, 'img', 'part-picture');
    picture.alt = this.#start.name ?? 'A picture of the answer';
    let left = tries;
    picture.addEventListener('error', () => {
      if (left-- > 0 && !this.#isGone) setTimeout(() => { picture.src = address; }, pauseMs);
    });
    picture.src = address;
  }
}

function endWords(detail) {
  const tokens = detail?.usage?.total_tokens;
  return [detail?.finishReason, tokens === undefined ? undefined : `${tokens} tokens`].filter(Boolean).join(', ');
}

/** Only what a browser opens as a page of another: never a script. */
function safe(address) {
  const url = URL.canParse(address ?? '') ? new URL(address) : undefined;
  return ['https:', 'http:'].includes(url?.protocol) ? url.href : undefined;
}

function child(parent, tag, className) {
  const element = parent.appendChild(document.createElement(tag));
  element.className = className;
  return element;
}
