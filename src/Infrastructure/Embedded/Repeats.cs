using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Infrastructure.Embedded;

/// <summary>Knows an append that is there already by the ids of its events.</summary>
internal sealed class Repeats(Database database)
{
    /// <summary>How far back a repeat of an append at any revision is looked for.</summary>
    private const int RememberedEvents = 64;

    private readonly Statement ids = database.Prepare(
        StreamIndex.Rows("r.id, r.position, i.revision", "i.stream = ?1 AND i.revision >= ?2", "3 LIMIT ?3"));

    private readonly Statement lastIds = database.Prepare(
        StreamIndex.Rows("r.id, r.position, i.revision", "i.stream = ?1", "3 DESC LIMIT ?2"));

    /// <returns>Null where it is not, or not whole, what stands at these revisions.</returns>
    public ByteAppendResult.Appended? At(KnownHead head, long first, IReadOnlyList<NewEvent> events)
    {
        if (first + (events.Count - 1) > head.Revision) return null;
        Span<byte> id = stackalloc byte[16];
        ids.Bind(1, head.Id).Bind(2, first).Bind(3, events.Count);
        var same = 0;
        var position = 0UL;
        while (same < events.Count && ids.Step())
        {
            events[same].Id.Value.TryWriteBytes(id, bigEndian: true, out _);
            if (!ids.Blob(0).SequenceEqual(id)) break;
            position = (ulong)ids.Int64(1);
            same++;
        }

        ids.Reset();
        return same == events.Count
            ? new ByteAppendResult.Appended(first + (same - 1), new LogPosition(position, position))
            : null;
    }

    public ByteAppendResult.Appended? AmongLast(KnownHead head, IReadOnlyList<NewEvent> events)
    {
        var lastOfThem = new byte[16];
        events[^1].Id.Value.TryWriteBytes(lastOfThem, bigEndian: true, out _);
        lastIds.Bind(1, head.Id).Bind(2, RememberedEvents);
        long? revision = null;
        while (revision is null && lastIds.Step())
            if (lastIds.Blob(0).SequenceEqual(lastOfThem)) revision = lastIds.Int64(2);

        lastIds.Reset();
        return revision is { } last && last - (events.Count - 1) is var first and >= 0 ? At(head, first, events) : null;
    }
}
