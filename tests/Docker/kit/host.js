// A host as a process, on a free loopback port.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { freePort } from '../../Page/kit/port.js';

export { freePort };
export const root = new URL('../../..', import.meta.url).pathname;

/** Starts a command and keeps what it says. */
export function run(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const process = { child, said: '', exited: once(child, 'exit') };
  for (const output of [child.stdout, child.stderr]) output?.on('data', (text) => { process.said += text; });
  process.stop = async (signal = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await process.exited;
  };
  return process;
}

/** @param command The program and its first arguments. */
export async function startHost({ folder, settings = {}, environment = {}, command = ['dotnet', process.env.WEB_ASSEMBLY], until = 'ready' }) {
  await mkdir(folder, { recursive: true });
  const url = `http://127.0.0.1:${await freePort()}`;
  const args = Object.entries(settings).flatMap(([key, value]) => [`--${key}`, value]);
  const host = run(command[0], [...command.slice(1), ...args], {
    cwd: folder,
    env: { ...process.env, ASPNETCORE_ENVIRONMENT: 'Production', Embedded__Path: folder, ...environment, ASPNETCORE_URLS: url },
  });
  await eventually(`the host answers /health/${until}`, async () => {
    if (host.child.exitCode !== null) throw new Error(host.said);
    return (await fetch(`${url}/health/${until}`).catch(() => undefined))?.ok;
  });
  return { ...host, url, port: new URL(url).port };
}

export async function eventually(what, condition, limit = 180_000) {
  for (const end = Date.now() + limit; !(await condition());) {
    if (Date.now() > end) throw new Error(`Waited in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
