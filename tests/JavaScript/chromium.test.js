// Pages in Chromium with React 19 against the real server: many streams over few connections, cuts without end, a
// machine that slept.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createClient } from 'event-sourced-streams';
import { startServer } from '../Page/kit/server.js';
import { bundled, opened, startBrowser, startSite } from './kit/pages.js';

const modes = ['development', 'production'];
let server, site, browser, api;
before(async () => {
  const [development, production] = await Promise.all(modes.map((mode) => bundled('react.js', [19, mode])));
  [server, browser] = await Promise.all([startServer('--Streams:ClientSources:0', 'demo'), startBrowser()]);
  site = await startSite({ development, production }, server.url);
  api = createClient({ baseUrl: server.url });
});
after(() => Promise.all([server?.stop(), site?.stop(), browser?.close()]));

/**
 * A client whose timers are counted, and those listeners of the page that are its own. Pauses are a thousandth of what
 * they are; silence is not.
 */
const counting = () => {
  const timers = new Set();
  const listeners = new Set();
  for (const target of [window, document]) {
    for (const how of ['addEventListener', 'removeEventListener']) {
      const real = target[how];
      target[how] = function changed(name, run, ...more) {
        if (['online', 'visibilitychange', 'pageshow'].includes(name)) listeners[how === 'addEventListener' ? 'add' : 'delete'](run);
        return real.call(this, name, run, ...more);
      };
    }
  }
  const clock = {
    ahead: 0,
    now: () => Date.now() + clock.ahead,
    setTimeout(run, ms) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        run();
      }, ms === 8000 || ms === 20_000 ? ms : ms / 1000);
      timers.add(timer);
      return timer;
    },
    clearTimeout(timer) {
      timers.delete(timer);
      clearTimeout(timer);
    },
  };
  const renew = () => { window.client = window.kit.createClient({ clock }); };
  renew();
  Object.assign(window, { clock, timers, listeners, renew });
};

const demo = async (input, more) => (await api.create({ source: 'demo', input, ...more })).id;

for (const mode of modes) {
  test(`React 19 in ${mode}: 200 streams with three components each are 200 subscriptions over at most three connections`, async () => {
    const ids = await Promise.all(Array.from({ length: 200 }, () => demo({ rate: 200, length: 20 })));
    const tab = await opened(browser, `${site.url}/${mode}`);
    await tab.evaluate(counting);
    site.requests.length = 0;
    site.most = 0;
    await tab.evaluate((all) => {
      const { h, Shown, mounted, StreamsProvider } = window.kit;
      window.page = mounted(h(StreamsProvider, { client: window.client }, all.flatMap((id) => [0, 1, 2].map((i) => h(Shown, { key: `${id} ${i}`, id })))));
    }, ids);
    await tab.waitForFunction((last) => window.client.stream(last).getSnapshot().cursor !== undefined, ids.at(-1));
    const open = site.open.size;
    for (const id of ids) (async () => { for await (const event of api.drive(id)) void event; })();
    await tab.waitForFunction(() => [...window.page.container.children].every((one) => one.textContent.startsWith('done: ')));

    assert.ok(open <= 3 && site.most <= 3, `${open}, at most ${site.most}`);
    assert.ok(site.requests.length <= 3, `${site.requests.length} requests for all of it`);
    const shown = await tab.evaluate(() => [...window.page.container.children].map((one) => one.textContent));
    assert.equal(shown.length, 600);
    for (const [i, id] of ids.entries()) assert.equal(shown[i * 3 + 2], `done: ${await server.text(id)}`);
    const left = await tab.evaluate(async () => {
      await window.page.unmount();
      return [window.timers.size, window.listeners.size];
    });
    assert.deepEqual(left, [0, 0]);
    assert.deepEqual(tab.faults, []);
    await tab.close();
  });
}

test('after a thousand cuts at any byte the text has only ever grown, is the one that is stored, and nothing is left behind', async () => {
  const tab = await opened(browser, `${site.url}/production`);
  await tab.evaluate(counting);
  // By chance, but the same chance each time.
  let seed = 20;
  const random = () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
  };
  site.cuts = 0;
  site.cutAfter = ({ url }) => {
    if (site.cuts >= 1000 || !/events|drive|follow/.test(url)) return undefined;
    const chance = random();
    return 1 + Math.floor(random() * (chance < 0.7 ? 600 : chance < 0.97 ? 3000 : 40_000));
  };
  const words = 'Grüße 👋🏽 an alle, 世界 und so weiter, é e\u0301 ß. ';
  const stored = await Promise.all(Array.from({ length: 40 }, async () => {
    const id = await demo({ rate: 100_000, length: 200, text: words.repeat(40) });
    for await (const event of api.drive(id)) void event;
    return id;
  }));
  let rounds = 0;
  try {
    while (site.cuts < 1000 && rounds++ < 30) {
      const live = await Promise.all(Array.from({ length: 6 }, () => demo({ rate: 600, length: 900, text: words.repeat(40) })));
      const ids = [...live, ...stored];
      for (const id of live.slice(2)) (async () => { for await (const event of api.drive(id)) void event; })();
      await tab.evaluate((all) => {
        const { h, Shown, mounted, StreamsProvider } = window.kit;
        window.renew();
        window.broken = [];
        for (const id of all) {
          let had = '';
          const { subscribe, getSnapshot } = window.client.stream(id);
          const leave = subscribe(() => {
            const { text, status } = getSnapshot();
            if (!text.startsWith(had)) window.broken.push([had, text]);
            had = text;
            if (status === 'done') leave();
          });
        }
        window.page = mounted(h(StreamsProvider, { client: window.client }, all.map((id, i) => h(Shown, { key: id, id, drive: i < 2 }))));
      }, ids);
      await tab.waitForFunction(() => [...window.page.container.children].every((one) => one.textContent.startsWith('done: ')));
      const { shown, broken, left } = await tab.evaluate(async () => {
        const texts = [...window.page.container.children].map((one) => one.textContent);
        await window.page.unmount();
        return { shown: texts, broken: window.broken, left: [window.timers.size, window.listeners.size] };
      });
      for (const [i, id] of ids.entries()) assert.equal(shown[i], `done: ${await server.text(id)}`);
      assert.deepEqual(broken, []);
      assert.deepEqual(left, [0, 0]);
    }
  } finally {
    site.cutAfter = () => undefined;
  }
  assert.ok(site.cuts >= 1000, `${site.cuts} cuts in ${rounds} rounds`);
  await tab.close();
});

test('a page that slept for an hour asks once a connection when it is shown again, and goes on', async () => {
  const ids = await Promise.all(Array.from({ length: 150 }, () => demo({ rate: 20, length: 100_000 })));
  const tab = await opened(browser, `${site.url}/production`);
  await tab.evaluate(counting);
  await tab.evaluate((all) => {
    for (const id of all) window.client.stream(id).subscribe(() => {});
  }, ids);
  await tab.waitForFunction((last) => window.client.stream(last).getSnapshot().cursor !== undefined, ids.at(-1));
  const open = site.open.size;
  assert.ok(open <= 3);
  site.requests.length = 0;

  await tab.evaluate(() => {
    window.clock.ahead += 3_600_000;
    for (const [target, name] of [[document, 'visibilitychange'], [window, 'online'], [window, 'pageshow']]) target.dispatchEvent(new Event(name));
  });
  (async () => { for await (const event of api.drive(ids[149])) void event; })().catch(() => {});
  await tab.waitForFunction((last) => window.client.stream(last).getSnapshot().text.length > 20, ids[149]);
  assert.equal(site.requests.length, open);
  assert.equal(site.open.size, open);
  await api.cancel(ids[149]);
  await tab.waitForFunction((last) => window.client.stream(last).getSnapshot().status === 'cancelled', ids[149]);
  await tab.close();
});
