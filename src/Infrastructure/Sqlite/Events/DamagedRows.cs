using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>Finds the way past rows of the log that cannot be read: on a lost page stand some dozens, behind a lost inner
/// page some thousands.</summary>
internal sealed class DamagedRows(Database database, LogForm form, RowOwners owners)
{
    /// <summary>After so many places that cannot be read, every second is tried, then every third, …</summary>
    private const int TriedOneByOne = 4096;

    private readonly Statement next = database.Prepare(
        $"SELECT {form.Columns} FROM log r NOT INDEXED WHERE r.position >= ?1 ORDER BY r.position LIMIT 1");

    private readonly Statement end = database.Prepare("SELECT seq FROM sqlite_sequence WHERE name = 'log'");

    /// <summary>The first row from a position on; null: there is none, or it cannot be read. Valid until the next
    /// call.</summary>
    public Statement? Next(long from) => TryNext(from, out var isThere) && isThere ? next : null;

    /// <summary>Whether nothing stands behind a position. That there is no row is what a damaged page may say, too: the
    /// index has to know of none.</summary>
    public bool IsAtEnd(long position) =>
        position >= (end.Number() ?? 0)
        || (TryNext(position + 1, out var isThere) && !isThere && owners.Between(position, long.MaxValue) is []);

    /// <returns>What the index knows of the rows that cannot be read behind a position, and up to which position that
    /// goes.</returns>
    public (IEnumerable<StoredEvent> Rows, long Upto) Lost(long after)
    {
        var last = end.Number() ?? after + 1;
        var from = after + 1;
        for (var tries = 1; from <= last && !TryNext(from, out _); tries++) from += 1 + (tries / TriedOneByOne);
        var before = from > last ? last + 1 : TryNext(from, out var isThere) && isThere ? next.Int64(EventRow.Position) : last + 1;
        return (owners.Between(after, before).Select(Unreadable).OfType<StoredEvent>(), before - 1);
    }

    private StoredEvent? Unreadable((long Stream, long Revision, long Position) row) => owners.Doubted(row.Stream, row.Revision) is { } owner
        ? StoredEvent.Unreadable(owner.Stream, owner.Revision, new LogPosition((ulong)row.Position, (ulong)row.Position))
        : null;

    /// <returns>False: what stands there cannot be read.</returns>
    private bool TryNext(long from, out bool isThere)
    {
        isThere = false;
        try
        {
            next.Reset();
            isThere = next.Bind(1, from).Step();
            if (isThere && next.Int64(EventRow.Position) < from) return false;
            return true;
        }
        catch (DatabaseException e) when (e.IsDamage)
        {
            return false;
        }
    }
}
