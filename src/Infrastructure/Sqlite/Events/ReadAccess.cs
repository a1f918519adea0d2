namespace EventSourcedStreams.Sqlite;

/// <summary>
/// Where a log is read: in place beside the server that has it, else in a private copy. Which of the two is known by
/// the folder's lock: a server holds it from before its first write until after its last, however it ends.
/// </summary>
internal sealed class ReadAccess : IDisposable
{
    /// <summary>Servers come and go, or another program writes without one; not for ever while this looks.</summary>
    private const int Attempts = 5;

    private readonly Database anchor;
    private readonly PrivateCopy? copy;

    /// <param name="anchor">Stays open: as long as one connection is open, no other removes the write-ahead log, so
    /// that opening a further one makes no file.</param>
    private ReadAccess(string file, Database anchor, PrivateCopy? copy) => (File, this.anchor, this.copy) = (file, anchor, copy);

    public string File { get; }

    public bool IsCopy => copy is not null;

    public static ReadAccess Open(SqliteEventStoreReaderOptions options, TimeSpan busyTimeout, CancellationToken ct)
    {
        var folder = Path.GetDirectoryName(options.File)!;
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            ct.ThrowIfCancellationRequested();
            if (FolderLock.IsTaken(folder))
            {
                var anchor = OpenChecked(options.File, options.File, busyTimeout);
                if (FolderLock.IsTaken(folder)) return new ReadAccess(options.File, anchor, copy: null);
                anchor.Dispose();
            }
            else if (PrivateCopy.TryMake(options, ct) is { } copy)
            {
                try
                {
                    return new ReadAccess(copy.File, OpenChecked(copy.File, options.File, busyTimeout), copy);
                }
                catch
                {
                    copy.Dispose();
                    throw;
                }
            }
        }

        throw new SqliteEventStoreRefusedException(
            $"{options.File} is being changed by a program that is not its server. Wait until that has ended, and try again.");
    }

    public void Dispose()
    {
        anchor.Dispose();
        copy?.Dispose();
    }

    private static Database OpenChecked(string file, string original, TimeSpan busyTimeout)
    {
        var database = Database.OpenReadOnly(file, busyTimeout);
        try
        {
            Schema.RequireReadable(database, original);

            // Reads the database itself, not only its header: from here on it holds SQLite's shared lock.
            _ = database.Number("SELECT count(*) FROM sqlite_master");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }
}
