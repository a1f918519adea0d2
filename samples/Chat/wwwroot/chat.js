// One chat, named by the address's fragment. The tab that asked drives the answer and has it word by word; every other tab, and this
// one after a reload, follows what is stored.
import { Answer } from './answer.js';

const exchanges = document.querySelector('#exchanges');
const ask = document.querySelector('#ask');
const question = document.querySelector('#question');

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
  refresh();
  question.focus();
}

function add(asked, stream) {
  const answer = new Answer(stream, asked);
  shown.set(stream, answer);
  exchanges.append(answer.element);
  answer.element.scrollIntoView({ block: 'end' });
  return answer;
}

/** What another tab or device has asked meanwhile; on opening, everything. */
async function refresh() {
  if (sending) return;
  const asked = chat;
  const response = await fetch('/chats/' + encodeURIComponent(chat));
  if (response.status === 401) return location.assign('/sign-in');
  if (!response.ok) return;
  const all = await response.json();
  if (asked !== chat || sending) return;
  const news = all.filter(one => !shown.has(one.stream));
  for (const one of news) add(one.question, one.stream).begin(one.status, one.text);
  if (news.length > 0) scrollTo(0, document.documentElement.scrollHeight);
  listChats();
}

async function listChats() {
  const response = await fetch('/chats');
  if (!response.ok) return;
  const links = (await response.json()).map(one => {
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
  if (!text || sending) return;
  sending = true;
  try {
    const response = await fetch('/chats/' + encodeURIComponent(chat), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(text),
    });
    if (!response.ok) throw new Error(`The message was not taken (${response.status}).`);
    question.value = '';
    add(text, (await response.json()).stream).drive();
  } catch (error) {
    alert(error.message);   // what was typed stays where it is
  } finally {
    sending = false;
  }
  listChats();
}

ask.addEventListener('submit', event => {
  event.preventDefault();
  send();
});
question.addEventListener('keydown', event => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
document.querySelector('#new').addEventListener('click', () => { location.hash = crypto.randomUUID(); });
addEventListener('hashchange', open);
setInterval(() => { if (!document.hidden) refresh(); }, 2000);
open();
