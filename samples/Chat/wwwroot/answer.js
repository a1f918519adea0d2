const template = document.querySelector('#exchange');

/** How long the tab that asked may take to drive its answer before another does. */
const patience = 3000;

const words = { pending: 'waiting', streaming: 'writing', done: '', error: 'broken off', cancelled: 'stopped', timeout: 'fell silent', deleted: 'deleted' };

/** One question with its answer, driven or followed. */
export class Answer {
  #address;
  #text = '';
  #status = 'pending';
  #events = null;

  constructor(stream, question) {
    this.#address = '/v1/streams/' + encodeURIComponent(stream);
    this.element = template.content.firstElementChild.cloneNode(true);
    this.element.querySelector('.question').textContent = question;
    this.element.querySelector('button').addEventListener('click', () => this.stop());
    this.#is('pending');
  }

  /** With what is known of it already. */
  begin(status, text) {
    this.#show(text);
    this.#is(status);
    if (status === 'pending' || status === 'streaming') this.follow();
  }

  /** Claims the answer: its words come as they are made. */
  async drive() {
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
      if (this.#status !== 'pending') return;
      this.leave();
      this.drive();
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
      this.#is(JSON.parse(event.data).status);
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
    this.element.querySelector('.answer').textContent = text;
    if (atEnd) scrollTo(0, document.documentElement.scrollHeight);
  }

  #is(status) {
    this.#status = status;
    const runs = status === 'pending' || status === 'streaming';
    this.element.dataset.status = status;
    this.element.querySelector('[role=status]').textContent = words[status] ?? status;
    this.element.querySelector('button').hidden = !runs;
  }
}
