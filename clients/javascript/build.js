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
  'accept', 'answersAtOnce', 'apply', 'base', 'begin', 'bytes', 'canRead', 'commit', 'enterDriver', 'eventsPath', 'fail', 'failures', 'forgetCursor', 'hasBegun', 'hub',
  'isOver', 'isRead', 'isReading', 'isRenewed', 'isTapped', 'isWanted', 'leaveDriver', 'onAnswer', 'onBusy', 'onClosed', 'onIdle', 'onPolled', 'onRefused',
  'onRetry', 'onTold', 'path', 'polls', 'refuse', 'renew', 'renews', 'retry', 'seed', 'send', 'settle', 'shortest', 'snapshot', 'suspect', 'take',
  'waits', 'waking', 'wire',
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

// The sample has no bundler, and is run without npm: what it uses lies beside it.
const built = readFileSync('dist/index.js', 'utf8').replace(/\/\/# sourceMappingURL.*\n/, '');
writeFileSync('../../samples/Chat/wwwroot/event-sourced-streams.js', `// clients/javascript, built by its build.js\n${built}`);
