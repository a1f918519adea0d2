// One file an entry: apps without a bundler take what they import, and those with one still drop what they do not use.

import { existsSync } from 'node:fs';
import { build } from 'esbuild';

const client = {
  name: 'the client stays one',
  setup(entries) {
    entries.onResolve({ filter: /^\.\/(index|react)\.js$/ }, ({ path, kind }) => kind === 'entry-point' ? null : { path, external: true });
  },
};

await build({
  entryPoints: ['index', 'react', 'vue', 'svelte', 'convex'].map((entry) => `src/${entry}.ts`).filter(existsSync),
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  sourcemap: true,
  external: ['react', 'vue'],
  plugins: [client],
});
