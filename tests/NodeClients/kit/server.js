// The built host on free loopback ports, with a folder of its own; its log is served over EventStoreDB's protocol.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const built = process.env.WEB_ASSEMBLY
  ?? join(import.meta.dirname, '../../../src/Web/bin/Debug/net10.0/EventSourcedStreams.Web.dll');

export async function startServer() {
  const folder = await mkdtemp(join(tmpdir(), 'node-clients-'));
  const settings = ['--urls', 'http://127.0.0.1:0', '--Embedded:Path', join(folder, 'log'), '--Embedded:GrpcPort', '0'];
  const server = spawn('dotnet', [built, ...settings], {
    env: { ...process.env, ASPNETCORE_ENVIRONMENT: 'Production' },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(server, 'exit');
  let said = '';
  for (const output of [server.stdout, server.stderr]) output.on('data', (text) => { said += text; });
  const [, grpc] = await saidOf(/esdb:\/\/(127\.0\.0\.1:\d+)/);
  const [url] = await saidOf(/http:\/\/127\.0\.0\.1:\d+/);
  return {
    grpc,
    url,
    async stop() {
      server.kill();
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };

  async function saidOf(pattern) {
    for (const begun = Date.now(); ;) {
      const found = pattern.exec(said);
      if (found) return found;
      if (server.exitCode !== null || Date.now() - begun > 180_000) throw new Error(`The host did not say ${pattern}:\n${said}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
