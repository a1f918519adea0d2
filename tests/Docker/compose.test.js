import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { root, startHost } from './kit/host.js';

for (const name of ['compose.yml', 'compose.cluster.yml']) {
  describe(name, { timeout: 600_000 }, async () => {
    const compose = parse(await readFile(join(root, 'docker', name), 'utf8'), { merge: true });
    const services = Object.entries(compose.services);
    const hosts = services.filter(([service]) => service.startsWith('web'));

    test('names only files, volumes and services that there are', () => {
      for (const [service, { build, volumes = [], depends_on: needs = [] }] of services) {
        if (build) assert.ok(existsSync(resolve(root, 'docker', build.context, build.dockerfile)), service);
        for (const [source] of volumes.map((volume) => volume.split(':'))) {
          if (source.startsWith('.')) assert.ok(existsSync(resolve(root, 'docker', source)), source);
          else assert.ok(source in compose.volumes, source);
        }
        for (const other of Array.isArray(needs) ? needs : Object.keys(needs)) assert.ok(other in compose.services, other);
      }
    });

    test('opens nothing but one port, on this machine', () => {
      const ports = services.flatMap(([, { ports: opened = [] }]) => opened);
      assert.equal(ports.length, 1);
      assert.match(ports[0], /^127\.0\.0\.1:\d+:8080$/);
    });

    test('hosts are read-only, without rights, and name their store by its services', () => {
      assert.ok(hosts.length > 0);
      for (const [, host] of hosts) {
        assert.equal(host.read_only, true);
        assert.deepEqual(host.cap_drop, ['ALL']);
        const stores = host.environment.EventStore__ConnectionString.match(/(?<=\/\/|,)[\w-]+(?=:2113)/g);
        assert.deepEqual(stores, services.map(([service]) => service).filter((service) => service.startsWith('eventstore')));
      }
    });

    test('the nodes of a cluster seed each other', () => {
      const stores = services.filter(([service]) => service.startsWith('eventstore'));
      for (const [service, { environment }] of stores) {
        assert.equal(environment.EVENTSTORE_CLUSTER_SIZE, String(stores.length));
        if (stores.length === 1) continue;
        const seeds = stores.map(([other]) => other).filter((other) => other !== service).map((other) => `${other}:2113`);
        assert.equal(environment.EVENTSTORE_GOSSIP_SEED, seeds.join());
        assert.equal(environment.EVENTSTORE_NODE_HOST_ADVERTISE_AS, service);
      }
    });

    // The host refuses settings that it does not know.
    test('the host starts with these settings, and is not ready while its store is not there', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'docker-tests-'));
      const environment = Object.fromEntries(Object.entries(hosts[0][1].environment).map(([key, value]) => [key, value.replace(/\$\{\w+:-\}/, '')]));
      const host = await startHost({ folder, environment, until: 'live' });
      try {
        assert.equal((await fetch(`${host.url}/health/ready`)).status, 503);
      } finally {
        await host.stop();
        await rm(folder, { recursive: true });
      }
    });
  });
}
