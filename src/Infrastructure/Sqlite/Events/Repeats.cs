using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>Knows an append that is there already by the ids of its events.</summary>
internal sealed class Repeats(Database database)
{
    /// <summary>How far back a repeat of an append at any revision is looked for.</summary>
    private const int RememberedEvents = 64;

    private readonly Statement ids = database.Prepare(
        StreamIndex.Rows("r.id, r.position, i.revision", "i.stream = ?1 AND i.revision >= ?2", "3 LIMIT ?3"));

    private readonly Statement lastIds = database.Prepare(
        StreamIndex.Rows("r.id, r.position, i.revision", "i.stream = ?1", "3 DESC LIMIT ?2"));

    private readonly byte[] first = new byte[16], last = new byte[16];

    /// <returns>Null where it is not, or not whole, what stands at these revisions.</returns>
    public AppendOutcome.Appended? At(KnownHead head, long first, IReadOnlyList<NewEvent> events)
    {
        if (first + (events.Count - 1) > head.Revision) return null;
        Span<byte> id = stackalloc byte[16];
        ids.Bind(1, head.Id).Bind(2, first).Bind(3, events.Count);
        var same = 0;
        var position = 0L;
        while (same < events.Count && ids.Step())
        {
            events[same].Id.Value.TryWriteBytes(id, bigEndian: true, out _);
            if (ids.Int64(2) != first + same || !ids.Blob(0).SequenceEqual(id)) break;
            position = ids.Int64(1);
            same++;
        }

        ids.Reset();
        return same == events.Count
            ? new AppendOutcome.Appended(first + (same - 1), LogPosition.At(position))
            : null;
    }

    /// <summary>An append that is bound to no revision.</summary>
    /// <returns>Null: nothing of it is there. A conflict: it begins with what is there, and goes on with what is
    /// not.</returns>
    public AppendOutcome? AmongLast(KnownHead head, IReadOnlyList<NewEvent> events)
    {
        events[0].Id.Value.TryWriteBytes(first, bigEndian: true, out _);
        events[^1].Id.Value.TryWriteBytes(last, bigEndian: true, out _);
        lastIds.Bind(1, head.Id).Bind(2, RememberedEvents);
        var isKnown = false;
        while (!isKnown && lastIds.Step()) isKnown = lastIds.Blob(0).SequenceEqual(first) || lastIds.Blob(0).SequenceEqual(last);
        lastIds.Reset();
        return isKnown ? Compare(head, events) : null;
    }

    private AppendOutcome? Compare(KnownHead head, IReadOnlyList<NewEvent> events)
    {
        var known = new Dictionary<Guid, (long Revision, long Position)>();
        lastIds.Bind(1, head.Id).Bind(2, RememberedEvents + events.Count);
        while (lastIds.Step()) known.TryAdd(new Guid(lastIds.Blob(0), bigEndian: true), (lastIds.Int64(2), lastIds.Int64(1)));
        lastIds.Reset();
        if (!known.ContainsKey(events[0].Id.Value)) return null;
        if (events.Any(next => !known.ContainsKey(next.Id.Value))) return new AppendOutcome.Lost(head.Revision);
        var (revision, position) = known[events[^1].Id.Value];
        return new AppendOutcome.Appended(revision, LogPosition.At(position));
    }
}
