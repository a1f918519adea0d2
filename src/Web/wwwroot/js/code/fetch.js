// The page's requests as JavaScript, for a browser's console or a module in Node.

/** @param steps as curl's */
export function fetching({ asked, id, isDriven, isFollowed, isCancelled, reason, at, needsKey }, api) {
  const parts = [{ code: `const api = ${literal(api)};${needsKey ? '\nconst auth = { Authorization: `Bearer ${process.env.STREAMS_KEY}` };' : ''}` }];
  const auth = needsKey ? '...auth, ' : '';
  const get = needsKey ? ', { headers: auth }' : '';
  const post = (body) => `{\n  method: 'POST',\n  headers: { ${auth}'Content-Type': 'application/json' },\n  body: JSON.stringify(${literal(body)}),\n}`;
  const read = (answer) => `for await (const text of ${answer}.body.pipeThrough(new TextDecoderStream()))\n  console.log(text);`;
  if (asked) parts.push({
    comment: '// create a stream; the server names it',
    code: `const created = await fetch(api, ${post(asked)});\nconst { id } = await created.json();`,
  });
  else parts[0].code += `\nconst id = ${literal(id)};`;
  if (isDriven) parts.push({
    comment: '// drive it: its words, as they are made',
    code: `const driven = await fetch(\`\${api}/\${id}/drive\`, { method: 'POST'${needsKey ? ', headers: auth' : ''} });\n${read('driven')}`,
  });
  if (isCancelled) parts.push({ comment: '// cancel it, from anywhere', code: `await fetch(\`\${api}/\${id}/cancel\`, ${post(reason ? { reason } : {})});` });
  if (isFollowed) parts.push({
    comment: '// follow it: live, or when it is over; an EventSource resumes by itself',
    code: `const followed = await fetch(\`\${api}/\${id}/events\`${get});\n${read('followed')}`,
  });
  if (at !== undefined) parts.push(
    { comment: `// the stream as it was at revision ${at}`, code: `const then = await fetch(\`\${api}/\${id}?at=${at}\`${get});\nconsole.log(await then.json());` },
    {
      comment: '// and resumed there',
      code: `const resumed = await fetch(\`\${api}/\${id}/events\`, { headers: { ${auth}'Last-Event-ID': '${at}' } });\n${read('resumed')}`,
    },
  );
  return parts;
}

/** A value as JavaScript writes it: names bare where they may be, texts in single quotes. */
function literal(value) {
  if (typeof value === 'string') return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll('\'', '\\\'')}'`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (value === null || typeof value !== 'object') return String(value);
  const fields = Object.entries(value).map(([name, field]) => `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name)}: ${literal(field)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
