using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>What one append has written: events with revisions and positions without gap.</summary>
internal readonly record struct Written(
    string Stream, long FirstRevision, long FirstPosition, long Created, IReadOnlyList<NewEvent> Events)
{
    /// <summary>Copies the bytes: the caller of an append may use its buffers again.</summary>
    public StoredEvent At(int index)
    {
        var (id, type, contentType, data, metadata) = Events[index];
        return new StoredEvent(
            Stream,
            FirstRevision + index,
            LogPosition.At(FirstPosition + index),
            DateTimeOffset.UnixEpoch.AddTicks(Created * TimeSpan.TicksPerMicrosecond),
            id,
            type,
            contentType,
            data.ToArray(),
            metadata.ToArray());
    }

    public StoredEvent[] All()
    {
        var all = new StoredEvent[Events.Count];
        for (var i = 0; i < all.Length; i++) all[i] = At(i);
        return all;
    }
}
