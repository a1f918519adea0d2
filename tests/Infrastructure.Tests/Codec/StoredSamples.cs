using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>One event of every stored shape: with all that is optional ("full") and with nothing of it
/// ("bare").</summary>
internal static class StoredSamples
{
    public static readonly StreamId Id = new("chats/42-é漢😀");

    public static readonly AppendId AppendId = new(Guid.Parse("f81d4fae-7dec-11d0-a765-00a0fffffffe"));

    public static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static readonly NodeRun Node = new("web-1", "9f86d081");

    public static readonly EventContext Full = new(Node, 1, "alice@example.org", "corr-1", "cause-1");

    /// <summary>Of a cancellation that is the first half of a deletion: the event id that its second half will
    /// have.</summary>
    public static readonly EventContext Deletion = new(Node, 1, "carol", null, "f81d4fae-7dec-11d0-a765-00a0ffffffff");

    public static readonly EventContext Bare = new(Node, 0, EventContext.Anonymous);

    /// <summary>What a JSON writer might think of escaping, and what it has to.</summary>
    public const string Text =
        "Zażółć gęślą jaźń. 漢字かな 👩‍🚀 𝒳 e\u0301 <a href='/?x=1&y=+'> \"q\" \\ \b\f\n\r\t\0\u0001\u001f\u007f\u0085\u00a0\u2028\u2029\ue000\ufeff\uffff";

    private const string Job = "0193f0b0c0de70008000000000000001";

    private static readonly Labels Two = Labels.From([new("user", "u-7"), new("Zweck \"x\"", "Prüfung 😀")]);

    public static IReadOnlyDictionary<string, (StreamEvent Event, EventContext Context)> Events { get; } =
        new Dictionary<string, (StreamEvent, EventContext)>
        {
            ["StreamCreated.full"] = (new StreamCreated(
                Id,
                "openai",
                """{ "prompt":"Say \u0041 \"hi\" 😀",  "n" : 1.50, "deep":[[{}]] }""",
                "text/markdown",
                TimeSpan.FromSeconds(90.5),
                TimeSpan.FromDays(30),
                Two,
                Names.From(["source", "id", "idleTimeoutSeconds"]))
            { At = At }, Full),
            ["StreamCreated.bare"] = (new StreamCreated(
                Id, "upload", null, "text/plain", TimeSpan.FromMinutes(2), null, Labels.None, Names.None)
            { At = At }, Bare),
            ["StreamCreated.limits"] = (new StreamCreated(
                Id, "openai", null, "text/plain", TimeSpan.FromMinutes(2), null, Labels.None, Names.From(["maxDurationSeconds", "onDisconnect"]))
            { At = At, MaxDuration = TimeSpan.FromMinutes(10), OnDisconnect = OnDisconnect.Cancel }, Bare),
            ["StreamStarted.full"] = (new StreamStarted(1, Node, "openai", "api.openai.com", "gpt-5", "0.1.0") { At = At }, Full),
            ["StreamStarted.bare"] = (new StreamStarted(1, Node, "demo", null, null, "0.1.0") { At = At }, Bare),
            ["ChunkPersisted"] = (new ChunkPersisted(3, 5_000_000_000, Text, At.AddMilliseconds(-81)) { At = At.AddTicks(1) }, Bare),
            ["StreamCompleted.full"] = (new StreamCompleted(5_000_000_200, 4, "stop", """{"total_tokens": 12}""") { At = At }, Full),
            ["StreamCompleted.bare"] = (new StreamCompleted(0, 0, null, null) { At = At }, Bare),
            ["StreamCompleted.replaced"] = (new StreamCompleted(17, 2, null, null) { At = At, Replaced = 5_000_000_000 }, Bare),
            ["StreamFailed.replaced"] = (new StreamFailed("too-long", "It is.", 17, 2) { At = At, Replaced = 0 }, Bare),
            ["StreamCancelled.replaced"] = (new StreamCancelled("bob", null, At.AddSeconds(-1), 17, 2) { At = At, Replaced = 3 }, Bare),
            ["StreamTimedOut.replaced"] = (new StreamTimedOut(TimeSpan.FromSeconds(120), At.AddSeconds(-120), 17, 2) { At = At, Replaced = 3 }, Bare),
            ["StreamFailed"] = (new StreamFailed("source-failed", "The provider said: \"no\".", 17, 2) { At = At }, Bare),
            ["StreamCancelled.full"] = (new StreamCancelled("bob", "changed my mind", At.AddSeconds(-1), 17, 2) { At = At }, Full),
            ["StreamCancelled.bare"] = (new StreamCancelled("bob", null, At.AddSeconds(-1), 17, 2) { At = At }, Bare),
            ["StreamCancelled.deletion"] = (new StreamCancelled("carol", "The stream was deleted.", At.AddSeconds(-1), 17, 2) { At = At }, Deletion),
            ["StreamTimedOut"] = (new StreamTimedOut(TimeSpan.FromSeconds(120.034), At.AddSeconds(-120), 17, 2) { At = At }, Bare),
            ["StreamTimedOut.maxDuration"] = (new StreamTimedOut(TimeSpan.FromSeconds(0.2), At.AddSeconds(-0.2), 17, 2)
            { At = At, MaxDuration = TimeSpan.FromMinutes(10) }, Bare),
            ["ChunkPersisted.parts"] = (new ChunkPersisted(3, 5_000_000_000, "on", At.AddMilliseconds(-81))
            { At = At, Parts = 2, PartBytes = 5_000_000_100 }, Bare),
            ["StreamCompleted.parts"] = (new StreamCompleted(5_000_000_200, 4, "tool_calls", """{"total_tokens": 12}""")
            { At = At, Parts = 10_000, PartBytes = 5_000_000_100 }, Full),
            ["StreamFailed.parts"] = (new StreamFailed("source-failed", "No.", 0, 0) { At = At, Parts = 1, PartBytes = 0 }, Bare),
            ["StreamCancelled.parts"] = (new StreamCancelled("bob", "enough", At.AddSeconds(-1), 17, 2)
            { At = At, Parts = 3, PartBytes = 45 }, Bare),
            ["StreamTimedOut.parts"] = (new StreamTimedOut(TimeSpan.FromSeconds(120), At.AddSeconds(-120), 17, 2)
            { At = At, MaxDuration = TimeSpan.FromMinutes(10), Parts = 3, PartBytes = 45, Replaced = 2 }, Bare),
            ["PartStarted.full"] = (new PartStarted(
                7,
                new PartStart(PartKinds.ToolResult)
                {
                    Of = 6,
                    Name = "get_\"weather\"",
                    CallId = "call_😀",
                    MediaType = "application/json",
                    Encoding = PartEncoding.Json,
                    Detail = """{ "executed":"app",  "title": "Weather \u0041 😀", "n" : 1.50, "deep":[[{}]], "n":2 }""",
                },
                At.AddMilliseconds(-81),
                new StreamExtent(3, 5_000_000_000, 6, 5_000_000_100))
            { At = At.AddTicks(1) }, Full),
            ["PartStarted.bare"] = (new PartStarted(1, new PartStart(PartKinds.Reasoning), At, default) { At = At }, Bare),
            ["PartStarted.base64"] = (new PartStarted(
                2, new PartStart(PartKinds.File) { Name = "Bild ü.png", MediaType = "image/png", Encoding = PartEncoding.Base64 }, At, new(1, 5, 1, 9))
            { At = At }, Bare),
            ["PartStarted.emptyCallId"] = (new PartStarted(
                2, new PartStart(PartKinds.ToolCall) { Name = "f", CallId = "", Encoding = PartEncoding.Json, Detail = "{}" }, At, new(0, 0, 1, 0))
            { At = At }, Bare),
            ["PartStarted.unknownKind"] = (new PartStarted(1, new PartStart("x-9-later") { Detail = "{\"a\":null}" }, At, default) { At = At }, Bare),
            ["PartPersisted"] = (new PartPersisted(7, 3, 5_000_000_000, Text, At.AddMilliseconds(-81), new(3, 17, 8, 5_000_000_100))
            { At = At.AddTicks(1) }, Bare),
            ["PartPersisted.first"] = (new PartPersisted(1, 0, 0, "{\"q\":\"ä\"", At, new(0, 0, 1, 0)) { At = At }, Full),
            ["PartEnded.full"] = (new PartEnded(
                7,
                5_000_000_100,
                new PartEnd { Detail = """{"finishReason":"stop",  "usage":{"n":1.0}}""", Error = "The tool said: \"no\".\n\u0001 😀" },
                At.AddMilliseconds(-81),
                new StreamExtent(3, 17, 8, 5_000_000_200))
            { At = At }, Full),
            ["PartEnded.bare"] = (new PartEnded(1, 0, new PartEnd(), At, new(0, 0, 1, 0)) { At = At }, Bare),
            ["PartEnded.error"] = (new PartEnded(1, 12, new PartEnd { Error = "" }, At, new(0, 0, 1, 12)) { At = At }, Bare),
            ["StreamDeleted.full"] = (new StreamDeleted("carol", "privacy", StreamStatus.Cancelled, 17, 2) { At = At }, Full),
            ["StreamDeleted.bare"] = (new StreamDeleted("carol", null, StreamStatus.Pending, 0, 0) { At = At }, Bare),
        };

    public static IReadOnlyDictionary<string, ServiceEvent> ServiceEvents { get; } = new Dictionary<string, ServiceEvent>
    {
        ["NodeHeartbeat.full"] = new ServiceEvent.NodeHeartbeat(Node, At.AddHours(-1), TimeSpan.FromSeconds(30), Stopped: true) { At = At },
        ["NodeHeartbeat.bare"] = new ServiceEvent.NodeHeartbeat(Node, At.AddHours(-1), TimeSpan.FromSeconds(30), Stopped: false) { At = At },
        ["StreamCancelRequested.full"] = new ServiceEvent.StreamCancelRequested(Id, "too long") { At = At },
        ["StreamCancelRequested.bare"] = new ServiceEvent.StreamCancelRequested(Id, null) { At = At },
        ["EndingsHandled.full"] = new ServiceEvent.EndingsHandled("billing", Node, new LogPosition(5_000_000_001, 5_000_000_000)) { At = At },
        ["EndingsHandled.bare"] = new ServiceEvent.EndingsHandled("billing", Node, null) { At = At },
        ["StreamCancelRequested.epoch"] = new ServiceEvent.StreamCancelRequested(Id, "too long", 1) { At = At },
        ["AccessRecorded.full"] = new ServiceEvent.AccessRecorded("web/ann", "events", Id, "203.0.113.7", "unknown-stream") { At = At },
        ["AccessRecorded.bare"] = new ServiceEvent.AccessRecorded("ops", "list", null, null, null) { At = At },
        ["JobRequested"] = new ServiceEvent.JobRequested(Job, JobKind.Delete, Two, Names.None) { At = At },
        ["JobRequested.export"] = new ServiceEvent.JobRequested(Job, JobKind.Export, Labels.From([new("user", "ann")]), Names.From(["running", "damaged"])) { At = At },
        ["JobProgressed.full"] = new ServiceEvent.JobProgressed(
            Job, JobKind.Export, Two, Names.From(["running", "damaged"]), "alice@example.org", At.AddSeconds(-90.5), new LogPosition(5_000_000_001, 5_000_000_000), Node,
            300, 120, 2, Names.From(["log-damaged chats/42-é漢😀", "foreign-event a b"]), 5_000_000_000, Ended: true)
        { At = At },
        ["JobProgressed.bare"] = new ServiceEvent.JobProgressed(
            Job, JobKind.Delete, Labels.From([new("user", "ann")]), Names.None, EventContext.Anonymous, At.AddSeconds(-1), new LogPosition(7, 7), Node,
            0, 0, 0, Names.None, null, Ended: false)
        { At = At },
        ["LogNamed"] = new ServiceEvent.LogNamed("0b0e2f5c-0000-4000-8000-000000000001") { At = At },
    };

    /// <summary>As it would stand in a log after the event that <paramref name="expected"/> names.</summary>
    public static StoredEvent Store(StreamEvent @event, EventContext context, StreamHead expected) =>
        Stored(StreamCodec.Encode(new Append(AppendId, Id, expected, [@event], context)).Events[0], expected.Revision.Next.Value);

    public static StoredEvent Stored(NewEvent e, long revision) => new(
        StreamPrefix.Default.Text(Id), revision, new LogPosition(7, 7), At, e.Id, e.Type, e.ContentType, e.Data, e.Metadata);
}
