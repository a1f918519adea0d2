namespace EventSourcedStreams.Sqlite;

/// <param name="Known">The stream and the revision that the index has there; null: it has nothing.</param>
internal readonly record struct RowPlace(long Position, (long Stream, long Revision)? Known);

/// <summary>Rows of the log where some cannot be read, or stand under another number than their own: by place, as the
/// table and the index know them.</summary>
internal sealed class DamagedRows(Database database, LogForm form, RowOwners owners)
{
    private readonly Statement next = database.Prepare("SELECT position FROM log NOT INDEXED WHERE position >= ?1 ORDER BY position LIMIT 1");
    private readonly Statement at = database.Prepare($"SELECT {form.Columns} FROM log r NOT INDEXED WHERE r.position = ?1");
    private readonly Statement[] ends =
    [
        database.Prepare("SELECT seq FROM sqlite_sequence WHERE name = 'log'"),
        database.Prepare("SELECT position FROM log NOT INDEXED ORDER BY position DESC LIMIT 1"),
        database.Prepare("SELECT max(position) FROM (SELECT position FROM recent UNION ALL SELECT position FROM settled)"),
    ];

    /// <summary>Behind it nothing was ever written: what two of the three places say that know it, or the least of what
    /// can be read.</summary>
    public long End => ends.Select(place => place.NumberIfReadable()).OfType<long>().Order().ToArray() switch
    {
        [_, var middle, _] => middle,
        [var least, ..] => least,
        _ => 0,
    };

    /// <summary>Every place behind <paramref name="after"/> and up to <paramref name="upTo"/> where something stands,
    /// or should.</summary>
    public IEnumerable<RowPlace> Places(long after, long upTo)
    {
        var places = owners.Between(after, upTo + 1).ToDictionary(row => row.Position, row => new RowPlace(row.Position, (row.Stream, row.Revision)));
        for (var from = after + 1; from <= upTo; from++)
        {
            if (!TryNext(from, out var position)) continue;
            if (position is not { } found || found > upTo) break;
            places.TryAdd(found, new RowPlace(found, null));
            from = found;
        }

        return places.Values.OrderBy(place => place.Position);
    }

    /// <summary>The row at a position; null: it cannot be read. Valid until the next call.</summary>
    public Statement? At(long position)
    {
        at.Reset();
        try
        {
            return at.Bind(1, position).Step() && at.Int64(EventRow.Position) == position ? at : null;
        }
        catch (DatabaseException e) when (e.IsDamage)
        {
            return null;
        }
    }

    /// <param name="position">Null: there is no further row.</param>
    /// <returns>False: what stands there cannot be read.</returns>
    private bool TryNext(long from, out long? position)
    {
        position = null;
        try
        {
            position = next.Bind(1, from).Number();
            return position is not { } found || found >= from;
        }
        catch (DatabaseException e) when (e.IsDamage)
        {
            return false;
        }
    }
}
