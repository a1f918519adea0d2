using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Parts;

/// <summary>
/// Whatever is said in whichever order, with appends that are held back and followers that are cut and come again at
/// another node: the content is the same from the driver's events, from a follower's, from the query, from the log and
/// from an export.
/// </summary>
public sealed class ContentAgreesTests
{
    private static readonly string[] Pieces = ["a", "Où? ", "漢字", "🙂", "line\r\n", "\"q\" \\", "and so on, and so on. ", "\ud83d", "\ude42", "\0"];

    private static readonly string[] Kinds = [PartKinds.Reasoning, PartKinds.ToolCall, PartKinds.ToolResult, PartKinds.Text, PartKinds.Source, PartKinds.File, PartKinds.Opaque, "own-kind"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Driver_follower_query_log_and_export_have_the_same_content(int seed)
    {
        var log = new LocalLog();
        FaultyEventStore faulty = null!;
        await using var driving = await TextStreamsApp.StartAsync(new() { Log = log, Wrap = inner => faulty = new FaultyEventStore(inner, TimeProvider.System) });
        await using var other = await TextStreamsApp.StartAsync(new() { Log = log, Node = "node-2" });
        var id = await driving.CreateAsync(new { source = "script", labels = new { user = "ann" } });
        using var driver = await DriveAsync(driving, id);
        var driven = ReadAsync(driver);
        var followed = FollowAsync([driving, other], id, new Random(seed));

        await SayAsync(driving.Script.For(new(id)), new Random(seed * 1000), faulty);

        var fromDriver = Folded(await driven);
        Folded(await followed).Should().Be(fromDriver, "a follower that is cut gets the same");
        (await QueriedAsync(other, id)).Should().Be(fromDriver, "so does a query");
        (await LoggedAsync(other, id)).Should().Be(fromDriver, "and it is what is stored");
        (await ExportedAsync(other, id)).Should().Be(fromDriver, "and what is exported");
        fromDriver.Should().NotContain(PartKinds.Opaque);
    }

    /// <summary>What a source might say, at random.</summary>
    private static async Task SayAsync(ScriptedSource.Script run, Random random, FaultyEventStore faulty)
    {
        var open = new List<(IPartAppender Part, PartStart Start)>();
        var started = 0;
        for (var i = 0; i < 150; i++)
        {
            switch (random.Next(10))
            {
                case 0 or 1 when open.Count < 5:
                    var start = StartOf(random, started++);
                    open.Add((await run.StartAsync(start), start));
                    if (start.Encoding is PartEncoding.Json) await open[^1].Part.AppendAsync("[0");
                    break;
                case 2 when open.Count > 0:
                    var ending = open[random.Next(open.Count)];
                    open.Remove(ending);
                    if (ending.Start.Encoding is PartEncoding.Json) await ending.Part.AppendAsync("]");
                    await ending.Part.EndAsync(random.Next(3) == 0 ? new PartEnd { Error = random.Next(2) == 0 ? "It broke." : null, Detail = """{"end":1}""" } : null);
                    break;
                case 3 or 4 or 5 or 6 when open.Count > 0:
                    var (part, of) = open[random.Next(open.Count)];
                    if (of.Kind == PartKinds.Text) break;
                    await part.AppendAsync(of.Encoding switch
                    {
                        PartEncoding.Base64 => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{i:0000}Bytes")),
                        PartEncoding.Json => $",{i}",
                        _ => Pieces[random.Next(Pieces.Length)],
                    });
                    break;
                case 7 when random.Next(3) == 0:
                    faulty.GoAway();
                    break;
                case 8:
                    faulty.ComeBack();
                    await Task.Yield();
                    break;
                default:
                    await run.OfferAsync(Pieces[random.Next(Pieces.Length)]);
                    break;
            }
        }

        faulty.ComeBack();
        if (random.Next(3) == 0) run.Throw(new SourceFailedException("demo-failed", "As asked."));
        else run.End();
    }

    private static PartStart StartOf(Random random, int before)
    {
        var kind = Kinds[random.Next(Kinds.Length)];
        return new PartStart(kind)
        {
            Encoding = kind is PartKinds.File ? PartEncoding.Base64 : kind is PartKinds.ToolCall ? PartEncoding.Json : PartEncoding.Plain,
            Name = random.Next(2) == 0 ? $"name {before}" : null,
            CallId = random.Next(4) == 0 ? "" : null,
            Detail = random.Next(2) == 0 ? """{"start":true}""" : null,
        };
    }

    private static Task<HttpResponseMessage> DriveAsync(TextStreamsApp app, string id)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{id}/drive?parts=true");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        return app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<List<SseEvent>> ReadAsync(HttpResponseMessage answer)
    {
        using var reader = await EventStreamReader.OpenAsync(answer);
        return await reader.ToEndAsync();
    }

    /// <summary>A few events at a time, each time from another node.</summary>
    private static async Task<List<SseEvent>> FollowAsync(TextStreamsApp[] apps, string id, Random random)
    {
        var all = new List<SseEvent>();
        for (var turn = 0; all is not [.., { Name: "end" }]; turn++)
        {
            var after = all is [.., var last] ? $"&after={last.Id}" : "";
            using var answer = await apps[turn % apps.Length].Client.GetAsync($"/v1/streams/{id}/events?parts=true{after}", HttpCompletionOption.ResponseHeadersRead);
            answer.IsSuccessStatusCode.Should().BeTrue(await TextOfAsync(answer));
            using var reader = await EventStreamReader.OpenAsync(answer);
            for (var left = random.Next(1, 12); left > 0 && await reader.NextAsync() is { } next; left--) all.Add(next);
        }

        return all;
    }

    private static async Task<string> TextOfAsync(HttpResponseMessage answer) =>
        answer.IsSuccessStatusCode ? "it is well" : await answer.Content.ReadAsStringAsync();

    private static string Folded(List<SseEvent> events)
    {
        var content = new AnswerContent();
        foreach (var e in events)
        {
            switch (e.Name)
            {
                case "text": content.AddBody(e.Text); break;
                case "part": content.Start(NumberOf(e.Json), StartOf(e.Json)); break;
                case "part-text": content.AddText(NumberOf(e.Json), e.Text); break;
                case "part-end": content.End(NumberOf(e.Json), new PartEnd { Error = TextOf(e.Json, "error"), Detail = RawOf(e.Json, "detail") }); break;
                case "end": content.CutOff(); break;
            }
        }

        events[^1].Name.Should().Be("end");
        return Canonical(content.Items);
    }

    private static async Task<string> LoggedAsync(TextStreamsApp app, string id)
    {
        var content = new AnswerContent();
        await foreach (var recorded in app.Engine.Log.ReadAsync(new(id), Revision.None, ReadFrom.Leader, default)) content.Apply(recorded);
        return Canonical(content.Items.Where(item => item is not ContentItem.Part { Start.Kind: PartKinds.Opaque }));
    }

    private static async Task<string> ExportedAsync(TextStreamsApp app, string id)
    {
        var content = new AnswerContent();
        var lines = (await app.Client.GetStringAsync("/v1/export?label=user:ann")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in lines.Select(line => JsonElement.Parse(line)).Where(line => line.TryGetProperty("revision", out _)))
        {
            content.Apply(StreamCodec.Decode(new StreamId(id), new StoredEvent(
                StreamPrefix.Default.Text(new StreamId(id)),
                line.GetProperty("revision").GetInt64(),
                LogPosition.Start,
                default,
                new EventId(line.GetProperty("id").GetGuid()),
                line.GetProperty("type").GetString()!,
                line.GetProperty("contentType").GetString()!,
                Encoding.UTF8.GetBytes(line.GetProperty("data").GetString()!),
                Encoding.UTF8.GetBytes(line.GetProperty("metadata").GetString()!))));
        }

        return Canonical(content.Items.Where(item => item is not ContentItem.Part { Start.Kind: PartKinds.Opaque }));
    }

    /// <summary>Runs of the body that only what is hidden stood between are one.</summary>
    private static string Canonical(IEnumerable<ContentItem> items)
    {
        var lines = new List<string>();
        foreach (var item in items)
        {
            lines.Add(item switch
            {
                ContentItem.Body body => $"body: {body.Text}",
                ContentItem.Part part => Line(part.Number, part.Start, part.Offset, part.Text, part.State.Name(), part.End?.Error, Merged(part.Start.Detail, part.End?.Detail)),
                _ => throw new InvalidOperationException(),
            });
        }

        return Joined(lines);
    }

    private static async Task<string> QueriedAsync(TextStreamsApp app, string id)
    {
        var lines = new List<string>();
        foreach (var entry in JsonElement.Parse(await app.Client.GetStringAsync($"/v1/streams/{id}?parts=true")).GetProperty("content").EnumerateArray())
        {
            if (!entry.TryGetProperty("part", out _))
            {
                lines.Add($"body: {TextOf(entry, "text")}");
                continue;
            }

            var text = TextOf(entry, "text") ?? RawOf(entry, "value")
                ?? (TextOf(entry, "href") is { } href ? Convert.ToBase64String(await app.Client.GetByteArrayAsync(href)) : "");
            lines.Add(Line(
                NumberOf(entry), StartOf(entry), entry.GetProperty("offset").GetInt64(), text, TextOf(entry, "state")!, TextOf(entry, "error"), Merged(RawOf(entry, "detail"), null)));
        }

        return Joined(lines);
    }

    private static string Joined(List<string> lines)
    {
        var joined = new StringBuilder();
        var isBody = false;
        foreach (var line in lines)
        {
            var next = line.StartsWith("body: ", StringComparison.Ordinal);
            joined.Append(next && isBody ? line["body: ".Length..] : "\n" + line);
            isBody = next;
        }

        return joined.ToString();
    }

    private static string Line(int number, PartStart start, long offset, string text, string state, string? error, string detail) =>
        $"{number} {start.Kind} of {start.Of} {start.Name} ({start.CallId ?? "none"}) {start.Encoding} at {offset}: {text} | {state} {error} {detail}";

    private static string Merged(string? start, string? end)
    {
        var merged = start is null ? [] : JsonNode.Parse(start)!.AsObject();
        foreach (var (name, value) in end is null ? [] : JsonNode.Parse(end)!.AsObject()) merged[name] = value?.DeepClone();
        return merged.ToJsonString();
    }

    private static int NumberOf(JsonElement json) => json.GetProperty("part").GetInt32();

    private static string? TextOf(JsonElement json, string name) => json.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static string? RawOf(JsonElement json, string name) => json.TryGetProperty(name, out var raw) ? raw.GetRawText() : null;

    private static PartStart StartOf(JsonElement json) => new(TextOf(json, "kind")!)
    {
        Of = json.TryGetProperty("of", out var of) ? of.GetInt32() : null,
        Name = TextOf(json, "name"),
        CallId = TextOf(json, "callId"),
        MediaType = TextOf(json, "mediaType"),
        Encoding = PartEncodingNames.Parse(TextOf(json, "encoding"))!.Value,
        Detail = RawOf(json, "detail"),
    };
}
