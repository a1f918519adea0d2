using System.Globalization;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A revision or a time, as <c>?at=</c> gives it.</summary>
internal readonly record struct PointInLife(Revision? Revision, DateTimeOffset Time)
{
    public static PointInLife Parse(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) && revision < long.MaxValue)
            return new(EventSourcedStreams.Revision.From(revision), default);

        if (Rfc3339.TryParse(text) is { } time) return new(null, time);
        throw new RefusedException(Refusals.Invalid("at", "at is a revision (a whole number from 0) or a time (as 2026-11-21T12:00:00Z)."));
    }

    public Task<StreamPoint?> FindAsync(StreamSummaries summaries, StreamId id, CancellationToken ct) =>
        Revision is { } revision ? summaries.FindAsync(id, revision, ct) : summaries.FindAsync(id, Time, ct);
}
