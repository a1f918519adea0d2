// The page's requests as lines for a shell.

/**
 * @param steps what was done: asked or id, isDriven, isFollowed, isCancelled, reason, at, needsKey; api: the address of
 *   all streams
 */
export function curl({ asked, id, isDriven, isFollowed, isCancelled, reason, at, needsKey }, api) {
  const json = (body) => `\\\n  -H 'Content-Type: application/json' \\\n  -d ${quoted(JSON.stringify(body))}`;
  const call = needsKey ? 'curl -H "$auth"' : 'curl';
  const parts = [{ code: `api=${quoted(api)}${needsKey ? '\nauth="Authorization: Bearer $STREAMS_KEY"' : ''}` }];
  if (asked) parts.push({
    comment: '# create a stream; the server names it',
    code: `id=$(${call} -s "$api" ${json(asked)} \\\n  | sed -E 's/^\\{"id":"([^"]+)".*/\\1/')`,
  });
  else parts[0].code += `\nid=${quoted(id)}`;
  if (isDriven) parts.push({ comment: '# drive it: its words, as they are made', code: `${call} -N -X POST "$api/$id/drive"` });
  if (isCancelled) parts.push({ comment: '# cancel it, from anywhere', code: `${call} -s "$api/$id/cancel" ${json(reason ? { reason } : {})}` });
  if (isFollowed) parts.push({ comment: '# follow it: live, or when it is over', code: `${call} -N "$api/$id/events"` });
  if (at !== undefined) parts.push(
    { comment: `# the stream as it was at revision ${at}`, code: `${call} -s "$api/$id?at=${at}"` },
    { comment: '# and resumed there', code: `${call} -N "$api/$id/events" -H 'Last-Event-ID: ${at}'` },
  );
  return parts;
}

const quoted = (text) => `'${text.replaceAll('\'', '\'\\\'\'')}'`;
