// The head of the stream in view: what it is, how it stands, what can be done with it.

import { hideWithoutTheFocus, isOff, showAgain } from '../focus.js';
import { problemWords } from '../words.js';
import { isEnding } from './status.js';

const $ = (id) => document.getElementById(id);
const page = document.title;

export class StreamHead {
  #announce;

  /** @param on drive(), cancel(reason), announce(words) */
  constructor({ drive, cancel, announce }) {
    this.#announce = announce;
    $('drive').addEventListener('click', () => { if (!isOff($('drive'))) drive(); });
    $('cancel').addEventListener('submit', (e) => {
      e.preventDefault();
      if (!isOff($('reason'))) cancel($('reason').value.trim());
    });
    $('copy').addEventListener('click', () => this.#copy());
  }

  clear(title = 'No stream yet', facts = 'Start one, or choose one from the list.') {
    for (const id of ['ending', 'stream-problem', 'stream-tools']) $(id).hidden = true;
    for (const id of ['cancel', 'drive']) showAgain($(id), true);
    $('reason').value = '';
    $('status').textContent = '';
    $('stream-title').textContent = title;
    $('stream-facts').textContent = facts;
    document.title = page;
  }

  show(stream) {
    const title = stream.labels?.title ?? stream.title ?? stream.id;
    document.title = `${title} · ${page}`;
    $('stream-title').textContent = title;
    const id = document.createElement('code');
    id.textContent = stream.id;
    $('stream-facts').replaceChildren(id, ` from ${stream.source}, ${new Date(stream.createdAt).toLocaleString()}`);
    $('stream-tools').hidden = false;
  }

  status(status, canDrive) {
    $('status').textContent = status;
    $('status').dataset.status = status;
    show($('cancel'), !isEnding(status));
    show($('drive'), canDrive);
  }

  /** Of a stream that is not there, or not to be had. */
  gone(id, problem) {
    const title = { 404: 'There is no such stream', 410: 'This stream was deleted' }[problem.status];
    this.clear(title ?? id, problem.status === 410 ? 'It was here once. Its text is gone from the log, and its id is never used again.' : '');
    if (title) {
      document.title = `${title} · ${page}`;
      const name = document.createElement('code');
      name.textContent = id;
      $('stream-facts').prepend(name, ' ');
    }
    this.problem(problem);
  }

  ending(words, status) {
    $('ending').textContent = words;
    $('ending').dataset.status = status;
    $('ending').hidden = false;
  }

  problem(problem) {
    $('stream-problem').textContent = problemWords(problem);
    $('stream-problem').hidden = false;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(location.href);
      this.#announce('The link is copied.');
      $('copy').textContent = 'Copied';
      setTimeout(() => { $('copy').textContent = 'Copy link'; }, 2000);
    } catch {
      this.problem(new Error('The browser does not let this page copy; the link is in the address bar.'));
    }
  }
}

function show(element, isShown) {
  if (isShown) showAgain(element);
  else if (!element.hidden) hideWithoutTheFocus(element);
}
