// Pages in Chromium: a bundle with one React or another, on a server that hands the API on to the real one, and can be
// cut.

import { build } from 'esbuild';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const args = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export const startBrowser = () => chromium.launch({ executablePath, args });

export const reacts = [[18, 'development'], [18, 'production'], [19, 'development'], [19, 'production']];

const folderOf = (name) => dirname(require.resolve(`${name}/package.json`));

/** @param entry a file of pages/, or a script that may name them */
export async function bundled(entry, [version, mode] = [19, 'development']) {
  // One React and one Vue a bundle: the client's own folder has another, to be built with.
  const alias = version === 18 ? {
    react: folderOf('react18'), 'react-dom': folderOf('react-dom18'), 'react-dom/server': join(folderOf('react-dom18'), 'server.browser.js'),
  } : { react: folderOf('react'), vue: join(folderOf('vue'), 'dist/vue.runtime.esm-bundler.js') };
  const { outputFiles: [{ text }] } = await build({
    ...entry.includes('\n') ? { stdin: { contents: entry, resolveDir: join(import.meta.dirname, '../pages'), loader: 'jsx' } }
      : { entryPoints: [join(import.meta.dirname, '../pages', entry)] },
    jsx: 'automatic',
    jsxDev: false,
    bundle: true,
    format: 'esm',
    write: false,
    alias,
    define: { 'process.env.NODE_ENV': JSON.stringify(mode), __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
    minify: mode === 'production',
    conditions: ['browser', mode],
    logLevel: 'error',
  });
  return text;
}

/** Serves scripts at /NAME.js and a page with each at /NAME; everything below the API's address goes to the target. */
export async function startSite(scripts, target, api = '/v1/streams') {
  const sockets = new Set();
  const site = {
    /** Requests to the API that are under way. */
    open: new Set(),
    requests: [],
    /** Bytes after which an answer is cut; undefined: it is not. */
    cutAfter: () => undefined,
    cuts: 0,
  };
  const server = createServer((asked, answer) => {
    const { pathname } = new URL(asked.url, 'http://site');
    if (pathname.startsWith(api)) return handOn(asked, answer);
    const name = pathname.slice(1).replace(/\.js$/, '');
    if (!(name in scripts)) return answer.writeHead(404).end();
    if (pathname.endsWith('.js')) return answer.writeHead(200, { 'Content-Type': 'text/javascript; charset=utf-8' }).end(scripts[name]);
    return answer.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(`<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script type="module" src="/${name}.js"></script>`);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });

  function handOn(asked, answer) {
    const { hostname, port } = new URL(target);
    site.requests.push({ method: asked.method, path: asked.url });
    const under = { socket: asked.socket, path: asked.url };
    site.open.add(under);
    site.most = Math.max(site.most ?? 0, site.open.size);
    const onward = request({ hostname, port, method: asked.method, path: asked.url, headers: { ...asked.headers, host: `${hostname}:${port}`, origin: target } }, (got) => {
      answer.writeHead(got.statusCode, got.headers);
      answer.flushHeaders();
      let left = site.cutAfter(asked) ?? Infinity;
      got.on('data', (bytes) => {
        answer.write(bytes.subarray(0, left));
        left -= bytes.length;
        if (left > 0 || answer.destroyed) return;
        site.cuts++;
        asked.socket.end();
        onward.destroy();
      });
      got.on('end', () => answer.end());
      got.on('error', () => asked.socket.destroy());
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => {
      site.open.delete(under);
      onward.destroy();
    });
    asked.pipe(onward);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(site, {
    url: `http://127.0.0.1:${server.address().port}`,
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  });
}

/** A tab at a page whose script has run; what it complains of is kept. */
export async function opened(browser, address, ready = () => 'kit' in window) {
  const tab = await browser.newPage();
  tab.faults = [];
  tab.setDefaultTimeout(120_000); // no promise of anything: a machine may be busy
  tab.on('pageerror', (e) => tab.faults.push(String(e)));
  tab.on('console', (message) => { if (['error', 'warning'].includes(message.type())) tab.faults.push(message.text()); });
  await tab.goto(address);
  await tab.waitForFunction(ready);
  return tab;
}
