const template = document.querySelector('#exchange');

/** How long the tab that asked may take to drive its answer before another does. */
const patience = 3000;

const words = {
  pending: 'waiting', streaming: 'writing', done: '', error: 'Broken off', cancelled: 'Stopped', timeout: 'It fell silent', deleted: 'Deleted',
};

/** One question with its answer, driven or followed. */
export class Answer {
  #address;
  #text = '';
  #status = 'pending';
  #events = null;

  /** @param on again(): asked once more, where it failed */
  constructor(stream, asked, { again }) {
    this.asked = asked;
    this.#address = '/v1/streams/' + encodeURIComponent(stream);
    this.element = template.content.firstElementChild.cloneNode(true);
    this.#part('.question').textContent = asked;
    this.#part('.stop').addEventListener('click', () => this.stop());
    this.#part('.again').addEventListener('click', again);
    this.#is('pending');
  }

  /** With what is known of it already. */
  begin(status, text, why) {
    this.#show(text);
    this.#is(status, why);
    if (status === 'pending' || status === 'streaming') this.follow();
  }

  /** Claims the answer: its words come as they are made. */
  async drive() {
    this.leave();
    try {
      const response = await fetch(this.#address + '/drive', { method: 'POST' });
      if (!response.ok) return this.follow();   // another tab was first, or it has ended: the log knows
      this.#is('streaming');
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let text = ''; ;) {
        const { value, done } = await reader.read();
        if (done) break;
        this.#show(text += value);
      }
      this.#is('done');   // a clean end means just that
    } catch {
      this.follow();      // cut: stopped, failed, or the network; what is stored tells
    }
  }

  /** Reads what is stored from its beginning, then on as it comes; the browser resumes by itself after a lost connection. */
  follow() {
    if (this.#events) return;
    let text = '';
    const events = this.#events = new EventSource(this.#address + '/events');
    const unclaimed = setTimeout(() => {
      if (this.#status === 'pending' && this.#events === events) this.drive();
    }, patience);
    events.addEventListener('status', event => {
      const { status } = JSON.parse(event.data);
      if (status !== 'pending') clearTimeout(unclaimed);
      this.#is(status);
    });
    events.addEventListener('text', event => this.#show(text += JSON.parse(event.data).text));
    events.addEventListener('end', event => {
      clearTimeout(unclaimed);
      this.leave();
      const { status, error } = JSON.parse(event.data);
      this.#is(status, error?.message);
    });
    events.addEventListener('error', () => {
      if (events.readyState === EventSource.CLOSED) this.#is('deleted');
    });
  }

  stop() {
    return fetch(this.#address + '/cancel', { method: 'POST' });
  }

  leave() {
    this.#events?.close();
    this.#events = null;
  }

  /** What a driver saw may be ahead of what is stored, and never other text: a shorter one says nothing new. */
  #show(text) {
    if (text.length < this.#text.length) return;
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 80;
    this.#text = text;
    this.#part('.answer').textContent = text;
    if (atEnd) scrollTo(0, document.documentElement.scrollHeight);
  }

  #is(status, why) {
    this.#status = status;
    const runs = status === 'pending' || status === 'streaming';
    this.element.dataset.status = status;
    this.#part('.said').textContent = why && status !== 'cancelled' ? `${words[status]}: ${why}` : words[status] ?? status;
    const [stop, again] = [this.#part('.stop'), this.#part('.again')];
    const hadFocus = document.activeElement === stop;
    stop.hidden = !runs;
    again.hidden = runs || status === 'done';
    if (hadFocus && !runs) (again.hidden ? document.querySelector('#question') : again).focus();
  }

  #part(selector) {
    return this.element.querySelector(selector);
  }
}
