using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>Puts events into the log and its index, in the open transaction.</summary>
internal sealed class EventInsert(Database database)
{
    private readonly Statement log = database.Prepare("""
        INSERT INTO log (stream, revision, id, type, content_type, created, data, metadata, kind)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """);

    private readonly Statement index = database.Prepare("INSERT INTO recent (stream, revision, position) VALUES (?1, ?2, ?3)");
    private string? boundType, boundContentType;

    /// <param name="first">The first event's revision.</param>
    /// <returns>The last event's position.</returns>
    public long Run(long stream, long first, long created, IReadOnlyList<NewEvent> events)
    {
        Span<byte> id = stackalloc byte[16];
        log.Bind(1, stream).Bind(6, created);
        index.Bind(1, stream);
        var last = 0L;
        for (var i = 0; i < events.Count; i++)
        {
            var (eventId, type, contentType, data, metadata) = events[i];
            eventId.Value.TryWriteBytes(id, bigEndian: true, out _);
            log.Bind(2, first + i).Bind(3, id).Bind(7, data.Span).Bind(8, metadata.Span);
            BindTypes(type, contentType);
            log.Run();
            last = database.LastInserted;
            index.Bind(2, first + i).Bind(3, last).Run();
        }

        return last;
    }

    /// <summary>What is bound stays bound, and they are mostly the same as the last event's.</summary>
    private void BindTypes(string type, string contentType)
    {
        if (type != boundType) log.Bind(4, boundType = type).Bind(9, EventKinds.Find(type)?.Stored);
        if (contentType != boundContentType) log.Bind(5, boundContentType = contentType);
    }
}
