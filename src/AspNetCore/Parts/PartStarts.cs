using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What a client needs to know of parts that began before what it is sent: whether they are shown to
/// it.</summary>
internal static class PartStarts
{
    /// <summary>Looks up all parts that some events speak of and whose starts are not among them.</summary>
    /// <param name="upTo">A revision that is there, at or behind the events.</param>
    public static async ValueTask LearnAsync(
        this ShownParts shown, StreamLog log, StreamId stream, ReadOnlyMemory<byte> events, Revision upTo, CancellationToken ct)
    {
        while (shown.Unknown(events.Span) is { } part) await shown.LearnAsync(log, stream, part, upTo, ct);
    }

    /// <returns>Whether a part may be sent.</returns>
    public static async Task<bool> LearnAsync(this ShownParts shown, StreamLog log, StreamId stream, int part, Revision upTo, CancellationToken ct)
    {
        if (shown.Find(part) is { } known) return known;
        var recorded = await new EventPositions(log).StartAsync(stream, part, upTo, ct)
            ?? throw new LogDamagedException(stream.Value, upTo.Value, $"part {part} is spoken of, and its start is not there.");
        return await shown.LearnAsync(log, recorded, ct);
    }

    /// <param name="recorded">The start of a part.</param>
    public static async Task<bool> LearnAsync(this ShownParts shown, StreamLog log, RecordedEvent recorded, CancellationToken ct)
    {
        var e = (StreamEvent.PartStarted)recorded.Event;
        if (e.Start.Of is { } of && of < e.Part) await shown.LearnAsync(log, recorded.Stream, of, recorded.Revision, ct);
        return shown.Sees(e.Part, e.Start);
    }
}
