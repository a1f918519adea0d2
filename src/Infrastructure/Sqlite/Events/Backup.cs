namespace EventSourcedStreams.Sqlite;

internal static class Backup
{
    /// <summary>Copies the database as it is now into a file of its own, beside running appends and reads.</summary>
    public static void Write(string database, string file, TimeSpan busyTimeout, CancellationToken ct)
    {
        var target = Path.GetFullPath(file);
        if (File.Exists(target)) throw new IOException($"{target} is there already; a backup never overwrites anything.");
        var unfinished = target + ".unfinished";
        File.Delete(unfinished);
        try
        {
            using (var connection = Database.Open(database, busyTimeout))
            using (ct.Register(connection.Interrupt))
                connection.Prepare("VACUUM INTO ?1").Bind(1, unfinished).Run();

            // SQLite does not sync what it vacuums into.
            DurableFile.Sync(unfinished);
            File.Move(unfinished, target, overwrite: false);
            DurableFile.SyncFolder(Path.GetDirectoryName(target)!);
        }
        catch (DatabaseException e)
        {
            File.Delete(unfinished);
            ct.ThrowIfCancellationRequested();
            throw new IOException($"The backup to {target} failed: {e.Message}", e);
        }
    }
}
