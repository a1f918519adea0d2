using System.Text;

namespace EventSourcedStreams.Sqlite;

/// <param name="Id">Orders the streams by when they began.</param>
/// <param name="Head">Its last revision; 2^63−1 for one with a tombstone; null where the row that says it is
/// lost.</param>
internal readonly record struct FoundName(long Id, string Name, long? Head);

/// <summary>All streams by name, a page at a time: also one whose events are gone, since its name stands in a table of
/// its own.</summary>
internal sealed class NameList(Database database)
{
    /// <summary>Rows in one page.</summary>
    private const int Rows = 512;

    private readonly Statement streams = database.Prepare("SELECT id, name, head FROM streams WHERE id > ?1 ORDER BY id LIMIT ?2");

    private readonly Statement lost = database.Prepare("""
        SELECT n.stream, n.name FROM names n
        WHERE n.name > coalesce(?1, '') AND NOT EXISTS (SELECT 1 FROM streams s WHERE s.id = n.stream AND s.name = n.name) ORDER BY n.name LIMIT ?2
        """);

    private readonly Statement written = database.Prepare("SELECT id, name, head FROM streams NOT INDEXED WHERE id = ?1");
    private readonly Statement named = database.Prepare("SELECT stream FROM names WHERE name = ?1");
    private readonly Statement indexed = database.Prepare("SELECT id FROM streams INDEXED BY streams_by_name WHERE name = ?1");

    /// <summary>By either of the two places that know a name; null where neither does.</summary>
    public FoundName? Find(string name)
    {
        if ((named.Bind(1, name).Number() ?? indexed.Bind(1, name).Number()) is not { } id) return null;
        var isIts = written.Bind(1, id).Step() && written.Text(1) == name;
        var head = isIts ? written.Int64(2) : (long?)null;
        written.Reset();
        return new FoundName(id, name, head);
    }

    /// <summary>As <c>streams</c> has them, in the order in which they began; none: there are no more.</summary>
    /// <exception cref="LogDamagedException">They do not come in their order: of a damaged page SQLite gives whatever
    /// stands there.</exception>
    public IReadOnlyList<FoundName> After(long id)
    {
        var found = new List<FoundName>();
        streams.Bind(1, id).Bind(2, Rows);
        for (var last = id; streams.Step(); found.Add(new FoundName(last, Name(streams), streams.Int64(2))))
        {
            if (streams.Int64(0) <= last) throw OutOfOrder($"number {last} is followed by number {streams.Int64(0)}");
            last = streams.Int64(0);
        }

        return found;
    }

    /// <summary>Names that only <c>names</c> has, ordinal order: damage.</summary>
    /// <param name="after">Empty, which SQLite is given as NULL, for the first page.</param>
    public IReadOnlyList<FoundName> LostAfter(string after)
    {
        var found = new List<FoundName>();
        lost.Bind(1, after).Bind(2, Rows);
        for (var last = after; lost.Step(); found.Add(new FoundName(lost.Int64(0), last, Head: null)))
        {
            var name = Name(lost);
            if (CompareUtf8(name, last) <= 0) throw OutOfOrder($"'{last}' is followed by '{name}'");
            last = name;
        }

        return found;
    }

    private static string Name(Statement row) => row.Length(1) <= EventRow.MaxNameBytes
        ? row.Text(1)
        : throw OutOfOrder($"number {row.Int64(0)} has a name of {row.Length(1)} bytes");

    /// <summary>As SQLite compares.</summary>
    private static int CompareUtf8(string one, string other) => Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other));

    private static LogDamagedException OutOfOrder(string what) => new("(names)", null, $"the database is damaged where streams are named: {what}.");
}
