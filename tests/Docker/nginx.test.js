import assert from 'node:assert/strict';
import { openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { eventually, freePort, root, run, startHost } from './kit/host.js';

describe('three hosts on one store behind nginx', { timeout: 600_000 }, () => {
  let folder, store, hosts, nginx, url;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'docker-tests-'));
    const grpc = await freePort();
    store = await startHost({ ...inFolder('store'), settings: { 'Embedded:GrpcPort': String(grpc), 'Streams:Prefix': 'store-' } });
    hosts = await Promise.all(['1', '2', '3'].map((name) => startHost({
      ...inFolder(name),
      settings: { 'EventStore:ConnectionString': `esdb://127.0.0.1:${grpc}?tls=false`, 'Streams:Node': `web-${name}`, 'Auth:Mode': 'none' },
    })));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    let config = (await readFile(join(root, 'docker/nginx.conf'), 'utf8')).replaceAll('/tmp/', `${folder}/`).replace('listen 8080', `listen 127.0.0.1:${port}`);
    for (const [i, host] of hosts.entries()) config = config.replace(`web-${i + 1}:8080`, `127.0.0.1:${host.port}`);
    await writeFile(join(folder, 'nginx.conf'), config);

    // It opens /dev/stdout and /dev/stderr by name, as in a container: they have to be files.
    const log = openSync(join(folder, 'nginx.log'), 'w');
    nginx = run('/usr/sbin/nginx', ['-c', join(folder, 'nginx.conf'), '-g', 'daemon off;'], { stdio: ['ignore', log, log] });
    await eventually('nginx answers', async () => {
      if (nginx.child.exitCode !== null) throw new Error(await readFile(join(folder, 'nginx.log'), 'utf8'));
      return (await fetch(`${url}/health/ready`).catch(() => undefined))?.ok;
    });
  });

  after(async () => {
    await nginx?.stop();
    for (const host of [...(hosts ?? []), store]) await host?.stop();
    await rm(folder, { recursive: true });
  });

  const inFolder = (name) => ({ folder: join(folder, name) });

  const create = async (body) => (await (await fetch(`${url}/v1/streams`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
  })).json()).id;

  test('a driver gets its tokens as they come, and observers the same text', async () => {
    const id = await create({ source: 'demo', input: { rate: 10, length: 40 } });
    const driver = await fetch(`${url}/v1/streams/${id}/drive`, { method: 'POST' });
    const pieces = [];
    for await (const piece of driver.body) pieces.push({ at: Date.now(), text: Buffer.from(piece).toString() });
    assert.ok(pieces.length >= 20, `${pieces.length} pieces came, of 40 tokens`);
    assert.ok(pieces.at(-1).at - pieces[0].at > 1_000, 'they came one by one');

    const text = pieces.map((piece) => piece.text).join('');
    for (let i = 0; i < 6; i++) assert.equal(await (await fetch(`${url}/v1/streams/${id}/text`)).text(), text);
    const events = await (await fetch(`${url}/v1/streams/${id}/events`)).text();
    const followed = [...events.matchAll(/^event: text\nid: \d+\ndata: (.*)$|^id: \d+\nevent: text\ndata: (.*)$|^event: text\ndata: (.*)$/gm)]
      .map((match) => JSON.parse(match[1] ?? match[2] ?? match[3]).text).join('');
    assert.equal(followed, text);
  });

  test('an upload goes on as it comes', async () => {
    const id = await create({ source: 'upload' });
    let give;
    const body = new ReadableStream({ start(controller) { give = controller; } });
    const upload = fetch(`${url}/v1/streams/${id}/drive`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body, duplex: 'half' });
    give.enqueue(Buffer.from('The first line.\n'));
    await eventually('the first line can be read', async () => await (await fetch(`${url}/v1/streams/${id}/text`)).text() === 'The first line.\n');
    give.enqueue(Buffer.from('The second.\n'));
    give.close();
    assert.equal((await (await upload).json()).status, 'done');
    assert.equal(await (await fetch(`${url}/v1/streams/${id}/text`)).text(), 'The first line.\nThe second.\n');
  });

  test('a token in an address reaches no log', async () => {
    const id = await create({ source: 'demo' });
    assert.equal((await fetch(`${url}/v1/streams/${id}?token=THE-TOKEN`)).status, 200);
    assert.equal((await fetch(`${url}/v1/streams/none?token=THE-TOKEN`)).status, 404);
    const log = await readFile(join(folder, 'nginx.log'), 'utf8');
    assert.match(log, new RegExp(`"GET /v1/streams/${id} HTTP/1.1" 200`));
    assert.doesNotMatch(log + hosts.map((host) => host.said).join(), /THE-TOKEN/);
  });

  test('with one host gone the others serve', async () => {
    const id = await create({ source: 'demo', input: { rate: 1000, length: 20 } });
    await hosts[0].stop('SIGKILL');
    for (let i = 0; i < 6; i++) assert.equal((await fetch(`${url}/v1/streams/${id}`)).status, 200);
    await eventually('it is driven', async () => (await fetch(`${url}/v1/streams/${id}/drive`, { method: 'POST' })).ok);
    await eventually('it is done', async () => (await (await fetch(`${url}/v1/streams/${id}`)).json()).status === 'done');
  });
});
