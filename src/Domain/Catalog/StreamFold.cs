namespace EventSourcedStreams.Domain;

/// <summary>What is made of a stream's events, read from its beginning as the leader has them.</summary>
internal static class StreamFold
{
    /// <param name="apply">Takes null before the first event.</param>
    /// <param name="belongs">False of the first event that is not asked for.</param>
    /// <param name="isIt">Whether what has been read is what was asked for: then another program's event stands behind
    /// it.</param>
    /// <param name="tellForeign">Notes that event, where what was asked for goes to the end.</param>
    /// <returns>Null: the stream never was, or what was asked for is not there.</returns>
    /// <exception cref="StreamGoneException">It was deleted.</exception>
    public static async Task<T?> FoldAsync<T>(
        this StreamLog log,
        StreamId id,
        Func<T?, RecordedEvent, T> apply,
        Func<RecordedEvent, bool> belongs,
        Func<T, bool> isIt,
        Func<T, ForeignEvent, T> tellForeign,
        CancellationToken ct)
        where T : class
    {
        T? folded = null;
        try
        {
            await foreach (var recorded in log.ReadAsync(id, Revision.None, ReadFrom.Leader, ct))
            {
                if (recorded.Event is StreamEvent.StreamDeleted) throw new StreamGoneException(id);
                if (!belongs(recorded)) break;
                folded = apply(folded, recorded);
            }
        }
        catch (LogDamagedException e) when (folded is not null && isIt(folded) && ForeignEvent.Of(e) is { } foreign)
        {
            return tellForeign(folded, foreign);
        }

        return folded is not null && isIt(folded) ? folded : null;
    }
}
