using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Stores;

/// <summary>A stream without its text, from its first two and last two events: what lies between says nothing that they
/// do not, as long as it is unchanged. The chain is not checked.</summary>
public static class StreamSummaries
{
    /// <summary>Creation and start stand first; an ending and <c>StreamDeleted</c> last.</summary>
    private const int AtEachEnd = 2;

    /// <returns>Null where there is no such stream.</returns>
    /// <exception cref="StreamGoneException">It has a tombstone.</exception>
    /// <exception cref="LogDamagedException">It does not begin with its creation, or one of these events cannot be
    /// read.</exception>
    public static async Task<StreamSummary?> SummaryAsync(this Store store, StreamId stream, CancellationToken ct)
    {
        var first = await ReadAsync(store, stream, from: 0, forward: true, ct);
        var last = await ReadAsync(store, stream, from: long.MaxValue, forward: false, ct);
        if (first is [] && last is []) return null;
        if (first is not [{ Revision: 0 }, ..])
            throw new LogDamagedException(store.Prefix.Text(stream), 0, "The stream is truncated: its first event is not there.");

        StreamSummary? summary = null;
        foreach (var stored in first.Concat(last.Reverse()))
            summary = StreamSummary.Apply(summary, StreamCodec.Decode(stream, stored));
        return summary;
    }

    private static async Task<IReadOnlyList<StoredEvent>> ReadAsync(
        Store store, StreamId stream, long from, bool forward, CancellationToken ct) =>
        await store.Bytes.ReadAsync(store.Prefix.Text(stream), from, forward, AtEachEnd, ReadFrom.Leader, ct) switch
        {
            StoreRead.Page page => page.Events,
            StoreRead.Tombstoned => throw new StreamGoneException(stream),
            _ => [],
        };
}
