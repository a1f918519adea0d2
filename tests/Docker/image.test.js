import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chown, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { freePort, root, startHost } from './kit/host.js';

// The user and the group without rights.
const user = { uid: 65534, gid: 65534 };
const asUser = ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
const isRoot = process.getuid() === 0;

describe('the image, built and run by hand', { timeout: 900_000 }, () => {
  let folder, steps, host;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'docker-tests-'));
    const text = (await readFile(join(root, 'docker/Dockerfile'), 'utf8')).replace(/\\\n/g, ' ');
    steps = text.split('\n').filter((line) => /^[A-Z]+ /.test(line)).map((line) => [line.split(' ')[0], line.slice(line.indexOf(' ') + 1).trim()]);
  });

  after(async () => {
    await host?.stop();
    await rm(folder, { recursive: true });
  });

  const all = (instruction) => steps.filter(([name]) => name === instruction).map(([, rest]) => rest);

  test('builds from what it copies and nothing else, with the version that it is given', async () => {
    const source = join(folder, 'source');
    for (const paths of all('COPY').filter((line) => !line.startsWith('--from')).map((line) => line.split(/\s+/))) {
      const target = paths.pop();
      for (const path of paths) {
        const filter = (file) => !/\/(bin|obj)$/.test(file);
        await cp(join(root, path), target === './' ? join(source, path) : join(source, target), { recursive: true, filter });
      }
    }

    const publish = all('RUN').find((line) => line.startsWith('dotnet publish')).replace('/app', join(folder, 'app'));
    const built = spawnSync('bash', ['-c', publish], { cwd: source, encoding: 'utf8', env: { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', VERSION: '9.8.7-image' } });
    assert.equal(built.status, 0, built.stdout + built.stderr);
    const version = /"EventSourcedStreams\.Web\/([^"]+)"/.exec(await readFile(join(folder, 'app', 'EventSourcedStreams.Web.deps.json'), 'utf8'));
    assert.equal(version?.[1], '9.8.7-image');
  });

  test('runs as a user who may write to its data only, and its health check tells', async () => {
    const data = join(folder, 'data');
    await mkdir(data);
    if (isRoot) {
      await chown(data, user.uid, user.gid);
      assert.equal(spawnSync('chmod', ['755', folder]).status, 0);
    }

    const environment = Object.fromEntries(all('ENV')[0].split(/\s+/).map((pair) => pair.split('=')));
    assert.equal(environment.Embedded__Path, '/data');
    const [, program] = JSON.parse(all('ENTRYPOINT')[0]);
    const command = [...(isRoot ? asUser : []), 'dotnet', join(folder, 'app', program)];
    host = await startHost({ folder: data, command, environment: { ...environment, Embedded__Path: data, HOME: data } });

    const check = JSON.parse(all('HEALTHCHECK')[0].replace(/^.*CMD /, ''));
    const ask = (port) => spawnSync(check[0], check.slice(1).map((word) => word.replace('8080', port)), { encoding: 'utf8' }).status;
    assert.equal(ask(host.port), 0);
    assert.notEqual(ask(String(await freePort())), 0);
  });

  test('stops by the signal that the image names, in time', async () => {
    const began = Date.now();
    await host.stop(all('STOPSIGNAL')[0]);
    assert.equal(host.child.exitCode, 0, host.said);
    assert.ok(Date.now() - began < 20_000);
  });

  test('does not run as root', () => {
    assert.equal(all('USER').at(-1), '$APP_UID');
  });
});
