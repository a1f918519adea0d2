// What an answer says beside its text. A kind of part that is not known is skipped.

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
            <span className="gave">{given(result)}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** @param usage as the stream's end has it */
export function Usage({ usage }) {
  const { inputTokenCount: read, outputTokenCount: written } = usage ?? {};
  if (read === undefined && written === undefined) return null;
  return <p className="usage">{`${tokens(read)} read, ${tokens(written)} written`}</p>;
}

function given(result) {
  if (result?.error) return result.error;
  if (result?.state === 'open') return 'running …';
  return result?.state === 'done' ? shown(textOf(result)) : '';
}

const tokens = (count) => (count === undefined ? 'some tokens' : count === 1 ? '1 token' : `${count.toLocaleString('en')} tokens`);

const textOf = ({ text, value }) => text ?? (value === undefined ? '' : JSON.stringify(value));

/** Arguments and results that are whole objects, without the marks of JSON. */
function shown(text) {
  try {
    const value = JSON.parse(text);
    if (value === null || typeof value !== 'object') return String(value);
    return Object.entries(value).map(([name, one]) => `${name}: ${typeof one === 'object' ? JSON.stringify(one) : one}`).join(', ');
  } catch {
    return text; // it is still coming
  }
}
