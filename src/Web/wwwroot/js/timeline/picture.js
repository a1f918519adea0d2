// The picture of a stream's timeline, as SVG.
//
// Seen live by its driver: tokens as they came, each append as a wedge from the tokens in it to the moment it was
// saved, the batches as they came back out of the log, and how long the oldest token of each append had waited. Seen by
// others: what they can know of it.

const svgName = 'http://www.w3.org/2000/svg';
const left = 84;
const right = 14;
const recentMs = 8000;

export class Picture {
  #svg;
  #words;
  #due = false;
  #source;

  constructor(svg, words) {
    this.#svg = svg;
    this.#words = words;
    new ResizeObserver(() => this.show()).observe(svg);
  }

  /** @param source () => { record } or { history }, with isRecent; asked when there is time to draw */
  show(source = this.#source) {
    this.#source = source;
    if (this.#due || !source) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      const width = Math.max(260, Math.round(this.#svg.clientWidth));
      const { record, history, isRecent, words } = this.#source();
      const drawing = history ? drawHistory(history, width) : drawRecord(record, width, isRecent);
      this.#svg.setAttribute('viewBox', `0 0 ${width} ${drawing.height}`);
      this.#svg.style.height = `${drawing.height}px`;
      this.#svg.replaceChildren(...drawing.parts);
      this.#svg.setAttribute('aria-label', `Timeline: ${words}`);
      this.#words.textContent = words;
    });
  }
}

function drawRecord(record, width, isRecent) {
  const end = record.end ?? record.now;
  const begin = isRecent ? Math.max(record.begin, end - recentMs) : record.begin;
  const x = scale(begin, Math.max(end, begin + 1000), width);
  const seen = (item) => item.time >= begin;
  const batches = record.batches.filter(seen);
  if (record.tokens.length === 0) return drawBatches(batches, x, width, begin, end);

  const rows = { tokens: 26, saved: 86, read: 126, lag: 196 };
  const saves = record.saves.filter(seen);
  const lastToken = (save) => Math.min(save.time, record.timeOf(save.to - 1) ?? save.time);
  const wedges = saves.map((s) => `M${x(record.timeOf(s.from))} ${rows.tokens + 9}L${x(lastToken(s))} ${rows.tokens + 9}L${x(s.time)} ${rows.saved - 5}Z`);
  const falls = batches.map((b) => {
    const save = record.saves.find((s) => s.to >= b.to);
    return save ? `M${x(save.time)} ${rows.saved + 5}L${x(b.time)} ${rows.read - 5}` : '';
  });
  const worst = Math.max(50, ...saves.map((s) => s.lag ?? 0));
  const top = niceAbove(worst);
  const lagHeight = 40;
  return {
    height: 232,
    parts: [
      label(rows.tokens, 'tokens'), label(rows.saved, 'appends'), label(rows.read, 'batches'), label(rows.lag - 14, 'lag'),
      rule(rows.saved, width), rule(rows.read, width),
      path('wedges', wedges.join('')),
      path('falls', falls.join('')),
      path('tokens', ticks(record.tokens.filter(seen).map((t) => x(t.time)), rows.tokens - 9, 18)),
      ...dots('append', saves, x, rows.saved, (s) => s.to - s.from),
      ...dots('batch', batches, x, rows.read, (b) => b.to - b.from),
      rule(rows.lag, width), rule(rows.lag - lagHeight, width, 'faint'),
      note(width - right, rows.lag - lagHeight - 4, `${top} ms`, 'end'),
      path('lags', saves.map((s) => `M${x(s.time)} ${rows.lag}v${-((s.lag ?? 0) / top) * lagHeight}`).join('')),
      ...axis(begin, Math.max(end, begin + 1000), x, rows.lag + 20, record.begin),
    ],
  };
}

function drawBatches(batches, x, width, begin, end) {
  const row = 34;
  return {
    height: 80,
    parts: [
      label(row, 'batches'), rule(row, width),
      ...dots('batch', batches, x, row, (b) => b.to - b.from),
      ...axis(begin, Math.max(end, begin + 1000), x, row + 32, begin),
    ],
  };
}

/** By the log's clock: how the text grew, event by event. */
function drawHistory(events, width) {
  const end = Math.max(1000, events.at(-1).time);
  const x = scale(0, end, width);
  const [top, floor, row] = [20, 160, 188];
  const most = Math.max(1, events.at(-1).length);
  const y = (length) => floor - (length / most) * (floor - top);
  let stairs = `M${x(0)} ${floor}`;
  for (const e of events) stairs += `H${x(e.time)}V${y(e.length)}`;
  const chunks = events.filter((e, i) => e.length > (events[i - 1]?.length ?? 0));
  const others = events.filter((e) => !chunks.includes(e));
  return {
    height: 232,
    parts: [
      label(floor - 40, 'saved text'), rule(floor, width), rule(top, width, 'faint'),
      note(left + 4, top - 5, `${most.toLocaleString('en')} bytes`),
      path('area', `${stairs}V${floor}Z`), path('stairs', stairs),
      label(row, 'appends'), rule(row, width),
      ...chunks.map((e) => dot('append', x(e.time), row, 3)),
      ...others.map((e) => dot('life', x(e.time), row, 4)),
      ...axis(0, end, x, row + 26, 0),
    ],
  };
}

/** What lies before the beginning of a part is drawn at its edge. */
const scale = (begin, end, width) => (time) => round(left + ((Math.max(time, begin) - begin) / (end - begin)) * (width - left - right));

const round = (n) => Math.round(n * 10) / 10;

/** One tick a pixel at most: of thousands of tokens a second no more can be seen. */
function ticks(places, y, height) {
  const pixels = [...new Set(places.map((place) => Math.round(place * 2) / 2))];
  return pixels.map((place) => `M${place} ${y}v${height}`).join('');
}

function dots(className, items, x, y, bytesIn) {
  // As large a circle as its text, within what can be seen and told apart.
  return items.slice(-1500).map((item) => dot(className, x(item.time), y, Math.min(6, 2 + Math.sqrt(bytesIn(item)) / 6)));
}

function dot(className, cx, cy, r) {
  return make('circle', { class: className, cx, cy, r: round(r) });
}

function axis(begin, end, x, y, zero) {
  const steps = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 21_600_000, 86_400_000];
  const step = steps.find((s) => (x(begin + s) - x(begin)) >= 56) ?? (end - begin) / 4;
  const parts = [];
  for (let time = zero + Math.ceil((begin - zero) / step) * step; time <= end; time += step)
    parts.push(note(x(time), y, clock(time - zero, step), 'middle'));
  return parts;
}

const clock = (ms, step) => (ms >= 3_600_000 ? `${round(ms / 3_600_000)} h` : step >= 60_000 ? `${round(ms / 60_000)} min` : `${round(ms / 1000)} s`);

const niceAbove = (n) => [50, 100, 150, 200, 300, 500, 1000, 2000, 5000, 10_000, 30_000].find((nice) => nice >= n) ?? Math.ceil(n);

const label = (y, text) => note(0, y + 4, text, 'start', 'label');

const rule = (y, width, more = '') => make('line', { class: `rule ${more}`, x1: left, x2: width - right, y1: y, y2: y });

const path = (className, d) => make('path', { class: className, d });

function note(x, y, text, anchor = 'start', className = 'note') {
  const element = make('text', { class: className, x, y, 'text-anchor': anchor });
  element.textContent = text;
  return element;
}

function make(name, attributes) {
  const element = document.createElementNS(svgName, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
