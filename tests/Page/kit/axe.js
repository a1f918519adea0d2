// axe-core, run in a page: its findings as lines, none where there is none.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Every rule but those that axe calls experimental; what moves is waited for by the caller. */
export async function findings(tab) {
  if (!await tab.evaluate(() => 'axe' in window)) await tab.evaluate(source);
  const { violations } = await tab.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.any[0]?.message ?? node.failureSummary}`));
}
