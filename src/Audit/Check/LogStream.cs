using EventSourcedStreams.Audit.Stores;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Audit.Check;

/// <summary>A stream folded from the log, up to its end as it was when it was read.</summary>
/// <param name="Body">Null where nothing of it is there.</param>
/// <param name="IsDeleted">It has a tombstone, or its deletion has begun.</param>
internal sealed record LogStream(Store Store, StreamId Id, StreamBody? Body, bool IsDeleted, DateTimeOffset LatestAt)
{
    /// <summary>-1 where nothing of it is there.</summary>
    public long Revision => Body?.Revision.Value ?? -1;

    public long TextBytes => Body?.Summary.Length ?? 0;

    /// <exception cref="LogDamagedException">The stream is damaged.</exception>
    public static Task<LogStream> ReadAsync(Store store, StreamId id, CancellationToken ct) => ReadAsync(store, id, long.MaxValue, ct);

    /// <summary>As it was at a revision.</summary>
    /// <returns>Null where the log has no such revision, also by now.</returns>
    public async Task<StreamBody?> AtAsync(long revision, CancellationToken ct) =>
        revision == Revision ? Body
        : revision >= 0 && await ReadAsync(Store, Id, revision, ct) is { Body: { } then } && then.Revision.Value == revision ? then : null;

    private static async Task<LogStream> ReadAsync(Store store, StreamId id, long upTo, CancellationToken ct)
    {
        StreamBody? body = null;
        var (isDeleted, latest) = (false, DateTimeOffset.MinValue);
        try
        {
            await foreach (var recorded in store.CheckedEventsAsync(id, ct))
            {
                body = StreamBody.Apply(body, recorded);
                isDeleted |= recorded.Event is StreamDeleted;
                if (recorded.Event.At > latest) latest = recorded.Event.At;
                if (recorded.Revision.Value >= upTo) break;
            }
        }
        catch (StreamGoneException)
        {
            isDeleted = true;
        }

        return new LogStream(store, id, body, isDeleted, latest);
    }
}
