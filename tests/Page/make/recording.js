// Makes src/Web/wwwroot/recording.json: a stream of the demo as its driver and an observer were sent it by the real
// server, with the times. `npm run recording`, after a build.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer } from '../kit/server.js';

const file = join(import.meta.dirname, '../../../src/Web/wwwroot/recording.json');
const asked = { source: 'demo', input: { rate: 24 } };

const server = await startServer();
try {
  const id = await server.create(asked);
  const frames = [];
  const began = performance.now();
  const observing = record('observer', await server.api(`/${id}/events`));
  await record('driver', await server.api(`/${id}/drive`, { method: 'POST', headers: { Accept: 'text/event-stream' } }));
  await observing;
  await writeFile(file, `{"asked":${JSON.stringify(asked)},"frames":[\n${frames.map((frame) => JSON.stringify(frame)).join(',\n')}\n]}\n`);
  console.log(`${frames.length} frames in ${(frames.at(-1).at / 1000).toFixed(1)} s: ${file}`);

  async function record(to, response) {
    let rest = '';
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const at = Math.round(performance.now() - began);
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) {
        const field = (name) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
        if (!field('event')) continue; // a comment
        const revision = field('id');
        frames.push({ at, to, ...(revision && { id: Number(revision) }), event: field('event'), data: JSON.parse(field('data')) });
      }
    }
  }
} finally {
  await server.stop();
}
