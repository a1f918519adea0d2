using System.Security.Cryptography;
using System.Text;
using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.TestKit;

/// <summary>Events with ordinary values, so that a test says only what it is about.</summary>
public static class Scenario
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    internal static readonly NodeRun Node = new("node-1", "run-1");

    public static readonly StreamId SomeStream = new("s");

    internal static StreamCreated Created(
        string id = "s", Labels? labels = null, TimeSpan? retain = null, DateTimeOffset? at = null, string? input = null) =>
        new(
            new StreamId(id), "demo", input, "text/plain; charset=utf-8",
            TimeSpan.FromMinutes(20), retain, labels ?? Labels.None, Names.None)
        {
            At = at ?? Noon,
        };

    internal static StreamStarted Started(DateTimeOffset? at = null, NodeRun? driver = null) =>
        new(1, driver ?? Node, "demo", null, null, "0.1.0") { At = at ?? Noon };

    internal static ChunkPersisted Chunk(int index, long offset, string text, DateTimeOffset? at = null) =>
        new(index, offset, text, at ?? Noon) { At = at ?? Noon };

    internal static StreamCompleted Completed(long length = 0, int chunks = 0, DateTimeOffset? at = null) =>
        new(length, chunks, "stop", null) { At = at ?? Noon };

    internal static StreamFailed Failed(string code, string message, long length = 0, int chunks = 0) =>
        new(code, message, length, chunks) { At = Noon };

    internal static StreamCancelled Cancelled(string? reason = null, long length = 0, int chunks = 0) =>
        new("anonymous", reason, Noon, length, chunks) { At = Noon };

    internal static StreamTimedOut TimedOut(long length = 0, int chunks = 0) =>
        new(TimeSpan.FromMinutes(20), Noon, length, chunks) { At = Noon };

    internal static StreamDeleted Deleted(StreamStatus before, long length = 0, int chunks = 0, DateTimeOffset? at = null) =>
        new("anonymous", null, before, length, chunks) { At = at ?? Noon };

    /// <summary>A stream's events as a log would have them; ids, positions and hashes differ for each stream and
    /// revision.</summary>
    internal static IReadOnlyList<RecordedEvent> Recorded(string stream, params IReadOnlyList<StreamEvent> events)
    {
        var epoch = 0;
        return events.Select((e, revision) => Recorded(stream, revision, e, epoch = e is StreamStarted s ? s.Epoch : epoch)).ToList();
    }

    internal static RecordedEvent Recorded(string stream, long revision, StreamEvent e, int epoch = 0, ulong? position = null)
    {
        var bits = SHA256.HashData(Encoding.UTF8.GetBytes($"{stream} {revision} {e.GetType().Name}"));
        var place = position ?? (ulong)revision + 1;
        return new(
            new StreamId(stream), Revision.From(revision), new LogPosition(place, place), new EventId(new Guid(bits.AsSpan(0, 16))), e,
            new EventContext(Node, epoch, EventContext.Anonymous), new ChainHash(bits));
    }
}
