// One stream in the page: its driver, its text, its status.

import { cancel, query } from './api.js';
import { Driver } from './driver.js';
import { DriverText } from './driver-text.js';
import { wordsOf } from './ending.js';
import { EventTable } from './event-table.js';
import { historyOf } from './history.js';
import { Observer } from './observer.js';
import { ObserverText } from './observer-text.js';
import { Record } from './record.js';
import { Timeline } from './timeline.js';
import { bytesOf, unitsOf } from './utf8.js';
import { bytes, number } from './words.js';

const $ = (id) => document.getElementById(id);
const isEnding = (status) => !['pending', 'streaming'].includes(status);

export class StreamView {
  #driverText = new DriverText($('driver-text'));
  #observerText = new ObserverText($('observer-text'));
  #events = new EventTable($('events'), $('events-note'));
  #timeline = new Timeline($('timeline'));
  #record = new Record();
  #announce;
  #changed;
  #stream; // as the API showed it last, without its text; undefined: none in view
  #driver;
  #observer;
  #isDriverLost = false;
  #frames = []; // what was read before this tab could see it appended: told apart once the stream has ended
  #cancelledHere; // { reason }
  #wasLive = false; // this tab was there before the stream ended

  /** @param on announce(words), changed(): something that the list of streams shows too */
  constructor({ announce, changed }) {
    this.#announce = announce;
    this.#changed = changed;
    $('cancel').addEventListener('submit', (e) => {
      e.preventDefault();
      this.#cancel($('reason').value.trim());
    });
    $('drive').addEventListener('click', () => this.#drive());
    $('copy').addEventListener('click', () => this.#copy());
  }

  get id() {
    return this.#stream?.id;
  }

  close() {
    this.#driver?.leave();
    this.#observer?.close();
    [this.#driver, this.#observer, this.#stream, this.#cancelledHere] = [];
    this.#isDriverLost = false;
    this.#frames = [];
    this.#driverText.clear();
    this.#observerText.clear();
    this.#events.clear();
    for (const id of ['record', 'stream-tools', 'ending', 'stream-problem']) $(id).hidden = true;
    $('reason').value = '';
    $('stream-title').textContent = 'No stream yet';
    $('stream-facts').textContent = 'Start one above, or choose one below.';
    this.#driverSays('word by word, as the source speaks');
    $('driver-saved').textContent = 'The mark shows what is saved.';
    this.#observerSays('batch by batch, out of the log');
    $('observer-read').textContent = 'Only what is durable comes here.';
    delete $('driver').dataset.state;
    delete $('stream').dataset.stream;
    document.title = 'EventSourcedStreams';
  }

  /** Shows a stream that was just created here, and drives it. */
  start(stream) {
    this.#show(stream);
    this.#drive();
  }

  /** Shows any stream, at any time. */
  async open(id) {
    this.close();
    $('stream-title').textContent = id;
    $('stream-facts').textContent = 'Asking for it …';
    $('stream').dataset.stream = id;
    try {
      const stream = await query(id);
      if ($('stream').dataset.stream === id) this.#show(stream);
    } catch (problem) {
      if ($('stream').dataset.stream !== id) return; // another one was chosen meanwhile
      $('stream-facts').textContent = problem.status === 410 ? 'It was here once.' : '';
      this.#refused(problem);
    }
  }

  /** No reader is told when a stream that has ended is deleted; and one that runs is cancelled first, which is all that its readers hear. */
  async askWhetherDeleted() {
    const stream = this.#stream;
    if (!stream || !isEnding(stream.status) || stream.status === 'deleted') return;
    try {
      await query(stream.id);
    } catch (problem) {
      if (this.#stream === stream && problem.status === 410) this.#ended({ status: 'deleted' });
    }
  }

  #show(stream) {
    this.close();
    this.#stream = stream;
    this.#wasLive = !isEnding(stream.status);
    this.#record = new Record();
    this.#timeline.show(this.#record);
    if (isEnding(stream.status)) this.#observerText.readFromTop();
    $('stream').dataset.stream = stream.id;
    const title = stream.labels?.title ?? stream.id;
    document.title = `${title} · EventSourcedStreams`;
    $('stream-title').textContent = title;
    const source = document.createElement('code');
    source.textContent = stream.id;
    $('stream-facts').replaceChildren(source, ` from ${stream.source}, ${new Date(stream.createdAt).toLocaleString()}`);
    for (const id of ['record', 'stream-tools']) $(id).hidden = false;
    $('driver').dataset.state = 'elsewhere';
    this.#driverSays(isEnding(stream.status) ? 'had its words at once; this tab came later'
      : stream.status === 'pending' ? 'has not come yet' : 'is another tab, or was this one before it was loaded again');
    $('driver-saved').textContent = 'Other tabs read what the log has.';
    this.#standsAt(stream.status);
    this.#observe(stream.id);
  }

  #standsAt(status) {
    this.#stream.status = status;
    $('status').textContent = status;
    $('status').dataset.status = status;
    $('cancel').hidden = isEnding(status);
    // An upload's text comes from its driver, and this page has none to give.
    $('drive').hidden = status !== 'pending' || this.#driver !== undefined || this.#stream.source === 'upload';
  }

  #drive() {
    const { id } = this.#stream;
    $('drive').hidden = true;
    $('driver').dataset.state = 'driving';
    this.#driverSays('is this tab: word by word');
    const mine = (take) => (...args) => { if (this.id === id) take(...args); };
    this.#driver = new Driver(id, {
      text: mine((text) => this.#word(text)),
      saved: mine(({ length, revision }) => this.#saved(length, revision)),
      end: mine((end) => this.#driverEnded(end)),
      lost: mine(() => this.#driverLost()),
    });
    this.#driver.done.catch(mine((problem) => {
      this.#driver = undefined;
      $('driver').dataset.state = 'elsewhere';
      this.#driverSays('is another tab');
      if (problem.type !== 'already-driven') this.#problem(problem);
    }));
  }

  #word(text) {
    this.#driverText.add(text);
    this.#record.token(bytesOf(text));
    this.#timeline.changed();
    this.#tellSaved();
  }

  #saved(length, revision) {
    this.#driverText.savedTo(length);
    this.#record.saved(length);
    this.#timeline.changed();
    this.#tellSaved(revision);
  }

  #tellSaved(revision) {
    const { saved, bytes: all } = this.#driverText;
    const at = revision === undefined ? '' : `, revision ${number(revision)}`;
    $('driver-saved').textContent = saved === all ? `All ${bytes(all)} are saved${at}.`
      : `Saved to here: ${number(saved)} of ${bytes(all)}; ${bytes(all - saved)} on the way.`;
  }

  #driverEnded(end) {
    $('driver').dataset.state = 'ended';
    if (end.status !== 'unknown') this.#saved(end.length, end.revision);
    this.#driverSays(end.status === 'done' ? 'got every word' : `ended as ${end.status}`);
    if (end.status === 'unknown') this.#ended(end); // until the log says what is true
  }

  #driverLost() {
    if (this.#stream.status === 'pending') {
      // Nothing says that the claim has arrived: it may be made again, and only one wins.
      this.#driver = undefined;
      $('driver').dataset.state = 'elsewhere';
      this.#driverSays('the server was not reached');
      this.#standsAt('pending');
      return;
    }
    this.#isDriverLost = true;
    $('driver').dataset.state = 'lost';
    this.#driverSays('lost its connection; the stream goes on, and comes from the log now');
    this.#announce('The driver’s connection is lost. The stream goes on; its text comes from the log now.');
    for (const frame of this.#frames) this.#driverGoesOn(frame);
  }

  /** The driver's text, from where its connection was lost, as it is durable. */
  #driverGoesOn({ offset, text }) {
    const has = this.#driverText.bytes;
    const rest = text.slice(unitsOf(text, has - offset));
    if (offset <= has && rest) this.#driverText.add(rest);
    this.#driverText.savedTo(offset + bytesOf(text));
    this.#tellSaved();
  }

  #observe(id) {
    const mine = (take) => (...args) => { if (this.id === id) take(...args); };
    this.#observer = new Observer(id, {
      connected: mine(() => this.#observerSays('batch by batch, out of the log', 'connected')),
      reconnecting: mine(() => {
        this.#observerSays('reconnecting …', 'reconnecting');
        this.#announce('The connection is lost. Reconnecting.');
      }),
      refused: mine((problem) => this.#refused(problem)),
      status: mine((status, revision) => {
        this.#events.lifecycle(status, revision, this.#sinceBegin());
        if (isEnding(this.#stream.status)) return; // a late reader hears how it began
        this.#standsAt(status);
        this.#changed();
        if (status === 'streaming') this.#announce('The stream has started.');
      }),
      text: mine((frame, first, last) => this.#batch(frame, first, last)),
      end: mine((end, revision) => {
        this.#events.lifecycle(end.status, revision, this.#sinceBegin());
        this.#observerSays(end.status === 'deleted' ? 'the stream was deleted' : 'has all there is', 'ended');
        this.#ended({ ...end, revision });
      }),
    });
  }

  #batch(frame, first, last) {
    if (!this.#observerText.add(frame, first, last)) {
      this.#problem(new Error(`The log's text does not fit: byte ${this.#observerText.bytes} was due, ${frame.offset} came. Load the page again.`));
      return;
    }
    const to = this.#observerText.bytes;
    const batch = this.#record.batch(frame.offset, to, first, last);
    this.#events.text({ ...batch, text: frame.text, time: batch.time - this.#record.begin });
    this.#frames.push(frame);
    if (this.#isDriverLost) this.#driverGoesOn(frame);
    this.#timeline.changed();
    $('observer-read').textContent = `${bytes(to)} read, up to revision ${number(last)}.`;
  }

  #ended(end) {
    this.#record.ended();
    this.#timeline.changed();
    this.#standsAt(end.status);
    const who = end.status === 'cancelled' ? this.#whoCancelled(end) : undefined;
    const words = wordsOf(end, who);
    $('ending').textContent = words;
    $('ending').dataset.status = end.status;
    $('ending').hidden = false;
    this.#announce(words);
    this.#changed();
    if (end.revision !== undefined && end.status !== 'deleted' && this.#record.tokens.length === 0) this.#tellHistory(end.revision);
  }

  /** The API gives the reason, not the actor; but this tab knows whether it asked. */
  #whoCancelled(end) {
    const asked = this.#cancelledHere;
    if (asked && (!asked.reason || asked.reason === end.error?.message)) return 'this tab';
    return this.#wasLive ? 'another tab or client' : undefined;
  }

  async #tellHistory(revision) {
    const stream = this.#stream;
    let history;
    try {
      history = await historyOf(stream, revision);
    } catch {
      return; // deleted meanwhile, or the connection is gone: what was seen stands
    }
    if (this.#stream !== stream) return;
    this.#timeline.showHistory(history.events);
    if (history.isWhole) this.#tellApart(history.events);
  }

  /** The rows again, one an event, with the log's times. */
  #tellApart(events) {
    const text = new TextEncoder().encode(this.#frames.map((frame) => frame.text).join(''));
    const decoder = new TextDecoder();
    this.#events.clear('as the log has them; times after the creation');
    this.#events.readFromTop();
    events.forEach(({ revision, time, length, status }, index) => {
      const from = events[index - 1]?.length ?? 0;
      if (index > 0 && status === 'streaming' && length > from) {
        this.#events.text({ first: revision, last: revision, from, to: length, text: decoder.decode(text.subarray(from, length)), time });
      } else this.#events.lifecycle(status, revision, time);
    });
  }

  async #cancel(reason) {
    const stream = this.#stream;
    this.#cancelledHere = { reason };
    try {
      await cancel(stream.id, reason);
    } catch (problem) {
      if (this.#stream !== stream) return;
      this.#cancelledHere = undefined;
      this.#problem(problem);
    }
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(location.href);
      this.#announce('The link is copied.');
      $('copy').textContent = 'Copied';
      setTimeout(() => { $('copy').textContent = 'Copy link'; }, 2000);
    } catch {
      this.#problem(new Error('The browser does not let this page copy; the link is in the address bar.'));
    }
  }

  #refused(problem) {
    this.#observerSays('has nothing to read', 'ended');
    this.#problem(problem);
  }

  #problem(problem) {
    $('stream-problem').textContent = problem.message;
    $('stream-problem').hidden = false;
  }

  #sinceBegin() {
    return this.#record.now - this.#record.begin;
  }

  #driverSays(words) {
    $('driver-state').textContent = words;
  }

  #observerSays(words, state = '') {
    $('observer-state').textContent = words;
    $('observer').dataset.state = state;
  }
}
