// How a stream ended, in words, and no better than it was.

import { bytes } from '../words.js';

/**
 * @param end status, length?, error? {code, message}, finishReason?
 * @param who the known origin of a cancellation; the API gives the reason, not the actor
 */
export function wordsOf(end, who) {
  const kept = end.length === undefined ? '' : ` ${bytes(end.length)} of text ${end.length === 1 ? 'is' : 'are'} kept.`;
  switch (end.status) {
    case 'done': return `Done${end.finishReason === 'length' ? ', at the length that was asked for' : ''}.${kept}`;
    case 'error': return `Failed: ${sentence(end.error?.message ?? 'it is not said why')} (${end.error?.code ?? 'error'})${kept}`;
    case 'cancelled': return `Cancelled${who ? ` by ${who}` : ''}: ${sentence(end.error?.message ?? 'no reason was given')}${kept}`;
    case 'timeout': return `Timed out: ${sentence(end.error?.message ?? 'nothing came for too long')}${kept}`;
    case 'deleted': return 'Deleted. Its text is gone from the log; what stands here is what this tab had read.';
    case 'unknown': return `How it ended is not known yet: ${sentence(end.error?.message ?? 'the log does not answer')} The log's ending is the truth; this page waits for it.`;
    default: return `Ended as “${end.status}”.${kept}`;
  }
}

const sentence = (words) => (/[.!?…]["”)]?$/.test(words) ? words : `${words}.`);
