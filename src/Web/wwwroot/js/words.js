// How numbers, times and endings are said.

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

export const count = (n, one, many = `${one}s`) => `${whole.format(n)} ${n === 1 ? one : many}`;

export const number = (n) => whole.format(n);

export function bytes(n) {
  if (n < 1024) return count(n, 'byte');
  return n < 1024 * 1024 ? `${short.format(n / 1024)} KiB` : `${short.format(n / 1024 / 1024)} MiB`;
}

export const milliseconds = (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`);

export const seconds = (ms) => `${(ms / 1000).toFixed(ms < 100_000 ? 2 : 1)} s`;

export function ago(time, now = Date.now()) {
  const s = Math.max(0, (now - new Date(time)) / 1000);
  if (s < 45) return 'just now';
  if (s < 3600) return `${Math.round(s / 60)} min ago`;
  if (s < 86_400) return `${Math.round(s / 3600)} h ago`;
  return new Date(time).toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** Of a refusal, in the server's words, or in ours where it has none. */
export function problemWords({ type, title, message }) {
  if (type === 'unreachable') return 'The server cannot be reached.';
  return title && title !== message ? `${title} ${message}` : message;
}

/** Text for a row: one line, with what would break it seen. */
export const line = (text) => text.replaceAll('\n', '↵').replaceAll('\r', '␍').replaceAll('\t', '⇥');
