using EventSourcedStreams.Audit.Stores;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Audit.Check;

/// <summary>A stream folded from the log, also as it was at the revisions that a server has answered with.</summary>
/// <param name="At">Those that the log has.</param>
/// <param name="Last">Null where nothing of it is there.</param>
/// <param name="IsDeleted">It has a tombstone, or its deletion has begun.</param>
internal sealed record LogFold(IReadOnlyDictionary<long, StreamBody> At, StreamBody? Last, bool IsDeleted, DateTimeOffset LatestAt)
{
    /// <exception cref="LogDamagedException">The stream is damaged.</exception>
    public static async Task<LogFold> ReadAsync(Store store, StreamId id, IReadOnlyCollection<long> revisions, CancellationToken ct)
    {
        var at = new Dictionary<long, StreamBody>();
        StreamBody? body = null;
        var (isDeleted, latest) = (false, DateTimeOffset.MinValue);
        try
        {
            await foreach (var recorded in store.CheckedEventsAsync(id, ct))
            {
                body = StreamBody.Apply(body, recorded);
                isDeleted |= recorded.Event is StreamDeleted;
                if (recorded.Event.At > latest) latest = recorded.Event.At;
                if (revisions.Contains(recorded.Revision.Value)) at[recorded.Revision.Value] = body;
            }
        }
        catch (StreamGoneException)
        {
            isDeleted = true;
        }

        return new LogFold(at, body, isDeleted, latest);
    }
}
