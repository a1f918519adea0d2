// The React app over samples/Chat: as it is built, and as its developer runs it, where StrictMode mounts everything
// twice.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startBrowser } from '../Page/kit/browser.js';
import { sticksOut } from '../Page/kit/layout.js';
import { startChat } from '../Page/kit/server.js';

const folder = join(import.meta.dirname, '../../samples/Chat.React');
let chat, browser;
before(async () => { [chat, browser] = await Promise.all([startChat(), startBrowser()]); });
after(() => Promise.all([chat?.stop(), browser?.close()]));

/** Vite on a port of its own choice, before samples/Chat. */
async function startApp(...command) {
  const vite = spawn(process.execPath, ['node_modules/vite/bin/vite.js', ...command, '--port', String(20_000 + Math.floor(Math.random() * 10_000))], {
    cwd: folder, env: { ...process.env, CHAT_URL: chat.url, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(vite, 'exit');
  let said = '';
  const url = await new Promise((resolve, reject) => {
    vite.stdout.on('data', (text) => {
      said += text;
      const [, found] = /(http:\/\/127\.0\.0\.1:\d+)\//.exec(said) ?? [];
      if (found) resolve(found);
    });
    exited.then(() => reject(new Error(`Vite did not start:\n${said}`)));
  });
  return {
    url,
    async stop() {
      vite.kill();
      await exited;
    },
  };
}

const hasStatus = (tab, status) => tab.waitForFunction((wanted) => document.querySelector('article:last-child')?.dataset.status === wanted, status);
const answer = (tab) => tab.locator('article:last-child .answer').textContent();

async function ask(tab, question) {
  await tab.getByLabel('Your message').fill(question);
  await tab.getByRole('button', { name: 'Send' }).click();
}

for (const [how, ...command] of [['as it is built', 'preview'], ['as its developer runs it', 'dev']]) {
  describe(how, () => {
    let app;
    before(async () => { app = await startApp(...command); });
    after(() => app?.stop());

    async function opened(context, path) {
      const tab = await context.newPage();
      tab.setDefaultTimeout(120_000); // no promise of anything: a machine may be busy
      tab.faults = [];
      tab.asked = [];
      tab.on('pageerror', (e) => tab.faults.push(String(e)));
      tab.on('console', (message) => { if (message.type() === 'error') tab.faults.push(message.text()); });
      tab.on('request', (request) => tab.asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
      await tab.goto(app.url + path);
      return tab;
    }

    /** As a user does that is not signed in: the app leads there, and back. */
    async function signedIn(name, options) {
      const context = await browser.newContext(options);
      const tab = await opened(context, '/');
      await tab.getByLabel('Your name').fill(`${name} ${how}`);
      await tab.getByRole('button', { name: 'Sign in' }).click();
      await tab.getByRole('heading', { name: 'What would you like to know?' }).waitFor();
      tab.faults.length = 0; // the refusal that led there
      return { context, tab };
    }

    const drives = (tab) => tab.asked.filter((request) => /^POST .*\/drive$/.test(request)).length;

    test('an answer comes word by word to the tab that asked, which drives it once; another tab follows it to the same text', async () => {
      const { context, tab } = await signedIn('ada');
      const other = await opened(context, `/${new URL(tab.url()).hash}`);
      await other.getByRole('heading', { name: 'What would you like to know?' }).waitFor();
      await tab.evaluate(() => {
        window.lengths = new Set();
        new MutationObserver(() => lengths.add(document.querySelector('article .answer')?.textContent.length))
          .observe(document.body, { childList: true, subtree: true, characterData: true });
      });
      await ask(tab, 'Do you see me?');
      await Promise.all([hasStatus(tab, 'done'), hasStatus(other, 'done')]);
      assert.match(await answer(tab), /Do you see me\?/);
      assert.equal(await answer(other), await answer(tab));
      assert.ok(await tab.evaluate(() => lengths.size) > 20, 'word by word');
      assert.deepEqual([drives(tab), drives(other)], [1, 0]);
      assert.equal(await tab.getByLabel('Your message').inputValue(), '');

      await ask(other, 'And now?');
      for (const one of [tab, other]) await one.waitForFunction(() => document.querySelectorAll('article').length === 2);
      await Promise.all([hasStatus(tab, 'done'), hasStatus(other, 'done')]);
      assert.deepEqual([...tab.faults, ...other.faults], []);
    });

    test('a reload in mid-answer goes on with it, and a chat is found again by its link', async () => {
      const { tab } = await signedIn('bea');
      await ask(tab, 'Will you go on?');
      await tab.waitForFunction(() => document.querySelector('article .answer')?.textContent.length > 40);
      await tab.reload();
      await hasStatus(tab, 'done');
      const said = await answer(tab);
      assert.match(said, /the rest follows\.$/);

      await tab.getByRole('button', { name: 'New chat' }).click();
      await tab.getByRole('heading', { name: 'What would you like to know?' }).waitFor();
      const had = tab.asked.length;
      await tab.getByRole('link', { name: 'Will you go on?' }).click();
      await hasStatus(tab, 'done');
      assert.equal(await answer(tab), said);
      assert.deepEqual(tab.asked.slice(had).filter((request) => /\/(events|follow|drive)$/.test(request)), [], 'what is over is not followed');
      assert.deepEqual(tab.faults, []);
    });

    test('an answer that fails says why, keeps its text, and is asked again in its place, in every tab', async () => {
      const { context, tab } = await signedIn('cleo');
      await ask(tab, 'Please fail in the middle.');
      await hasStatus(tab, 'error');
      assert.match(await tab.locator('article .said').textContent(), /Broken off: The built-in writer was asked to fail/);
      assert.ok((await answer(tab)).length > 50);
      const other = await opened(context, `/${new URL(tab.url()).hash}`);
      await hasStatus(other, 'error');
      assert.match(await other.locator('article .said').textContent(), /Broken off: The built-in writer was asked to fail/);

      const runs = Promise.all([hasStatus(tab, 'streaming'), hasStatus(other, 'streaming')]); // not for long
      await tab.getByRole('button', { name: 'Ask again' }).click();
      await runs;
      await Promise.all([hasStatus(tab, 'error'), hasStatus(other, 'error')]);
      for (const one of [tab, other]) assert.equal(await one.locator('article').count(), 1);
    });

    test('an answer that is stopped says so, is offered again, and the focus is not lost', async () => {
      const { tab } = await signedIn('dora');
      await ask(tab, 'Tell me everything.');
      await hasStatus(tab, 'streaming');
      await tab.getByRole('button', { name: 'Stop' }).click();
      await hasStatus(tab, 'cancelled');
      assert.equal(await tab.locator('article .said').textContent(), 'Stopped');
      assert.equal(await tab.evaluate(() => document.activeElement.textContent), 'Ask again');
      await tab.keyboard.press('Enter');
      await hasStatus(tab, 'done');
      assert.equal(await tab.evaluate(() => document.activeElement.id), 'question');
    });

    test('a tool that is called is shown with what it was asked and gave, as it comes and after a reload', async () => {
      const { tab } = await signedIn('gus');
      await ask(tab, 'What is the weather in Oakhaven?');
      await tab.locator('article .tools li').waitFor();
      await hasStatus(tab, 'done');
      const said = () => tab.evaluate(() => ['.thought p', '.tools li', '.answer', '.usage'].map((part) => document.querySelector(`article ${part}`)?.textContent));
      const [thought, tool, text, usage] = await said();
      assert.ok(thought.length > 20);
      assert.match(tool, /^weathertown: Oakhaventown: Oakhaven, sky: \w+, degrees: -?\d+$/);
      assert.match(text, /^In Oakhaven it is/);
      assert.match(usage, /^[\d,]+ tokens read, [\d,]+ tokens written$/);
      await tab.reload();
      await hasStatus(tab, 'done');
      await tab.locator('article .tools li').waitFor();
      assert.deepEqual(await said(), [thought, tool, text, usage]);
      assert.deepEqual(tab.faults, []);
    });

    test('a question whose tab has gone is driven by another', async () => {
      const { context, tab } = await signedIn('eve');
      const other = await opened(context, `/${new URL(tab.url()).hash}`);
      await other.getByRole('heading', { name: 'What would you like to know?' }).waitFor();
      const name = new URL(tab.url()).hash.slice(1);
      await tab.evaluate((to) => fetch(`/chats/${to}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '"Who drives?"' }), name);
      await Promise.all([hasStatus(tab, 'done'), hasStatus(other, 'done')]);
      assert.equal(await answer(other), await answer(tab));
      assert.ok(drives(tab) + drives(other) >= 1);
    });

    for (const width of [320, 1280]) {
      test(`nothing of it sticks out at ${width} pixels`, async () => {
        const { tab } = await signedIn(`fay ${width}`, { viewport: { width, height: 760 } });
        assert.deepEqual(await sticksOut(tab), []);
        await ask(tab, `A ${'very '.repeat(30)}long one, with a word like ${'Donaudampfschifffahrt'.repeat(6)}. Please fail.`);
        await hasStatus(tab, 'error');
        assert.deepEqual(await sticksOut(tab), []);
      });
    }
  });
}

test('the built page needs nothing that a strict policy forbids', async () => {
  const app = await startApp('preview');
  try {
    const page = await fetch(`${app.url}/`);
    assert.doesNotMatch(page.headers.get('content-security-policy'), /unsafe/);
    assert.doesNotMatch(await page.text(), /<script(?![^>]* src=)|<style| style=| on\w+=/);
  } finally {
    await app.stop();
  }
});
