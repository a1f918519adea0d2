// The page's requests as lines for a shell.

/** @param steps what was done: asked or id, isDriven, isFollowed, isCancelled, reason, at; api: the address of all streams */
export function curl({ asked, id, isDriven, isFollowed, isCancelled, reason, at }, api) {
  const json = (body) => `\\\n  -H 'Content-Type: application/json' \\\n  -d ${quoted(JSON.stringify(body))}`;
  const parts = [{ code: `api=${quoted(api)}` }];
  if (asked) parts.push({
    comment: '# create a stream; the server names it',
    code: `id=$(curl -s "$api" ${json(asked)} \\\n  | sed -E 's/^\\{"id":"([^"]+)".*/\\1/')`,
  });
  else parts[0].code += `\nid=${quoted(id)}`;
  if (isDriven) parts.push({ comment: '# drive it: its words, as they are made', code: 'curl -N -X POST "$api/$id/drive"' });
  if (isCancelled) parts.push({ comment: '# cancel it, from anywhere', code: `curl -s "$api/$id/cancel" ${json(reason ? { reason } : {})}` });
  if (isFollowed) parts.push({ comment: '# follow it: live, or when it is over', code: 'curl -N "$api/$id/events"' });
  if (at !== undefined) parts.push(
    { comment: `# the stream as it was at revision ${at}`, code: `curl -s "$api/$id?at=${at}"` },
    { comment: '# and resumed there', code: `curl -N "$api/$id/events" -H 'Last-Event-ID: ${at}'` },
  );
  return parts;
}

const quoted = (text) => `'${text.replaceAll('\'', '\'\\\'\'')}'`;
