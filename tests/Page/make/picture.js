// Makes README's picture, docs/page-light.png and docs/page-dark.png: the page in motion, as an animated PNG. `npm run picture`, after a build.
// What is seen is the page's own recording as it plays, then its past. Each picture is taken when it can be, and shown as long as it stood.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import UPNG from 'upng-js';
import { startBrowser } from '../kit/browser.js';
import { startServer } from '../kit/server.js';

const viewport = { width: 1180, height: 660 };
const everyMs = 150;
const colours = 128;
const docs = join(import.meta.dirname, '../../../docs');

const [server, browser] = await Promise.all([startServer(), startBrowser()]);
try {
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ viewport, colorScheme });
    const tab = await context.newPage();
    await tab.goto(server.url);
    await tab.waitForFunction(() => document.querySelector('#driver-text .saved')?.textContent.length > 0);
    await tab.evaluate(() => document.querySelector('.start').scrollIntoView({ block: 'start' }));
    const shots = [];
    await film(tab, shots, () => tab.evaluate(() => document.getElementById('driver').dataset.state === 'ended'));
    for (const revision of [9, 14, 20]) {
      await tab.locator('#revision').fill(String(revision));
      await film(tab, shots, after(1400));
    }
    shots.push({ ...shots.at(-1), at: performance.now() + 600 });
    const file = join(docs, `page-${colorScheme}.png`);
    const picture = encoded(shots);
    await writeFile(file, picture);
    console.log(`${shots.length} pictures, ${Math.round(picture.length / 1024)} KiB: ${file}`);
    await context.close();
  }
} finally {
  await browser.close();
  await server.stop();
}

async function film(tab, shots, isOver) {
  while (!await isOver()) {
    const at = performance.now();
    shots.push({ at, png: await tab.screenshot() });
    await new Promise((resolve) => { setTimeout(resolve, Math.max(0, everyMs - (performance.now() - at))); });
  }
}

function after(ms) {
  const until = performance.now() + ms;
  return async () => performance.now() > until;
}

function encoded(shots) {
  const frames = shots.map(({ png }) => UPNG.toRGBA8(UPNG.decode(png))[0]);
  const delays = shots.map(({ at }, i) => (i + 1 < shots.length ? Math.round(shots[i + 1].at - at) : 1500));
  return Buffer.from(UPNG.encode(frames, viewport.width, viewport.height, colours, delays));
}
