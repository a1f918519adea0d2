// The events of a stream that was written before this tab looked. A late reader gets them joined into few frames;
// asking for the stream as it was at each revision tells them apart, with the log's own times.

import { client } from '../api.js';

const most = 150;
const atOnce = 4;

/**
 * @returns [{ revision, time (ms after its creation), length, status }], every revision of it or, of a long one, some
 */
export async function historyOf(created, lastRevision) {
  const step = Math.max(1, Math.ceil(lastRevision / most));
  const revisions = [];
  for (let revision = 0; revision < lastRevision; revision += step) revisions.push(revision);
  revisions.push(lastRevision);

  const events = new Array(revisions.length);
  let next = 0;
  const ask = async () => {
    while (next < revisions.length) {
      const index = next++;
      const then = await client.query(created.id, { at: revisions[index], text: false });
      events[index] = {
        revision: then.revision,
        time: new Date(then.endedAt ?? then.lastActivityAt) - new Date(created.createdAt),
        length: then.length,
        status: then.status,
      };
    }
  };
  await Promise.all(Array.from({ length: atOnce }, ask));
  return { events, isWhole: step === 1 };
}
