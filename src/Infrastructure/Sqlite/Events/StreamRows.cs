using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>What the index has of one event, and what stands there.</summary>
/// <param name="Event">Null where it cannot be read.</param>
/// <param name="Damage">Why not; or, of one that can, what is wrong with the kind that is stored with it.</param>
internal readonly record struct InspectedRow(long Revision, StoredEvent? Event, string? Damage);

/// <param name="Head">What the table of streams says, in the same transaction; null where it says nothing.</param>
internal sealed record InspectedPage(IReadOnlyList<InspectedRow> Rows, long? Head, bool AtEnd);

/// <summary>A stream's events for a search for damage: each row on its own, so that one that is lost or cannot be read
/// does not hide the next; and nothing is believed of the stream's end. Its tombstone is among them.</summary>
internal sealed class StreamRows(Database database, LogForm form, RepeatedTexts texts, SqliteEventStoreOptions options)
{
    private const int MaxRows = 512;

    private readonly Statement head = database.Prepare("SELECT head FROM streams WHERE id = ?1");

    private readonly Statement index = database.Prepare("""
        SELECT revision, position FROM settled WHERE stream = ?1 AND revision > ?2
        UNION ALL
        SELECT revision, position FROM recent WHERE stream = ?1 AND revision > ?2
        ORDER BY 1 LIMIT ?3
        """);

    private readonly Statement byPosition = database.Prepare($"SELECT {form.Columns} FROM log r WHERE r.position = ?1");

    /// <param name="after">A revision; -2 for all.</param>
    public InspectedPage After(long id, string stream, long after)
    {
        var places = new List<(long Revision, long Position)>();
        index.Bind(1, id).Bind(2, after).Bind(3, MaxRows);
        for (var last = after; index.Step(); places.Add((last, index.Int64(1))))
        {
            if (index.Int64(0) < last || (index.Int64(0) == last && places.Count == 0))
                throw new LogDamagedException(stream, null, "the database is damaged: its index does not come in its order.");
            last = index.Int64(0);
        }

        index.Reset();

        var rows = new List<InspectedRow>(places.Count);
        for (var bytes = 0; rows.Count < places.Count && bytes < options.MaxPageBytes;)
        {
            var row = Read(id, stream, places[rows.Count]);
            bytes += row.Event?.Size ?? 0;
            rows.Add(row);
        }

        return new InspectedPage(rows, head.Bind(1, id).Number(), AtEnd: places.Count < MaxRows && rows.Count == places.Count);
    }

    private InspectedRow Read(long id, string stream, (long Revision, long Position) place)
    {
        var (revision, position) = place;
        try
        {
            if (!byPosition.Bind(1, position).Step())
                return new InspectedRow(revision, null, $"the index names position {position}, where nothing stands.");
            var stored = byPosition.InspectAs(texts, id, stream, revision);
            return new InspectedRow(revision, stored, byPosition.KindDamage(stored.Type));
        }
        catch (LogDamagedException e)
        {
            return new InspectedRow(revision, null, e.What);
        }
        catch (DatabaseException e) when (e.IsDamage)
        {
            return new InspectedRow(revision, null, $"the database is damaged where this is read ({e.Message}).");
        }
        finally
        {
            byPosition.Reset();
        }
    }
}
