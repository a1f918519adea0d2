using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Testing;

/// <summary>One stream of an <see cref="InMemoryStore"/>, which guards it.</summary>
internal sealed class InMemoryStream
{
    private readonly List<StoredEvent> events = [];

    /// <summary>The last revision ever written; -1 for none.</summary>
    public long Last { get; private set; } = -1;

    public bool IsTombstoned { get; private set; }

    public StreamLimits Limits { get; set; } = new(MaxCount: null, MaxAge: null);

    public void Add(StoredEvent stored)
    {
        events.Add(stored);
        Last = stored.Revision;
    }

    /// <summary>The last event of the same append made earlier; null where it was not.</summary>
    public StoredEvent? FindRepeat(ExpectedRevision expected, IReadOnlyList<NewEvent> append)
    {
        var newest = events.Count - append.Count;
        var first = expected.IsLoose
            ? events.FindLastIndex(e => e.Id == append[0].Id)
            : events.FindIndex(e => e.Revision == expected.Value + 1);
        return first >= 0 && first <= newest && append.Index().All(e => events[first + e.Index].Id == e.Item.Id)
            ? events[first + append.Count - 1]
            : null;
    }

    /// <summary>Null where none stands there, or it was removed.</summary>
    public StoredEvent? Find(long revision) =>
        events is [var oldest, ..] && revision >= oldest.Revision && revision <= Last ? events[(int)(revision - oldest.Revision)] : null;

    public StoreRead Read(long from, bool forward, int maxCount)
    {
        if (IsTombstoned) return new StoreRead.Tombstoned();
        if (Last < 0) return new StoreRead.Missing();

        // Revisions have no gap: where an event stands follows from the first one's.
        var first = events is [var oldest, ..] ? oldest.Revision : Last + 1;
        if (forward)
        {
            var start = (int)Math.Clamp(from - first, 0, events.Count);
            var count = Math.Min(maxCount, events.Count - start);
            return new StoreRead.Page(events.GetRange(start, count), AtEnd: start + count == events.Count);
        }
        else
        {
            var end = (int)Math.Clamp(Math.Min(from, Last) - first + 1, 0, events.Count);
            var count = Math.Min(maxCount, end);
            return new StoreRead.Page([.. events.GetRange(end - count, count).AsEnumerable().Reverse()], AtEnd: end == count);
        }
    }

    /// <summary>Removes what is too old or too much, and says what that was.</summary>
    public IReadOnlyList<StoredEvent> RemoveOverLimit(DateTimeOffset now)
    {
        var kept = Math.Min(Limits.MaxCount ?? int.MaxValue, events.Count);
        if (Limits.MaxAge is { } maxAge) kept = Math.Min(kept, events.Count(e => now - e.Created <= maxAge));
        return RemoveFirst(events.Count - kept);
    }

    /// <summary>Removes all, for ever.</summary>
    public IReadOnlyList<StoredEvent> Tombstone()
    {
        IsTombstoned = true;
        return RemoveFirst(events.Count);
    }

    private List<StoredEvent> RemoveFirst(int count)
    {
        var taken = events[..count];
        events.RemoveRange(0, count);
        return taken;
    }
}
