using System.Collections.Concurrent;

namespace EventSourcedStreams.Domain;

/// <summary>
/// Compares the streams that have not ended, as the catalog has them once it has been filled, with their own ends in
/// the log: of an ending that the feed does not tell any more nothing else would be seen, and the stream be listed as
/// running for ever.
/// </summary>
internal sealed class OpenStreamsCheck(StreamLog log, IStreamCatalog catalog)
{
    private const int PageSize = 200;

    /// <summary>Reads at one time.</summary>
    private const int Reads = 16;

    /// <summary>Behind all that a feed tells.</summary>
    private static readonly LogPosition Last = new(long.MaxValue, long.MaxValue);

    /// <param name="upTo">How far the catalog has been fed.</param>
    /// <exception cref="LogUnavailableException">The log cannot be read now.</exception>
    public async Task RunAsync(LogPosition upTo, CancellationToken ct)
    {
        await RunAsync(new DueQuery.Streaming(), upTo, ct);
        await RunAsync(new DueQuery.PendingSince(DateTimeOffset.MaxValue), upTo, ct);
    }

    private async Task RunAsync(DueQuery due, LogPosition upTo, CancellationToken ct)
    {
        string? cursor = null;
        do
        {
            var damaged = new ConcurrentBag<FeedItem>();
            (var page, cursor) = await catalog.FindDueAsync(due, cursor, PageSize, ct);
            await Parallel.ForEachAsync(
                page,
                new ParallelOptions { MaxDegreeOfParallelism = Reads, CancellationToken = ct },
                async (stream, token) =>
                {
                    if (await DamageAsync(stream, upTo, token) is { } damage) damaged.Add(damage);
                });
            if (!damaged.IsEmpty) await catalog.ApplyAsync([.. damaged], checkpoint: null, ct);
        }
        while (cursor is not null);
    }

    private async Task<FeedItem?> DamageAsync(StreamSummary stream, LogPosition upTo, CancellationToken ct)
    {
        try
        {
            if ((await log.ReadEndAsync(stream.Id, ct))?.Decisive is not { } last || last.Position > upTo || Follows(stream.Status, last.Event)) return null;
            return Damaged(stream.Id, last.Id, $"It ends with revision {last.Revision}, which the feed of all streams does not tell.");
        }
        catch (StreamGoneException)
        {
            return new FeedItem.Tombstoned(Last, default, stream.Id);
        }
        catch (LogDamagedException e)
        {
            return Damaged(stream.Id, null, e.Message) with { Foreign = ForeignEvent.Of(e) };
        }
    }

    /// <param name="last">No note: a note leaves the stream what it was before.</param>
    private static bool Follows(StreamStatus status, StreamEvent last) => status is StreamStatus.Pending
        ? last is StreamEvent.StreamCreated
        : last is StreamEvent.StreamStarted || EventKinds.KindOf(last) is EventKind.Content;

    private static FeedItem.Damaged Damaged(StreamId stream, EventId? id, string what) => new(Last, stream.Value, what) { Stream = stream, Id = id };
}
