// The page: what is in view is what its address says, so a reload, a second tab and the back button all find it.

import { pageOf, shownAt } from './api.js';
import { StreamList } from './list/list.js';
import { StartForm } from './start-form.js';
import { StreamView } from './stream/view.js';

const live = document.getElementById('live');
const announce = (words) => { live.textContent = words; };

const view = new StreamView({ announce });
const streams = new StreamList({ open, announce, changed: () => view.askWhetherDeleted() });

new StartForm(document.getElementById('start'), (stream, asked) => {
  history.pushState(null, '', pageOf(stream.id));
  view.start(stream, asked);
  streams.current = stream.id;
  announce('The stream is created.');
  document.getElementById('stream').scrollIntoView({ block: 'nearest' });
  streams.refresh();
});

function open(id) {
  history.pushState(null, '', pageOf(id));
  show();
  document.getElementById('stream').focus();
}

function show() {
  const { id, at } = shownAt(location);
  streams.current = id;
  if (id) view.open(id, at);
  else view.showRecording();
}

addEventListener('popstate', show);
document.addEventListener('visibilitychange', () => { if (!document.hidden) view.askWhetherDeleted(); });
show();
