// The ways to use it: a phone's width, the keyboard, a screen reader, light and dark.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DemoPage, startBrowser } from './kit/browser.js';
import { sticksOut } from './kit/layout.js';
import { startServer } from './kit/server.js';

let server, browser;
before(async () => { [server, browser] = await Promise.all([startServer('--OpenAI:ApiKey', 'sk-none'), startBrowser()]); });
after(() => Promise.all([server?.stop(), browser?.close()]));

async function opened(options) {
  return DemoPage.open(await browser.newContext(options), server.url);
}

for (const width of [320, 360, 768, 820, 1280, 1920]) {
  test(`nothing sticks out at ${width} pixels, before, during and after a stream`, async () => {
    const page = await opened({ viewport: { width, height: 760 } });
    const excess = () => page.tab.evaluate(() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - window.innerWidth);
    const fits = async (when) => {
      assert.ok(await excess() <= 0, when);
      assert.deepEqual(await sticksOut(page.tab), [], when);
    };
    await fits('before');
    await page.tab.getByLabel('a model', { exact: true }).check();
    await fits('with a prompt');
    await page.tab.getByLabel('the demo', { exact: true }).check();
    await page.start({ rate: '30' });
    await page.hasRead(60);
    await fits('during');
    await page.statusIs('done');
    await fits('after');
    await page.tab.reload();
    await page.until(() => document.getElementById('events-note').textContent.startsWith('as the log has them'));
    await fits('a late reader');
    await page.$('#revision').fill('3');
    await page.until(() => document.getElementById('resumed-text').textContent.length > 0);
    await fits('as it was');
    await page.tab.goto(`${server.url}/streams/${'x'.repeat(128)}`);
    await page.$('#stream-problem').waitFor();
    await fits('a long id that is none');
  });
}

test('at 1920 pixels the width is used: text, code and the list stand side by side', async () => {
  const page = await opened({ viewport: { width: 1920, height: 1080 } });
  await page.start({ rate: '2000' });
  await page.statusIs('done');
  const boxes = await page.tab.evaluate(() => ['driver', 'observer', 'code', 'streams'].map((id) => {
    const { left, right, top, bottom } = document.getElementById(id).getBoundingClientRect();
    return { left, right, top, bottom };
  }));
  for (let i = 1; i < boxes.length; i++) assert.ok(boxes[i].left >= boxes[i - 1].right, `${i}: beside the one before`);
  assert.ok(boxes.at(-1).right - boxes[0].left > 1700);
  assert.ok(boxes[2].top < boxes[1].bottom && boxes[2].bottom >= boxes[1].bottom, 'the code is as high as the texts, and no higher than what stands beside it');
});

test('every control has a name, every heading and landmark its place', async () => {
  const page = await opened();
  await page.start({ rate: '2000' });
  await page.statusIs('done');
  await page.until(() => document.querySelectorAll('#past li').length > 0);

  const nameless = await page.tab.evaluate(() => {
    const nameOf = (e) => (e.getAttribute('aria-label')
      ?? (e.getAttribute('aria-labelledby') && document.getElementById(e.getAttribute('aria-labelledby')).textContent)
      ?? (e.labels?.[0] ?? e).textContent).trim();
    return [...document.querySelectorAll('a, button, input, select, textarea, [role=region], [role=img], section, nav, form[aria-label]')]
      .filter((e) => !e.closest('dialog form[method]') || e.tagName === 'BUTTON')
      .filter((e) => !nameOf(e))
      .map((e) => e.outerHTML.slice(0, 80));
  });
  assert.deepEqual(nameless, []);

  const page_ = await page.tab.evaluate(() => ({
    language: document.documentElement.lang,
    headings: [...document.querySelectorAll('h1')].length,
    mains: document.querySelectorAll('main').length,
    positive: document.querySelectorAll('[tabindex]:not([tabindex="0"], [tabindex="-1"])').length,
    ids: [...document.querySelectorAll('[id]')].map((e) => e.id),
    live: document.getElementById('live').getAttribute('aria-live'),
    liveAround: document.querySelector('.text').closest('[aria-live]') !== null,
    said: document.getElementById('live').textContent,
  }));
  assert.equal(page_.language, 'en');
  assert.equal(page_.headings, 1);
  assert.equal(page_.mains, 1);
  assert.equal(page_.positive, 0, 'the order of tabs is the order of the page');
  assert.equal(new Set(page_.ids).size, page_.ids.length);
  assert.equal(page_.live, 'polite');
  assert.equal(page_.liveAround, false, 'a token is not announced');
  assert.match(page_.said, /^Done\./);
});

test('by the keyboard alone: start, give a reason, cancel; the focus is seen', async () => {
  const page = await opened();
  await page.$('select[name=length]').focus();
  await page.tab.keyboard.press('End');
  await page.until(() => document.querySelector('select[name=length]').value === '25000');
  await page.tab.keyboard.press('Tab');
  assert.equal(await page.tab.evaluate(() => document.activeElement.name), 'parts');
  await page.tab.keyboard.press('Tab');
  await page.tab.keyboard.press('Tab');
  assert.equal(await page.tab.evaluate(() => document.activeElement.textContent), 'Start a stream');
  assert.notEqual(await page.tab.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'none');
  await page.tab.keyboard.press('Enter');
  await page.statusIs('streaming');

  await page.tab.keyboard.press('Tab');
  assert.equal(await page.tab.evaluate(() => document.activeElement.id), 'copy');
  await page.tab.keyboard.press('Tab');
  assert.equal(await page.tab.evaluate(() => document.activeElement.id), 'reason');
  await page.tab.keyboard.type('by hand');
  await page.tab.keyboard.press('Enter');
  await page.statusIs('cancelled');
  assert.match(await page.$('#ending').textContent(), /by this tab: by hand/);
});

test('colours can be read, in light and in dark, by the system or by choice', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const page = await opened({ colorScheme });
    const weakest = await page.tab.evaluate(() => {
      const rgb = (color) => {
        const canvas = new OffscreenCanvas(1, 1).getContext('2d');
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
      };
      const light = (color) => rgb(color).map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
      const probe = document.body.appendChild(document.createElement('i'));
      const color = (name) => {
        probe.style.color = `var(${name})`;
        return getComputedStyle(probe).color;
      };
      const contrast = (a, b) => {
        const [x, y] = [light(color(a)), light(color(b))].sort((p, q) => q - p);
        return (x + 0.05) / (y + 0.05);
      };
      const pairs = [['--ink', '--paper'], ['--soft', '--paper'], ['--soft', '--raised'], ['--accent', '--raised'], ['--accent', '--tint'],
        ['--on-accent', '--accent'], ['--bad', '--paper'], ['--bad', '--bad-tint'], ['--ink', '--bad-tint']];
      return Math.min(...pairs.map(([a, b]) => contrast(a, b)));
    });
    assert.ok(weakest >= 4.5, `${colorScheme}: ${weakest}`);
  }

  const page = await opened({ colorScheme: 'light' });
  const paper = () => page.tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.tab.getByRole('button', { name: 'Theme: auto' }).click();
  await page.tab.getByRole('button', { name: 'Theme: light' }).click();
  assert.notEqual(await paper(), light);
  await page.tab.reload();
  await page.tab.getByRole('button', { name: 'Theme: dark' }).waitFor();
  assert.notEqual(await paper(), light);
});

test('who wants no motion gets none', async () => {
  const page = await opened({ reducedMotion: 'reduce' });
  await page.start({ rate: '30' });
  await page.hasRead(40);
  assert.equal(await page.tab.evaluate(() => document.getAnimations().length), 0);
});
