import { createServer } from 'node:net';

/** Below the ports that systems give to clients: another's connection would take such a one before the server does. */
export async function freePort() {
  while (true) {
    const port = 22_000 + Math.floor(Math.random() * 10_000);
    const probe = createServer();
    const isFree = await new Promise((resolve) => { probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)); });
    if (!isFree) continue;
    await new Promise((resolve) => { probe.close(resolve); });
    return port;
  }
}
