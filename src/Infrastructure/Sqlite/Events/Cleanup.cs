namespace EventSourcedStreams.Sqlite;

/// <summary>Removes the events of tombstoned streams and gives their space back, in steps so small that an append in
/// between does not notice. What is left to do stands in the database, so a restart goes on with it.</summary>
internal sealed class Cleanup
{
    private const int StepEvents = 128;
    private const int StepBytes = 1 << 20;
    private const int StepPages = 64;

    private readonly Database database;
    private readonly Statement next, events, done, freePages;
    private readonly EventRemoval removal;
    private bool isVacuuming;

    public Cleanup(Database database)
    {
        this.database = database;
        next = database.Prepare("SELECT stream FROM cleanups LIMIT 1");
        events = database.Prepare("""
            SELECT i.revision, i.position, length(r.data) + length(r.metadata)
            FROM settled i LEFT JOIN log r ON r.position = i.position WHERE i.stream = ?1 AND i.revision < 9223372036854775807
            UNION ALL
            SELECT i.revision, i.position, length(r.data) + length(r.metadata)
            FROM recent i LEFT JOIN log r ON r.position = i.position WHERE i.stream = ?1 AND i.revision < 9223372036854775807
            ORDER BY 1 LIMIT ?2
            """);
        removal = new EventRemoval(database);
        done = database.Prepare("DELETE FROM cleanups WHERE stream = ?1");
        freePages = database.Prepare("PRAGMA freelist_count");
    }

    /// <summary>One transaction of its own.</summary>
    /// <returns>False where nothing is left to do.</returns>
    public bool Step()
    {
        if (isVacuuming) return isVacuuming = VacuumStep();
        if (next.Step())
        {
            var stream = next.Int64(0);
            next.Reset();
            RemoveStep(stream);
            return true;
        }

        next.Reset();
        return isVacuuming = freePages.Number() > 0;
    }

    private void RemoveStep(long stream)
    {
        // An error on the way ends the connection, and with it the transaction.
        database.Execute("BEGIN IMMEDIATE");
        var over = new List<(long Revision, long Position)>();
        var bytes = 0L;
        events.Bind(1, stream).Bind(2, StepEvents);
        while (bytes < StepBytes && events.Step())
        {
            over.Add((events.Int64(0), events.Int64(1)));
            bytes += events.Int64(2);
        }

        events.Reset();
        foreach (var (revision, position) in over) removal.Remove(stream, revision, position);
        if (over.Count == 0) done.Bind(1, stream).Run();
        database.Execute("COMMIT");
    }

    /// <summary>Free pages go back to the file system when the write-ahead log is next copied into the
    /// database.</summary>
    private bool VacuumStep()
    {
        database.Execute($"PRAGMA incremental_vacuum({StepPages})");
        return freePages.Number() > 0;
    }
}
