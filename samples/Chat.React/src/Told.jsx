// What an answer says beside its text. A kind of part that is not known is skipped.

import { givenBy, shown, textOf, usageIn } from '../../Chat/wwwroot/told-words.js';

export function Thought({ parts }) {
  const thoughts = parts.filter(({ kind }) => kind === 'reasoning').map(textOf);
  if (thoughts.length === 0) return null;
  return (
    <details className="thought" open>
      <summary>Thinking</summary>
      <p>{thoughts.join('\n\n')}</p>
    </details>
  );
}

/** Tools, with what they were asked and gave. */
export function Tools({ parts }) {
  const calls = parts.filter(({ kind }) => kind === 'tool-call');
  if (calls.length === 0) return null;
  return (
    <ul className="tools" aria-label="Tools">
      {calls.map((call) => {
        const result = parts.findLast(({ kind, of }) => kind === 'tool-result' && of === call.part);
        return (
          <li key={call.part} data-state={result?.state ?? call.state}>
            <b className="name">{call.name ?? 'a tool'}</b>
            <span className="asked">{shown(textOf(call))}</span>
            <span className="gave">{givenBy(result)}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** @param usage as the stream's end has it */
export function Usage({ usage }) {
  const words = usageIn(usage);
  return words === undefined ? null : <p className="usage">{words}</p>;
}
