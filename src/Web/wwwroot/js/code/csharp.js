// The page's requests as a program in C#: `dotnet run app.cs`.

/** @param steps as curl's */
export function csharp({ asked, id, isDriven, isFollowed, isCancelled, reason, at, needsKey }, api) {
  const usings = ['System.Net.ServerSentEvents'];
  if (asked || isCancelled) usings.push('System.Text');
  if (asked) usings.push('System.Text.Json');
  const auth = needsKey ? '\nhttp.DefaultRequestHeaders.Authorization = new("Bearer", Environment.GetEnvironmentVariable("STREAMS_KEY"));' : '';
  const parts = [{ code: `${usings.map((name) => `using ${name};\n`).join('')}\nusing var http = new HttpClient();${auth}\nvar api = ${literal(api)};` }];
  if (asked) parts.push({
    comment: '// create a stream; the server names it',
    code: `var created = await http.PostAsync(api, new StringContent(\n    ${raw(asked)},\n    Encoding.UTF8, "application/json"));\n`
      + 'var id = JsonDocument.Parse(await created.Content.ReadAsStringAsync())\n    .RootElement.GetProperty("id").GetString();',
  });
  else parts[0].code += `\nvar id = ${literal(id)};`;
  if (isDriven) parts.push({
    comment: '// drive it: its words, as they are made',
    code: 'var driven = await http.SendAsync(\n    new(HttpMethod.Post, $"{api}/{id}/drive"), HttpCompletionOption.ResponseHeadersRead);\n'
      + 'using var words = new StreamReader(await driven.Content.ReadAsStreamAsync());\n'
      + 'var buffer = new char[4096];\nfor (int n; (n = await words.ReadAsync(buffer)) > 0;)\n    Console.Write(buffer, 0, n);',
  });
  if (isCancelled) parts.push({
    comment: '// cancel it, from anywhere',
    code: `await http.PostAsync($"{api}/{id}/cancel", new StringContent(\n    ${raw(reason ? { reason } : {})},\n    Encoding.UTF8, "application/json"));`,
  });
  if (isFollowed) parts.push({
    comment: '// follow it: live, or when it is over',
    code: 'await foreach (var e in SseParser.Create(\n    await http.GetStreamAsync($"{api}/{id}/events")).EnumerateAsync())\n    Console.WriteLine($"{e.EventId} {e.EventType} {e.Data}");',
  });
  if (at !== undefined) parts.push(
    { comment: `// the stream as it was at revision ${at}`, code: `Console.WriteLine(await http.GetStringAsync($"{api}/{id}?at=${at}"));` },
    {
      comment: '// and resumed there',
      code: `await foreach (var e in SseParser.Create(\n    await http.GetStreamAsync($"{api}/{id}/events?after=${at}")).EnumerateAsync())\n    Console.WriteLine($"{e.EventId} {e.EventType} {e.Data}");`,
    },
  );
  return parts;
}

/** JSON's escapes of a text are C#'s too. */
const literal = (text) => JSON.stringify(text);

/** JSON as it is, between more quotes than it has in a row. */
function raw(body) {
  const json = JSON.stringify(body);
  const longest = Math.max(0, ...(json.match(/"+/g) ?? []).map((quotes) => quotes.length));
  const quotes = '"'.repeat(Math.max(3, longest + 1));
  return `${quotes}${json}${quotes}`;
}
