// Makes README's picture, docs/page-light.png and docs/page-dark.png: the page in motion, as an animated PNG.
// `npm run picture`, after a build, on a machine with fonts for what the demo says (on Debian fonts-noto-color-emoji,
// fonts-noto-cjk). What is seen is the page's own recording as it plays, then its past. The page's clock is ours, so a
// slow machine makes no slow picture.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import UPNG from 'upng-js';
import { startBrowser } from '../kit/browser.js';
import { startServer } from '../kit/server.js';

const address = '127.0.0.1:5280'; // as a reader's own server has it
const viewport = { width: 1180, height: 800 };
const everyMs = 150;
const colours = 96;
const docs = join(import.meta.dirname, '../../../docs');

const server = await startServer();
const browser = await startBrowser(`--host-resolver-rules=MAP ${address} ${new URL(server.url).host}`);
try {
  for (const colorScheme of ['light', 'dark']) {
    const shots = await filmed(colorScheme);
    const file = join(docs, `page-${colorScheme}.png`);
    const frames = shots.map(({ png }) => UPNG.toRGBA8(UPNG.decode(png))[0]);
    const picture = Buffer.from(UPNG.encode(frames, viewport.width, viewport.height, colours, shots.map(({ ms }) => ms)));
    await writeFile(file, picture);
    console.log(`${shots.length} pictures, ${Math.round(picture.length / 1024)} KiB: ${file}`);
  }
} finally {
  await browser.close();
  await server.stop();
}

async function filmed(colorScheme) {
  const context = await browser.newContext({ viewport, colorScheme });
  const tab = await context.newPage();
  await tab.clock.install();
  await tab.clock.pauseAt(Date.now() + 1000);
  const shots = [];
  const shoot = async (ms) => shots.push({ ms, png: await tab.screenshot() });

  await tab.goto(`http://${address}`);
  await tab.locator('#pause').waitFor();
  await tab.evaluate(() => document.getElementById('stream').scrollIntoView({ block: 'start' }));
  while (!await tab.evaluate(() => document.getElementById('driver').dataset.state === 'ended')) {
    await tab.clock.runFor(everyMs);
    await shoot(everyMs);
  }
  await shoot(1500);
  for (const [revision, ms] of [[44, 150], [33, 150], [24, 150], [16, 2500], [22, 150], [30, 150], [38, 2500]]) {
    await tab.locator('#revision').fill(String(revision));
    await tab.clock.runFor(everyMs);
    await shoot(ms);
  }
  await context.close();
  return shots;
}
