// What to stream, and the start of it.

import { client } from './api.js';
import { isOff, switchOff } from './focus.js';
import { demoName } from './names.js';
import { number, problemWords } from './words.js';

const titleLength = 70;
const onceThrough = 142; // tokens of the demo's own text

export class StartForm {
  #form;
  #problem;
  #button;

  /** @param started (stream, asked): it is created by what was asked, and has no driver yet */
  constructor(form, started) {
    this.#form = form;
    this.#problem = form.querySelector('#start-problem');
    this.#button = form.querySelector('[type=submit]');
    this.#offerModel(document.documentElement.dataset.model === 'on');
    form.addEventListener('change', (e) => {
      if (e.target.name === 'from') this.#choose();
    });
    form.addEventListener('submit', (e) => {
      e.preventDefault();
      if (!isOff(this.#button)) this.#start(started);
    });
    this.#choose();
  }

  /** By name, and not as a property of the form's elements: one of them is called length. */
  #field(name) {
    return this.#form.elements.namedItem(name);
  }

  get #from() {
    return this.#field('from').value;
  }

  /** What the server cannot do is not offered; the page comes with the server's word on it. */
  #offerModel(hasModel) {
    const model = this.#form.querySelector('[value=model]');
    model.disabled = !hasModel;
    this.#form.querySelector('#no-model').hidden = hasModel;
    // A browser may bring back a choice from before a reload.
    if (!hasModel && model.checked) this.#form.querySelector('[value=demo]').checked = true;
  }

  /** Only what belongs to the choice is there to be filled in. */
  #choose() {
    for (const field of this.#form.querySelectorAll('[data-for]')) field.hidden = !field.dataset.for.split(' ').includes(this.#from);
    this.#field('text').required = this.#from === 'own';
    this.#field('prompt').required = this.#from === 'model';
    this.#say('');
  }

  async #start(started) {
    this.#say('');
    switchOff(this.#button, true); // disabled it would lose the focus
    try {
      const asked = this.#asked();
      started(await client.create(asked), asked);
    } catch (problem) {
      this.#say(problemWords(problem));
    } finally {
      switchOff(this.#button, false);
    }
  }

  #say(words) {
    this.#problem.textContent = words;
    this.#problem.hidden = !words;
  }

  #asked() {
    if (this.#from === 'model') {
      const [prompt, model] = [this.#field('prompt').value, this.#field('model').value.trim()];
      const input = { messages: [{ role: 'user', content: prompt }] };
      if (model) input.model = model;
      return { source: 'openai', input, labels: { title: titleOf(prompt) } };
    }
    const input = { rate: Number(this.#field('rate').value) };
    const fails = this.#field('fail').checked;
    if (fails) input.fail = true;
    if (this.#field('parts').checked) input.parts = true;
    if (this.#from === 'own') {
      const text = this.#field('text').value;
      return { source: 'demo', input: { ...input, text }, labels: { title: titleOf(text) } };
    }
    const length = Number(this.#field('length').value);
    if (length) input.length = length;
    return { source: 'demo', input, labels: { title: `${demoName()}: ${number(length || onceThrough)} tokens${fails ? ', failing' : ''}` } };
  }
}

function titleOf(text) {
  const characters = [...text.trim().replace(/\s+/g, ' ')];
  return characters.length <= titleLength ? characters.join('') : `${characters.slice(0, titleLength).join('')}…`;
}
