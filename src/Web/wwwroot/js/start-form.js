// What to stream, and the start of it.

import { create } from './api.js';

const titleLength = 70;

export class StartForm {
  #form;
  #note;
  #problem;
  #isModelKnown = false;

  /** @param started (stream): it is created, and has no driver yet */
  constructor(form, started) {
    this.#form = form;
    this.#note = form.querySelector('#start-note');
    this.#problem = form.querySelector('#start-problem');
    form.addEventListener('change', (e) => {
      if (e.target.name === 'from') this.#choose();
    });
    form.addEventListener('submit', (e) => {
      e.preventDefault();
      this.#start(started);
    });
    this.#choose();
  }

  get #from() {
    return this.#form.elements.from.value;
  }

  /** Only what belongs to the choice is there to be filled in. */
  #choose() {
    for (const field of this.#form.querySelectorAll('[data-for]')) field.hidden = !field.dataset.for.split(' ').includes(this.#from);
    this.#form.elements.text.required = this.#from === 'own';
    this.#form.elements.prompt.required = this.#from === 'model';
    this.#say('');
    this.#note.hidden = this.#from !== 'model' || !this.#note.textContent;
    if (this.#from === 'model') this.#askForModel();
  }

  /** A request that is refused either way, and creates nothing: the refusal's field tells whether the server has a model. */
  async #askForModel() {
    if (this.#isModelKnown) return;
    try {
      await create({ source: 'openai', input: {} });
    } catch (problem) {
      this.#isModelKnown = problem.status === 400;
      this.#note.textContent = problem.field === 'source' ? problem.detail : '';
    }
    this.#note.hidden = this.#from !== 'model' || !this.#note.textContent;
  }

  async #start(started) {
    const button = this.#form.querySelector('[type=submit]');
    this.#say('');
    button.disabled = true;
    try {
      started(await create(this.#stream()));
    } catch (problem) {
      this.#say(problem.message);
    } finally {
      button.disabled = false;
    }
  }

  #say(words) {
    this.#problem.textContent = words;
    this.#problem.hidden = !words;
  }

  #stream() {
    const { text, prompt, model, rate, length, fail } = this.#form.elements;
    if (this.#from === 'model') {
      const input = { messages: [{ role: 'user', content: prompt.value }] };
      if (model.value.trim()) input.model = model.value.trim();
      return { source: 'openai', input, labels: { title: titleOf(prompt.value) } };
    }
    const input = { rate: Number(rate.value) };
    if (fail.checked) input.fail = true;
    if (this.#from === 'own') return { source: 'demo', input: { ...input, text: text.value }, labels: { title: titleOf(text.value) } };
    if (length.value) input.length = Number(length.value);
    const title = `Demo, ${length.value ? `${Number(length.value).toLocaleString('en')} tokens` : 'once through'}${fail.checked ? ', failing' : ''}`;
    return { source: 'demo', input, labels: { title } };
  }
}

function titleOf(text) {
  const characters = [...text.trim().replace(/\s+/g, ' ')];
  return characters.length <= titleLength ? characters.join('') : `${characters.slice(0, titleLength).join('')}…`;
}
