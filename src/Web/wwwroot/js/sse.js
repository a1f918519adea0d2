// Server-sent events out of a fetch's body. EventSource cannot POST, and a drive is a POST.

/** Yields { event, data } with data parsed as JSON; returns when the body ends, throws when it is cut. */
export async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  while (true) {
    const { value, done } = await reader.read();
    if (done) return; // an event that no empty line ended is none
    rest += value;
    for (let end; (end = rest.indexOf('\n\n')) >= 0; rest = rest.slice(end + 2)) {
      const frame = parse(rest.slice(0, end));
      if (frame) yield frame;
    }
  }
}

/** Our server writes one data line an event and only \n; comments keep the connection alive. */
function parse(block) {
  const frame = {};
  for (const line of block.split('\n')) {
    if (line.startsWith('event: ')) frame.event = line.slice(7);
    else if (line.startsWith('data: ')) frame.data = JSON.parse(line.slice(6));
  }
  return frame.event && frame;
}
