// One chat, named by the address's fragment. The tab that asked drives the answer and has it word by word; every other
// tab, and this one after a reload, follows what is stored. What other tabs ask is pushed.
import { Answer } from './answer.js';
import { ask, askAgain, chats, exchangesOf, followChanges } from './api.js';

const exchanges = document.querySelector('#exchanges');
const form = document.querySelector('#ask');
const question = document.querySelector('#question');
const problem = document.querySelector('#problem');
const welcome = document.querySelector('#welcome');

let chat = '';
let shown = new Map();   // stream id → Answer
let sending = false;

function open() {
  const named = location.hash.slice(1);
  if (named && named === chat) return;
  for (const answer of shown.values()) answer.leave();
  chat = named || crypto.randomUUID();
  if (!named) history.replaceState(null, '', '#' + chat);
  shown = new Map();
  exchanges.replaceChildren();
  welcome.hidden = true;
  say('');
  refresh();
  question.focus();
}

/** Everything, as it is: on opening, and after a connection that was lost. */
async function refresh() {
  const asked = chat;
  try {
    const all = await exchangesOf(chat);
    if (asked !== chat) return;
    const begun = all.filter(one => !shown.has(one.stream)).map(one => put(one.question, one.stream).begin(one));
    welcome.hidden = shown.size > 0;
    await Promise.all(begun);
    scrollToEnd();
  } catch (error) {
    say(error.message);
  }
  listChats();
}

/** @param insteadOf the stream of an answer that failed, whose place it takes */
function put(asked, stream, insteadOf) {
  const answer = new Answer(stream, asked, { again: () => again(stream) });
  const old = insteadOf && shown.get(insteadOf);
  if (old) {
    old.leave();
    shown.delete(insteadOf);
    old.element.replaceWith(answer.element);
  } else exchanges.append(answer.element);
  shown.set(stream, answer);
  welcome.hidden = true;
  return answer;
}

async function listChats() {
  const links = (await chats()).map(one => {
    const link = document.createElement('a');
    link.href = '#' + one.chat;
    link.textContent = one.title;
    if (one.chat === chat) link.setAttribute('aria-current', 'page');
    return link;
  });
  document.querySelector('#chats').replaceChildren(...links);
}

async function send() {
  const text = question.value.trim();
  if (!text) return;
  await asking(async () => {
    const stream = await ask(chat, text);
    question.value = '';
    if (!shown.has(stream)) put(text, stream);
    shown.get(stream).drive();
    scrollToEnd();
  });
}

async function again(failed) {
  await asking(async () => {
    const { asked } = shown.get(failed);
    const stream = await askAgain(chat, failed);
    if (!shown.has(stream)) put(asked, stream, failed);
    shown.get(stream).drive();
    question.focus();
  });
}

/** One at a time; what was typed stays where it is if it cannot be sent. */
async function asking(work) {
  if (sending) return;
  sending = true;
  say('');
  try {
    await work();
  } catch (error) {
    say(error.message);
  } finally {
    sending = false;
  }
}

function say(words) {
  problem.textContent = words;
  problem.hidden = !words;
}

function scrollToEnd() {
  scrollTo(0, document.documentElement.scrollHeight);
}

form.addEventListener('submit', event => {
  event.preventDefault();
  send();
});
question.addEventListener('keydown', event => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
for (const suggestion of document.querySelectorAll('.suggestion')) {
  suggestion.addEventListener('click', () => {
    question.value = suggestion.textContent;
    question.focus();
    send();
  });
}
document.querySelector('#new').addEventListener('click', () => { location.hash = crypto.randomUUID(); });
addEventListener('hashchange', open);
followChanges({
  ready: refresh,
  asked({ chat: where, question: asked, stream, insteadOf }) {
    if (where === chat && !shown.has(stream)) put(asked, stream, insteadOf).follow();
    listChats();
  },
});
open();
