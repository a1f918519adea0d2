// Events as bytes on the wire, in all the shapes that the standard allows and a proxy may make of them.

/**
 * @returns {{bytes: Buffer, ends: {stream: string, id: number|null, sure: number, possible: number}[]}} where each
 *   event is whole
 */
export function encode(events, { eol = '\n', bom = false, comments = false, extras = false, multiline = false, tight = false, noise = 0 } = {}) {
  const parts = [];
  const ends = [];
  let length = 0;
  const push = text => {
    const bytes = Buffer.from(text);
    parts.push(bytes);
    length += bytes.length;
  };
  const space = tight ? '' : ' ';
  if (bom) push('\uFEFF');
  if (extras) push(`retry:${space}25${eol}${eol}`);
  for (const { stream, id, event, data } of events) {
    if (noise) push(`:${'x'.repeat(noise)}${eol}event: ping${eol}data: ${'x'.repeat(noise)}${eol}${eol}`);
    if (comments) push(`:${eol}${eol}: kept alive${eol}`);
    if (extras) push(`event:${space}ping${eol}data${eol}x-field:${space}1${eol}${eol}`);
    if (id !== null && id !== undefined && stream === undefined) push(`id:${space}${id}${eol}`);
    push(`event:${space}${event}${eol}`);
    for (const line of multiline ? dataLines(data) : [JSON.stringify(data)]) push(`data:${space}${line}${eol}`);
    const possible = length + 1;
    push(eol);
    ends.push({ stream: stream ?? '', id: id ?? null, sure: length, possible });
  }

  return { bytes: Buffer.concat(parts), ends };
}

/** JSON over several lines, which are joined by line ends again. */
const dataLines = data => JSON.stringify(data, null, 1).split('\n');

/** As `POST …/-/follow` has it. */
export const shared = (stream, { id, event, data }) =>
  ({ stream, id, event, data: { stream, ...(id === null || id === undefined ? {} : { cursor: id }), ...data } });

/** As a query has it. */
export function view(id, events) {
  const text = events.filter(e => e.event === 'text').map(e => e.data.text).join('');
  const end = events.find(e => e.event === 'end');
  const status = end?.data.status ?? events.findLast(e => e.event === 'status')?.data.status ?? 'pending';
  return {
    id, status, text, length: Buffer.byteLength(text), chars: text.length, revision: events.at(-1)?.id ?? 0, source: 'stub',
    createdAt: '2026-11-28T12:00:00Z', startedAt: null, lastActivityAt: '2026-11-28T12:00:00Z', endedAt: end ? '2026-11-28T12:00:01Z' : null,
    ...(end?.data.error ? { error: end.data.error } : {}), labels: {},
  };
}
