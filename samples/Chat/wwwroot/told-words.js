// The words for what an answer says beside its text, for this page and that of samples/Chat.React.

export const textOf = part => part.text ?? (part.value === undefined ? '' : JSON.stringify(part.value));

/** Arguments and results that are whole objects, without the marks of JSON. */
export function shown(text) {
  try {
    const value = JSON.parse(text);
    if (value === null || typeof value !== 'object') return String(value);
    return Object.entries(value).map(([name, one]) => `${name}: ${typeof one === 'object' ? JSON.stringify(one) : one}`).join(', ');
  } catch {
    return text; // it is still coming
  }
}

/** @param result the part of a tool's result; undefined: there is none yet */
export function givenBy(result) {
  if (result?.error) return result.error;
  if (result?.state === 'open') return 'running …';
  return result?.state === 'done' ? shown(textOf(result)) : '';
}

/** @returns undefined: nothing was counted */
export function usageIn(usage) {
  const { inputTokenCount: read, outputTokenCount: written } = usage ?? {};
  return read === undefined && written === undefined ? undefined : `${tokens(read)} read, ${tokens(written)} written`;
}

const tokens = count => count === undefined ? 'some tokens' : count === 1 ? '1 token' : `${count.toLocaleString('en')} tokens`;
