// One file an entry: apps without a bundler take what they import, and those with one still drop what they do not use.

import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const client = {
  name: 'the client stays one',
  setup(entries) {
    entries.onResolve({ filter: /^\.\/(index|react)\.js$/ }, ({ path, kind }) => kind === 'entry-point' ? null : { path, external: true });
  },
};

// Members that only the client itself uses. None is a name of the platform's, of an option, or of what goes over the
// wire.
const internal = [
  'accept', 'another', 'answersAtOnce', 'apply', 'base', 'bytes', 'canRead', 'commit', 'cutOff', 'enterDriver',
  'eventsPath', 'fail', 'failures', 'forgetCursor', 'goOn', 'hasBegun', 'holds', 'hub',
  'isEnded', 'isOver', 'isRead', 'isReading', 'isRenewed', 'isWanted', 'leaveDriver', 'onAnswer', 'onBusy', 'onClosed', 'onIdle', 'onPolled', 'onRefused',
  'onRetry', 'onTold', 'path', 'polls', 'refuse', 'renew', 'renews', 'retry', 'said', 'seed', 'send', 'settle', 'shortest', 'snapshot', 'suspect', 'take', 'tap',
  'waits', 'wire',
];

await build({
  entryPoints: ['index', 'react', 'vue', 'svelte', 'convex'].map((entry) => `src/${entry}.ts`),
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  mangleProps: new RegExp(`^(${internal.join('|')})$`),
  sourcemap: true,
  external: ['react', 'vue'],
  plugins: [client],
});

copyFileSync('../../LICENSE', 'LICENSE');

// The host's page and the sample have no bundler, and are run without npm: what they use lies beside them.
const built = readFileSync('dist/index.js', 'utf8').replace(/\/\/# sourceMappingURL.*\n/, '');
for (const place of ['src/Web/wwwroot/js', 'samples/Chat/wwwroot'])
  writeFileSync(`../../${place}/event-sourced-streams.js`, `// clients/javascript, built by its build.js\n${built}`);
