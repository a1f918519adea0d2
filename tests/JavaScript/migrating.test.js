// docs/migrating-from-convex.md, step by step, as it is written there; and what the predecessor's hook did wrong.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { startApp } from '../Page/kit/server.js';
import { bundled, opened, reacts, startBrowser, startSite } from './kit/pages.js';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const page = await readFile(join(root, 'docs/migrating-from-convex.md'), 'utf8');
const blocks = [...page.matchAll(/^( *)```(\w*)\n([^]*?)^ *```$/gm)].map(([, indent, language, text]) => ({ language, text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), '') }));
const blockOf = (language) => blocks.find((one) => one.language === language).text;
const answer = 'You asked: Why is the sky blue? Here is the answer, word by word. ';

let server, site, browser, tabs;
before(async () => {
  const built = process.env.MIGRATED_ASSEMBLY ?? join(root, 'tests/Migrated/bin/Debug/net10.0/EventSourcedStreams.Migrated.dll');
  [server, browser] = await Promise.all([startApp(built, '--TextStreams:Embedded:Path', 'log', '--TextStreams:Streams:FlushInterval', '00:00:00.050'), startBrowser()]);
  const entry = `${blockOf('jsx')}\nimport './react.js';\nObject.assign(window, { ServerMessage });\n`;
  site = await startSite(Object.fromEntries(await Promise.all(reacts.map(async (react) => [react.join('-'), await bundled(entry, react)]))), server.url, '/chat-stream');
  tabs = await Promise.all(reacts.map(async (react) => [react.join(' '), await opened(browser, `${site.url}/${react.join('-')}`, () => 'ServerMessage' in window)]));
});
after(() => Promise.all([server?.stop(), site?.stop(), browser?.close()]));

/** As the page has it, with the server's address. */
const shell = async (line) => (await run('bash', ['-c', line], { env: { ...process.env, server: server.url } })).stdout;

async function created() {
  const response = await fetch(`${server.url}/chat-stream`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ source: 'chat', input: { prompt: 'Why is the sky blue?' } }),
  });
  return (await response.json()).id;
}

const textOf = async (id) => (await fetch(`${server.url}/chat-stream/${id}/text`)).text();
const drives = (id) => site.requests.filter(({ path }) => path === `/chat-stream/${id}/drive`).length;

test('installation: what is installed is what the packages are called', async () => {
  const lines = blocks[0].text.trim().split('\n');
  const { name } = JSON.parse(await readFile(join(root, 'clients/javascript/package.json'), 'utf8'));
  assert.equal(lines[0], `npm install ${name}`);
  assert.match(lines[1], /^dotnet add package EventSourcedStreams\.AspNetCore --prerelease$/);
});

test('on the backend: the program is the one that runs here', async () => {
  assert.equal(blockOf('csharp'), await readFile(join(root, 'tests/Migrated/Program.cs'), 'utf8'));
});

test('on the backend, steps 2 to 5: a stream is created, driven and queried by the lines on the page', async () => {
  const [create, drive, query] = blocks.filter(({ text }) => text.startsWith('curl')).map(({ text }) => text);
  const made = JSON.parse(await shell(create));
  assert.deepEqual([made.id, made.status], ['message-1', 'pending']);
  assert.equal(await shell(drive), answer);
  const { text, status } = JSON.parse(await shell(query));
  assert.deepEqual([text, status], [answer, 'done']);
  const again = JSON.parse(await shell(drive));
  assert.match(again.type, /stream-ended$/);
  assert.equal(JSON.parse(await shell(create)).status, 'done', 'creating again finds what is there');
});

test('on the frontend: the component on the page drives and another follows, both to the end', async () => {
  for (const [name, tab] of tabs) {
    const id = await created();
    const seen = await tab.evaluate(async ([streamId, base]) => {
      const { h, mounted } = window.kit;
      const props = { server: base, streamId, getStreamBody: undefined };
      const page = mounted(h('main', null, h(window.ServerMessage, { ...props, isDriven: true })));
      const statuses = new Set();
      let had = '';
      await new Promise((resolve, reject) => {
        const observer = new MutationObserver(() => {
          const { dataset, textContent } = page.container.querySelector('p');
          const text = textContent.replace('Thinking…', '');
          statuses.add(dataset.status);
          if (!text.startsWith(had)) reject(new Error(`${had} → ${text}`));
          had = text;
          if (dataset.status !== 'done') return;
          observer.disconnect();
          resolve();
        });
        observer.observe(page.container, { subtree: true, childList: true, characterData: true, attributes: true });
      });
      await page.unmount();
      const other = mounted(h(window.ServerMessage, { ...props, isDriven: false }));
      const shown = [had, other.text];
      await other.unmount();
      return { shown, statuses: [...statuses] };
    }, [id, site.url]);
    assert.deepEqual(seen.shown, [answer, answer], name);
    assert.ok(seen.statuses.includes('streaming'), `${seen.statuses}`);
    assert.equal(drives(id), 1);
    assert.deepEqual(tab.faults.splice(0), []);
  }
});

test('an observer in another browser sees the text that the driver has made', async () => {
  const id = await created();
  const [, [, driving], [, following]] = tabs;
  const show = (tab, isDriven) => tab.evaluate(([streamId, base, driven]) => {
    window.page = window.kit.mounted(window.kit.h(window.ServerMessage, { server: base, streamId, isDriven: driven }));
  }, [id, site.url, isDriven]);
  await Promise.all([show(following, false), show(driving, true)]);
  for (const tab of [driving, following]) {
    await tab.waitForFunction(() => document.querySelector('p').dataset.status === 'done');
    assert.equal(await tab.evaluate(() => window.page.text), answer);
    await tab.evaluate(() => window.page.unmount());
    tab.faults.length = 0; // the one that asked for the same stream before has it still
  }
  assert.equal(drives(id), 1);
});

// The 11th of the tests that tell us from the predecessor: a driver that mounts driven under StrictMode never drove
// there, and one with a
// new URL or headers at each render stopped at its first token.
test('mounted driven under StrictMode, with a new URL and new headers at each render, remounted, A then B then A: one drive of each, and all text', async () => {
  for (const [name, tab] of tabs) {
    const [a, b] = await Promise.all([created(), created()]);
    const shown = await tab.evaluate(async ([ids, base]) => {
      const { h, mounted, useConvexStream } = window.kit;
      let renders = 0;
      const Inline = ({ id }) => {
        renders++;
        const { text, status } = useConvexStream(undefined, new URL('/chat-stream', base), true, id, { authToken: `token ${renders}`, headers: { 'X-Render': `${renders}` } });
        return h('p', { 'data-status': status }, text);
      };
      const until = (condition) => new Promise((resolve) => {
        const look = () => condition() ? resolve() : setTimeout(look, 5);
        look();
      });
      let page = mounted(h(Inline, { id: ids[0] }));
      await until(() => page.text.length > 5);
      for (const id of [ids[1], ids[0], ids[1], ids[0]]) await page.render(h(Inline, { id }));
      await page.unmount();
      page = mounted(h(Inline, { id: ids[0] }));
      await until(() => page.container.firstChild.dataset.status === 'done');
      const texts = [page.text];
      await page.render(h(Inline, { id: ids[1] }));
      await until(() => page.container.firstChild.dataset.status === 'done');
      texts.push(page.text);
      await page.unmount();
      return texts;
    }, [[a, b], site.url]);
    assert.deepEqual(shown, [await textOf(a), await textOf(b)], name);
    assert.deepEqual(shown, [answer, answer], name);
    assert.deepEqual([drives(a), drives(b)], [1, 1], name);
    assert.deepEqual(tab.faults.splice(0), [], name);
  }
});

test('statuses are those of the page: what the old hook has no word for is an error', async () => {
  const [, tab] = tabs[2];
  const id = await created();
  await fetch(`${server.url}/chat-stream/${id}/cancel`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' });
  const statuses = [];
  for (const streamId of [id, 'never-there', undefined]) {
    await tab.evaluate(([one, base]) => { window.page = window.kit.mounted(window.kit.h(window.ServerMessage, { server: base, streamId: one, isDriven: false })); }, [streamId, site.url]);
    const wanted = streamId ? 'error' : 'pending';
    await tab.waitForFunction((status) => document.querySelector('p').dataset.status === status, wanted);
    statuses.push(wanted);
    await tab.evaluate(() => window.page.unmount());
  }
  assert.deepEqual(statuses, ['error', 'error', 'pending']);
  for (const status of ['pending', 'streaming', 'done', 'timeout', 'error']) assert.ok(page.includes(`\`${status}\``));
});
