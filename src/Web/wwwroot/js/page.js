// The page: what is in view is what its address says, so a reload, a second tab and the back button all find it.

import { pageOf } from './api.js';
import { PastList } from './past-list.js';
import { StartForm } from './start-form.js';
import { StreamView } from './stream-view.js';

// The list is eventually consistent: what was just written is there within about a second.
const soonMs = 1200;
const oftenMs = 10_000;

const live = document.getElementById('live');
const announce = (words) => { live.textContent = words; };

const view = new StreamView({ announce, changed: refreshSoon });
const past = new PastList({ open, announce, removed: refreshSoon });

new StartForm(document.getElementById('start'), (stream) => {
  history.pushState(null, '', pageOf(stream.id));
  view.start(stream);
  past.current = stream.id;
  announce('The stream is created.');
  document.getElementById('stream').scrollIntoView({ block: 'nearest' });
  refreshSoon();
});

function open(id) {
  history.pushState(null, '', pageOf(id));
  show();
  document.getElementById('stream').focus();
}

function show() {
  const id = new URLSearchParams(location.search).get('stream');
  past.current = id;
  if (id) view.open(id);
  else view.close();
}

let timer;
function refreshSoon() {
  past.refresh();
  clearTimeout(timer);
  timer = setTimeout(refresh, soonMs);
}

function refresh() {
  past.refresh();
  view.askWhetherDeleted();
}

addEventListener('popstate', show);
setInterval(() => { if (!document.hidden) refresh(); }, oftenMs);
show();
past.refresh();
