using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>One text as its writer sees it: knows its head, makes its next events.</summary>
internal sealed class Texts(StreamId id, DateTimeOffset at)
{
    private long offset;
    private int chunks;

    public static readonly NodeRun Node = new("node-a", "run-1");

    public static readonly EventContext Context = new(Node, 1, "alice");

    public StreamId Id { get; } = id;

    public StreamHead Head { get; set; }

    public StreamCreated Created { get; } = new(
        id, "demo", null, "text/plain", TimeSpan.FromMinutes(2), null, Labels.None, Names.None)
    { At = at };

    public StreamStarted Started { get; } = new(1, Node, "demo", null, null, "test") { At = at };

    public StreamCompleted Completed => new(offset, chunks, null, null) { At = at };

    public ChunkPersisted Chunk(string text)
    {
        var chunk = new ChunkPersisted(chunks++, offset, text, at) { At = at };
        offset += System.Text.Encoding.UTF8.GetByteCount(text);
        return chunk;
    }

    /// <summary>An append with an id of its own at the head as it is known.</summary>
    public Append Append(params StreamEvent[] events) => new(new AppendId(Guid.NewGuid()), Id, Head, events, Context);

    public async Task<AppendOutcome.Appended> AppendedAsync(StreamLog log, params StreamEvent[] events)
    {
        var result = await log.TryAppendAsync(Append(events), CancellationToken.None);
        var appended = result.Should().BeOfType<AppendOutcome.Appended>().Which;
        Head = appended.Head;
        return appended;
    }
}
