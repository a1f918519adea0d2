// The built host, on a free loopback port with a folder of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './port.js';

const root = join(import.meta.dirname, '../../..');
const built = process.env.WEB_ASSEMBLY ?? join(root, 'src/Web/bin/Debug/net10.0/EventSourcedStreams.Web.dll');
const builtChat = process.env.CHAT_ASSEMBLY ?? join(root, 'samples/Chat/bin/Debug/net10.0/EventSourcedStreams.Chat.dll');

/** @param settings as the command line takes them */
export async function startServer(...settings) {
  const folder = await mkdtemp(join(tmpdir(), 'page-tests-'));
  const { url, stop } = await started([built, '--Embedded:Path', join(folder, 'log'), ...settings], { folder, ready: '/health/ready' });

  return {
    url,
    api: (path, options) => fetch(`${url}/v1/streams${path}`, options),
    create: async (body) => (await (await post(`${url}/v1/streams`, body)).json()).id,
    cancel: (id) => post(`${url}/v1/streams/${id}/cancel`, {}),
    text: async (id) => (await fetch(`${url}/v1/streams/${id}/text`)).text(),
    async stop() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The sample, with its built-in writer; a restart has the folder that it had, and the address. */
export async function startChat() {
  const folder = await mkdtemp(join(tmpdir(), 'page-tests-chat-'));
  const settings = ['--contentRoot', join(root, 'samples/Chat'), '--TextStreams:Embedded:Path', join(folder, 'data'), '--Writer:Pause', '00:00:00.040', '--OpenAI:ApiKey', ''];
  const start = (url) => started([builtChat, ...settings], { folder, ready: '/sign-in', url });
  let running = await start();
  return {
    url: running.url,
    async restart() {
      await running.stop();
      running = await start(running.url);
    },
    async stop() {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An app of its own, which answers at its root, if only that there is nothing. */
export async function startApp(assembly, ...settings) {
  const folder = await mkdtemp(join(tmpdir(), 'page-tests-app-'));
  const { url, stop } = await started([assembly, ...settings], { folder, ready: '/', isReady: () => true });
  return {
    url,
    async stop() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function started(command, { folder, ready, url, isReady = (response) => response.ok }) {
  url ??= `http://127.0.0.1:${await freePort()}`;
  const server = spawn('dotnet', [...command, '--urls', url], {
    env: { ...process.env, ASPNETCORE_ENVIRONMENT: 'Production', HOME: folder },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const output of [server.stdout, server.stderr]) output.on('data', (text) => { said += text; });
  const exited = once(server, 'exit');
  await readyAt(url + ready, () => server.exitCode !== null && said, isReady);
  return {
    url,
    async stop() {
      server.kill();
      await exited;
    },
  };
}

async function post(address, body) {
  const response = await fetch(address, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
  return response;
}

async function readyAt(address, failed, isReady) {
  const until = Date.now() + 180_000;
  while (Date.now() < until) {
    if (failed()) throw new Error(`The server did not start:\n${failed()}`);
    if (await fetch(address).then(isReady, () => false)) return;
    await new Promise((resolve) => { setTimeout(resolve, 100); }); // between two questions
  }
  throw new Error('The server was not ready within three minutes.');
}

/** Stands between browser and server, and can be cut. */
export async function startProxy(target) {
  const { port } = new URL(target);
  const sockets = new Set();
  let isCut = false;
  const proxy = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const server = connect(Number(port), '127.0.0.1');
    for (const [one, other] of [[client, server], [server, client]]) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    cut,
    mend() { isCut = false; },
    async stop() {
      cut();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
