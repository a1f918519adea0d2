// The sample in a browser: two tabs, a restart, an answer that fails.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startBrowser } from './kit/browser.js';
import { sticksOut } from './kit/layout.js';
import { startChat } from './kit/server.js';

let chat, browser;
before(async () => { [chat, browser] = await Promise.all([startChat(), startBrowser()]); });
after(() => Promise.all([chat?.stop(), browser?.close()]));

async function signedIn(name, options) {
  const context = await browser.newContext(options);
  const tab = await opened(context, '/sign-in');
  await tab.getByLabel('Your name').fill(name);
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.getByRole('heading', { name: 'What would you like to know?' }).waitFor();
  return { context, tab };
}

async function opened(context, path) {
  const tab = await context.newPage();
  tab.setDefaultTimeout(120_000); // no promise of anything: a machine may be busy
  tab.faults = [];
  tab.asked = [];
  tab.on('pageerror', (e) => tab.faults.push(String(e)));
  tab.on('console', (message) => { if (message.type() === 'error') tab.faults.push(message.text()); });
  tab.on('request', (request) => tab.asked.push(new URL(request.url()).pathname));
  await tab.goto(chat.url + path);
  return tab;
}

async function ask(tab, question) {
  await tab.getByLabel('Your message').fill(question);
  await tab.getByRole('button', { name: 'Send' }).click();
}

const hasStatus = (tab, status) => tab.waitForFunction((wanted) => document.querySelector('article:last-child')?.dataset.status === wanted, status);
const answer = (tab) => tab.locator('article:last-child .answer').textContent();

test('another tab is told at once of a question, reads the answer as it comes, and asks nothing meanwhile', async () => {
  const { context, tab } = await signedIn('ada');
  await ask(tab, 'Do you see me?');
  await hasStatus(tab, 'done');
  const other = await opened(context, `/${new URL(tab.url()).hash}`);
  await hasStatus(other, 'done');

  const had = other.asked.length;
  await ask(tab, 'And now?');
  for (const one of [tab, other]) await one.waitForFunction(() => document.querySelectorAll('article').length === 2);
  await Promise.all([hasStatus(tab, 'done'), hasStatus(other, 'done')]);
  assert.equal(await answer(other), await answer(tab));
  assert.match(await answer(tab), /And now\?/);
  const since = other.asked.slice(had).filter((path) => path !== '/chats');
  assert.equal(since.length, 1, `only the answer’s events: ${since}`);
  assert.deepEqual([...tab.faults, ...other.faults], []);
});

test('chats and their answers are there after a restart', async () => {
  const { tab } = await signedIn('bea');
  await ask(tab, 'Will you remember this?');
  await hasStatus(tab, 'done');
  const said = await answer(tab);
  const url = tab.url();

  await chat.restart();
  await tab.goto(chat.url);
  await tab.getByRole('link', { name: 'Will you remember this?' }).click();
  await hasStatus(tab, 'done');
  assert.equal(await answer(tab), said);
  assert.equal(new URL(tab.url()).hash, new URL(url).hash);
});

test('an answer that fails says why, keeps its text, and is asked again in its place, in every tab', async () => {
  const { context, tab } = await signedIn('cleo');
  await ask(tab, 'Please fail in the middle.');
  await hasStatus(tab, 'error');
  assert.match(await tab.locator('article .said').textContent(), /Broken off: The built-in writer was asked to fail/);
  assert.ok((await answer(tab)).length > 50);
  const other = await opened(context, `/${new URL(tab.url()).hash}`);
  await hasStatus(other, 'error');

  const runs = Promise.all([hasStatus(tab, 'streaming'), hasStatus(other, 'streaming')]); // not for long
  await tab.getByRole('button', { name: 'Ask again' }).click();
  await runs;
  await Promise.all([hasStatus(tab, 'error'), hasStatus(other, 'error')]);
  for (const one of [tab, other]) assert.equal(await one.locator('article').count(), 1);
  await other.reload();
  await hasStatus(other, 'error');
  assert.equal(await other.locator('article').count(), 1);
});

test('an answer that is stopped says so, is offered again, and the focus is not lost', async () => {
  const { tab } = await signedIn('dora');
  await ask(tab, 'Tell me everything.');
  await hasStatus(tab, 'streaming');
  await tab.getByRole('button', { name: 'Stop' }).click();
  await hasStatus(tab, 'cancelled');
  assert.match(await tab.locator('article .said').textContent(), /^Stopped$/);
  assert.equal(await tab.evaluate(() => document.activeElement.textContent), 'Ask again');
  await tab.keyboard.press('Enter');
  await hasStatus(tab, 'done');
});

test('a tool is seen running and then what it gave, with the thought before it and the usage beneath, in every tab and after a reload', async () => {
  const { context, tab } = await signedIn('gil');
  await tab.evaluate(() => {
    window.wasRunning = false;
    const look = () => { window.wasRunning ||= document.querySelector('.tools li[data-state="open"] .gave')?.textContent === 'running …'; };
    new MutationObserver(look).observe(document.querySelector('#exchanges'), { subtree: true, childList: true, attributes: true, characterData: true });
  });
  await ask(tab, 'What is the weather in Oakhaven?');
  await tab.waitForFunction(() => window.wasRunning);
  const other = await opened(context, `/${new URL(tab.url()).hash}`);
  await Promise.all([hasStatus(tab, 'done'), hasStatus(other, 'done')]);

  const shown = (page) => page.locator('article:last-child').evaluate((article) => Object.fromEntries(
    ['.thought p', '.tools li', '.answer', '.usage'].map((part) => [part, article.querySelector(part).textContent])));
  const said = await shown(tab);
  assert.match(said['.thought p'], /weather in Oakhaven\. I had better look than guess\./);
  assert.match(said['.tools li'], /^weathertown: Oakhaventown: Oakhaven, sky: \w+, degrees: -?\d+$/);
  assert.match(said['.answer'], /^In Oakhaven it is/);
  assert.match(said['.usage'], /^\d+ tokens read, \d+ tokens written$/);
  assert.deepEqual(await shown(other), said);
  await other.reload();
  await hasStatus(other, 'done');
  assert.deepEqual(await shown(other), said);
  assert.deepEqual([...tab.faults, ...other.faults], []);
});

test('a question is text and never a page', async () => {
  const { tab } = await signedIn('eve <b>');
  await ask(tab, '<img src=x onerror="document.title=1"> & <b>bold</b>');
  await hasStatus(tab, 'done');
  assert.equal(await tab.locator('article img, article b, nav b').count(), 0);
  assert.match(await answer(tab), /<b>bold<\/b>/);
});

for (const width of [320, 360, 768, 1280, 1920]) {
  test(`nothing of it sticks out at ${width} pixels`, async () => {
    const { tab } = await signedIn(`fay ${width}`, { viewport: { width, height: 760 } });
    assert.deepEqual(await sticksOut(tab), []);
    await ask(tab, `A ${'very '.repeat(30)}long one, with a word like ${'Donaudampfschifffahrt'.repeat(6)}. Please fail.`);
    await hasStatus(tab, 'error');
    assert.deepEqual(await sticksOut(tab), []);
    await ask(tab, 'What is the weather in Oakhavenunderthewidelyspreadingchestnuttreebythebrook?');
    await hasStatus(tab, 'done');
    assert.deepEqual(await sticksOut(tab), []);
  });
}

test('every answer of it comes with a policy without anything unsafe', async () => {
  for (const path of ['/sign-in', '/chat.js', '/chats']) {
    const { headers } = await fetch(chat.url + path, { redirect: 'manual' });
    assert.match(headers.get('content-security-policy'), /frame-ancestors 'none'/);
    assert.doesNotMatch(headers.get('content-security-policy'), /unsafe/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
  }
});
