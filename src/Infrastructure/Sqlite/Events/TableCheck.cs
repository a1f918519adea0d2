using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <param name="Stream">The name in the log; null where it is known of none.</param>
internal sealed record TableDamage(string? Stream, long? Revision, string Expected, string Found);

/// <summary>
/// What is wrong between the tables, and that reading stream by stream does not show: rows of the log that no index
/// names, streams without a name, one event in two places, removals of streams that were never deleted, values of
/// another type than their column's. SQLite's own check sees none of it. Each question is one statement, so a server
/// may write meanwhile.
/// </summary>
internal static class TableCheck
{
    /// <summary>Of the log, so that looking up a million rows in the index does not read it anew each time.</summary>
    private const string Setting = "PRAGMA query_only=ON; PRAGMA cell_size_check=ON; PRAGMA cache_size=-32768";

    /// <summary>Each answers: stream's number, its name, a revision, a number to be said.</summary>
    private static readonly (string Sql, string Expected, string Found)[] Questions =
    [
        ("""
         SELECT r.stream, s.name, r.revision, r.position FROM log r LEFT JOIN streams s ON s.id = r.stream
         WHERE NOT EXISTS (SELECT 1 FROM settled i WHERE i.stream = r.stream AND i.revision = r.revision AND i.position = r.position)
           AND NOT EXISTS (SELECT 1 FROM recent i WHERE i.stream = r.stream AND i.revision = r.revision AND i.position = r.position)
         ORDER BY r.position LIMIT ?1
         """,
         "an entry in the index for each row of the log", "the row at position {0}, which the index does not name"),
        (Nameless("settled"), "a name for every stream", "{0} events of a stream that has none"),
        (Nameless("recent"), "a name for every stream", "{0} events of a stream that has none"),
        ("""
         SELECT s.id, s.name, NULL, s.id FROM streams s
         WHERE NOT EXISTS (SELECT 1 FROM names n WHERE n.name = s.name AND n.stream = s.id) ORDER BY s.id LIMIT ?1
         """,
         "the name in both tables of names", "stream number {0}, which one of them does not know by this name"),
        ("""
         SELECT n.stream, n.name, NULL, n.stream FROM names n
         WHERE NOT EXISTS (SELECT 1 FROM streams s WHERE s.id = n.stream AND s.name = n.name) ORDER BY n.name LIMIT ?1
         """,
         "the name in both tables of names", "it stands for stream number {0} in one, and not in the other"),
        ("""
         SELECT i.stream, s.name, i.revision, i.position
         FROM recent i JOIN settled t ON t.stream = i.stream AND t.revision = i.revision LEFT JOIN streams s ON s.id = i.stream LIMIT ?1
         """,
         "one entry in the index", "two, one of them for position {0}"),
        ($"""
         SELECT c.stream, s.name, NULL, c.stream FROM cleanups c LEFT JOIN streams s ON s.id = c.stream
         WHERE s.head IS NOT {StoredEvent.TombstoneRevision} LIMIT ?1
         """,
         "events to be removed only where there is a tombstone",
         "stream number {0} is marked to be removed, which the next start of a server does, and has no tombstone"),
        ($"""
         SELECT s.id, s.name, NULL, s.id FROM streams s
         WHERE s.head = {StoredEvent.TombstoneRevision} AND s.id NOT IN (SELECT stream FROM cleanups)
           AND (EXISTS (SELECT 1 FROM settled i WHERE i.stream = s.id AND i.revision < {StoredEvent.TombstoneRevision})
             OR EXISTS (SELECT 1 FROM recent i WHERE i.stream = s.id AND i.revision < {StoredEvent.TombstoneRevision})) LIMIT ?1
         """,
         "events of a deleted stream to be marked to be removed", "stream number {0} has events, and no server would remove them"),
        ("""
         SELECT r.stream, s.name, r.revision, r.position FROM log r LEFT JOIN streams s ON s.id = r.stream
         WHERE typeof(r.stream) <> 'integer' OR typeof(r.revision) <> 'integer' OR typeof(r.created) <> 'integer'
           OR typeof(r.id) <> 'blob' OR typeof(r.type) <> 'text' OR typeof(r.content_type) <> 'text'
           OR typeof(r.data) <> 'blob' OR typeof(r.metadata) <> 'blob'
         ORDER BY r.position LIMIT ?1
         """,
         "numbers, texts and bytes, each in its column", "a value of another type in the row at position {0}"),
        ("SELECT id, name, NULL, id FROM streams WHERE typeof(name) <> 'text' OR typeof(head) <> 'integer' ORDER BY id LIMIT ?1",
         "numbers, texts and bytes, each in its column", "a value of another type in the row of stream number {0}"),
    ];

    public static IReadOnlyList<TableDamage> Run(string file, int max, CancellationToken ct)
    {
        using var database = Database.OpenUntrusted(file, TimeSpan.FromSeconds(2));
        using var interrupting = ct.Register(database.Interrupt);
        var found = new List<TableDamage>();
        foreach (var (sql, expected, what) in Questions)
        {
            ct.ThrowIfCancellationRequested();
            try
            {
                database.RenewBudget();
                database.Execute(Setting);
                var rows = database.Prepare(sql).Bind(1, max);
                while (rows.Step())
                {
                    found.Add(new TableDamage(
                        NameOf(rows),
                        rows.IsNull(2) ? null : rows.Int64(2),
                        expected,
                        string.Format(System.Globalization.CultureInfo.InvariantCulture, what, rows.Int64(3))));
                }

                rows.Reset();
            }
            catch (DatabaseException) when (ct.IsCancellationRequested)
            {
                ct.ThrowIfCancellationRequested();
            }
            catch (DatabaseException e)
            {
                if (!e.IsDamage) throw new LogUnavailableException($"The log cannot be checked: {e.Message}", e);
                found.Add(new TableDamage(null, null, expected, $"it cannot be found out ({e.Message})"));
            }
        }

        return found;
    }

    private static string? NameOf(Statement row) => row.IsNull(1) ? row.IsNull(0) ? null : $"(stream {row.Int64(0)})"
        : row.Length(1) <= EventRow.MaxNameBytes ? row.Text(1) : $"(stream {row.Int64(0)}, with a name of {row.Length(1)} bytes)";

    private static string Nameless(string index) => $"""
        SELECT i.stream, NULL, min(i.revision), count(*) FROM {index} i
        WHERE i.stream NOT IN (SELECT id FROM streams) AND i.stream NOT IN (SELECT stream FROM names) GROUP BY i.stream LIMIT ?1
        """;
}
