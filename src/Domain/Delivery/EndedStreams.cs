namespace EventSourcedStreams.Domain;

/// <summary>
/// Puts together what a handler is told of a stream that has ended. What the feed has said of streams that have not
/// ended is kept, within a bound: a stream that is deleted while it runs may be gone before it can be read. Not for two
/// threads at once.
/// </summary>
internal sealed class EndedStreams(StreamLog log)
{
    /// <summary>Past it all are forgotten; they can still be read in the log.</summary>
    private const int MaxKept = 10_000;

    private readonly Dictionary<StreamId, StreamSummary> open = [];

    /// <summary>The stream that ends with an item of the feed; null: none does, or it is gone and no trace of it is
    /// left here.</summary>
    /// <exception cref="LogUnavailableException">The log cannot be reached.</exception>
    public async Task<StreamSummary?> EndedByAsync(FeedItem item, CancellationToken ct)
    {
        switch (item)
        {
            case FeedItem.Recorded { Event: { Event.IsEnding: true } ending }:
                return await EndedAsync(ending, ct);
            case FeedItem.Recorded { Event: { Event: StreamEvent.StreamDeleted } fence }:
                return open.Remove(fence.Stream, out var fenced) && fenced.Status is StreamStatus.Streaming ? fenced.Apply(fence) : null;
            case FeedItem.Tombstoned { Stream: var gone }:
                return open.Remove(gone, out var unseen) && unseen.Status is StreamStatus.Streaming
                    ? unseen with { Status = StreamStatus.Deleted }
                    : null;
            case FeedItem.Recorded { Event: var recorded }:
                Keep(recorded);
                return null;
            default:
                return null;
        }
    }

    private async Task<StreamSummary?> EndedAsync(RecordedEvent ending, CancellationToken ct)
    {
        if (open.Remove(ending.Stream, out var kept)) return kept.Apply(ending);
        try
        {
            StreamSummary? stream = null;
            await foreach (var recorded in log.ReadAsync(ending.Stream, Revision.None, ReadFrom.Leader, ct))
            {
                if (recorded.Event is StreamNote) continue;
                if (recorded.Event is not (StreamEvent.StreamCreated or StreamEvent.StreamStarted)) break;
                stream = StreamSummary.Apply(stream, recorded);
            }

            return stream?.Apply(ending);
        }
        catch (StreamGoneException)
        {
            return null;
        }
    }

    private void Keep(RecordedEvent recorded)
    {
        if (recorded.Event is StreamEvent.StreamCreated created)
        {
            if (open.Count == MaxKept) open.Clear();
            open[recorded.Stream] = StreamSummary.From(created) with { Revision = recorded.Revision };
        }
        else if (recorded.Event is StreamEvent.StreamStarted && open.TryGetValue(recorded.Stream, out var before))
        {
            open[recorded.Stream] = before.Apply(recorded);
        }
    }
}
