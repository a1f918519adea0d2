// What is published: how large it is, what is in it, and that an empty project takes it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const run = promisify(execFile);
const client = join(import.meta.dirname, '../../clients/javascript');
const entries = ['', '/react', '/vue', '/svelte', '/convex'];
let project;

before(async () => {
  project = await mkdtemp(join(tmpdir(), 'javascript-client-'));
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', project], { cwd: client });
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  await run('npm', ['install', '--no-audit', '--no-fund', '--offline', `./${(await readdir(project)).find((name) => name.endsWith('.tgz'))}`], { cwd: project });
});
after(() => rm(project, { recursive: true, force: true }));

const bundleOf = async (contents, external = ['react', 'vue']) => {
  const { outputFiles: [{ contents: bytes, text }] } = await build({
    stdin: { contents, resolveDir: project }, bundle: true, minify: true, format: 'esm', target: 'es2022', write: false, external,
  });
  return { size: gzipSync(bytes, { level: 9 }).length, text };
};

test('the client is under 6 KB, and React adds less than 2', async () => {
  const { size } = await bundleOf('export { createClient } from "event-sourced-streams"');
  const { size: withReact } = await bundleOf('export { createClient } from "event-sourced-streams"; export * from "event-sourced-streams/react"');
  assert.ok(size < 6000, `${size} bytes`);
  assert.ok(withReact - size < 2000, `${withReact - size} bytes more`);
});

test('what an app does not use is dropped', async () => {
  for (const entry of entries) assert.ok((await bundleOf(`import "event-sourced-streams${entry}"`)).size < 50, entry);
  const { text } = await bundleOf('export { StreamProblem } from "event-sourced-streams"');
  assert.doesNotMatch(text, /AbortController/);
});

test('it holds what is used, its types, its source and its readme, and names no folder of this machine', async () => {
  const packed = join(project, 'node_modules/event-sourced-streams');
  const files = await readdir(packed, { recursive: true });
  for (const entry of ['index', 'react', 'vue', 'svelte', 'convex']) {
    for (const ending of ['js', 'js.map', 'd.ts']) assert.ok(files.includes(`dist/${entry}.${ending}`), `${entry}.${ending}`);
  }
  assert.ok(files.includes('README.md') && files.includes('LICENSE'));
  assert.ok(!files.some((name) => /node_modules|test/.test(name)));
  for (const name of files.filter((file) => /\.(js|map|ts|json)$/.test(file))) {
    assert.ok(!(await readFile(join(packed, name), 'utf8')).includes(client), name);
  }
  const { dependencies, sideEffects } = JSON.parse(await readFile(join(packed, 'package.json'), 'utf8'));
  assert.deepEqual([dependencies, sideEffects], [undefined, false]);
});

const served = ['src/Web/wwwroot/js/event-sourced-streams.js', 'samples/Chat/wwwroot/event-sourced-streams.js'];

test('the client that lies beside the sample is the one that is built', async () => {
  // The build writes it there; a clone that has another has to be built and committed.
  const { stdout } = await run('git', ['status', '--porcelain', 'samples/Chat/wwwroot', ...served], { cwd: join(client, '../..') });
  assert.equal(stdout, '');
});

test('the client that the host and the sample serve is what an app gets that installs the package', async () => {
  const installed = await readFile(join(project, 'node_modules/event-sourced-streams/dist/index.js'), 'utf8');
  for (const file of served) {
    const [, ...lines] = (await readFile(join(client, '../..', file), 'utf8')).split('\n');
    assert.equal(lines.join('\n'), installed.replace(/\/\/# sourceMappingURL.*\n/, ''), file);
  }
});

test('an empty project runs it on Node', async () => {
  await writeFile(join(project, 'run.js'), `
    import { createClient, StreamProblem } from 'event-sourced-streams';
    import { streamStore } from 'event-sourced-streams/svelte';
    const client = createClient({ baseUrl: 'http://127.0.0.1:9' });
    const problem = await client.query('a').catch((reason) => reason);
    console.log(problem instanceof StreamProblem, problem.type, typeof streamStore);
  `);
  assert.equal((await run('node', ['run.js'], { cwd: project })).stdout.trim(), 'true unreachable function');
});

test('its types are right for an app in TypeScript, with either way to resolve modules', async () => {
  await writeFile(join(project, 'app.ts'), `
    import { createClient, type Snapshot, type StreamEvent, type StreamProblem, type TextStream } from 'event-sourced-streams';
    const client = createClient({ baseUrl: new URL('http://127.0.0.1'), token: async () => 'token', headers: () => ({ 'X-A': 'b' }) });
    const stream: TextStream = client.stream('a', { initial: { text: 'x', status: 'streaming', revision: 3 } });
    const { text, status, savedLength, error }: Snapshot = stream.getSnapshot();
    const shown: 'pending' | 'streaming' | 'done' | 'error' | 'cancelled' | 'timeout' | 'deleted' | 'gone' | 'forbidden' = status;
    const type: string | undefined = (error as StreamProblem | undefined)?.type;
    export async function read(): Promise<number> {
      let length = 0;
      for await (const event of client.follow('a', { after: 3 })) {
        if (event.event === 'text') length += event.text.length + event.offset;
        else if (event.event === 'end') console.log(event.status, event.usage);
        const told: StreamEvent = event;
        void told;
      }
      return length + text.length + savedLength + shown.length + (type ?? '').length;
    }
    // @ts-expect-error: there is no such option
    createClient({ base: '' });
    // @ts-expect-error: what is the client's own is not said
    stream.seed({});
  `);
  for (const [module, resolution] of [['nodenext', 'nodenext'], ['esnext', 'bundler']]) {
    await run(join(client, 'node_modules/.bin/tsc'), [
      '--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom,dom.iterable,dom.asynciterable', '--module', module, '--moduleResolution', resolution, '--skipLibCheck', 'app.ts',
    ], { cwd: project }).catch(({ stdout }) => assert.fail(stdout));
  }
});

test('the package’s own description has a page for each entry', async () => {
  const pages = await readdir(join(client, 'docs/modules')).catch(() => []);
  assert.deepEqual(pages.sort(), ['convex.html', 'index.html', 'react.html', 'svelte.html', 'vue.html']);
});
