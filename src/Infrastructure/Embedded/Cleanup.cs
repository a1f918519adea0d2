namespace EventSourcedStreams.Infrastructure.Embedded;

/// <summary>Removes the events of tombstoned streams and gives their space back, in steps so small that an append in between does not
/// notice. What is left to do stands in the database, so a restart goes on with it.</summary>
internal sealed class Cleanup
{
    private const int StepEvents = 128;
    private const int StepBytes = 1 << 20;
    private const int StepPages = 64;

    private readonly Database database;
    private readonly Statement next, events, delete, done, freePages;
    private bool isVacuuming;

    public Cleanup(Database database)
    {
        this.database = database;
        next = database.Prepare("SELECT stream FROM cleanups LIMIT 1");
        events = database.Prepare("""
            SELECT position, length(data) + length(metadata) FROM events
            WHERE stream = ?1 AND revision < 9223372036854775807 ORDER BY revision LIMIT ?2
            """);
        delete = database.Prepare("DELETE FROM events WHERE position = ?1");
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
            var stream = next.Utf8(0).ToArray();
            next.Reset();
            RemoveStep(stream);
            return true;
        }

        next.Reset();
        return isVacuuming = freePages.Number() > 0;
    }

    private void RemoveStep(byte[] stream)
    {
        // An error on the way ends the connection, and with it the transaction.
        database.Execute("BEGIN IMMEDIATE");
        var positions = new List<long>();
        var bytes = 0L;
        events.BindUtf8(1, stream).Bind(2, StepEvents);
        while (bytes < StepBytes && events.Step())
        {
            positions.Add(events.Int64(0));
            bytes += events.Int64(1);
        }

        events.Reset();
        foreach (var position in positions) delete.Bind(1, position).Run();
        if (positions.Count == 0) done.BindUtf8(1, stream).Run();
        database.Execute("COMMIT");
    }

    /// <summary>Free pages go back to the file system when the write-ahead log is next copied into the database.</summary>
    private bool VacuumStep()
    {
        database.Execute($"PRAGMA incremental_vacuum({StepPages})");
        return freePages.Number() > 0;
    }
}
