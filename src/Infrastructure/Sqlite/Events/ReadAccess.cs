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

    /// <param name="opened">Its connection stays open: as long as one is open, no other removes the write-ahead log, so
    /// that opening a further one makes no file.</param>
    private ReadAccess(string file, (Database Anchor, IReadOnlyList<SchemaDifference> Differences) opened, PrivateCopy? copy) =>
        (File, anchor, Differences, this.copy) = (file, opened.Anchor, opened.Differences, copy);

    public string File { get; }

    /// <summary>Of the schema, such as do not keep it from being read.</summary>
    public IReadOnlyList<SchemaDifference> Differences { get; }

    public bool IsCopy => copy is not null;

    public static ReadAccess Open(SqliteEventStoreReaderOptions options, TimeSpan busyTimeout, CancellationToken ct)
    {
        var folder = Path.GetDirectoryName(options.File)!;
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            ct.ThrowIfCancellationRequested();
            if (FolderLock.IsTaken(folder))
            {
                var opened = OpenChecked(options.File, options.File, busyTimeout);
                if (FolderLock.IsTaken(folder)) return new ReadAccess(options.File, opened, copy: null);
                opened.Anchor.Dispose();
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

    /// <summary>One more connection; the schema may have been changed since the first one.</summary>
    public Database OpenFurther(TimeSpan busyTimeout) => OpenChecked(File, File, busyTimeout).Anchor;

    /// <exception cref="ForeignSchemaException">Its tables are not ours.</exception>
    private static (Database Anchor, IReadOnlyList<SchemaDifference> Differences) OpenChecked(string file, string original, TimeSpan busyTimeout) =>
        Database.OpenUntrusted(file, busyTimeout).Into(database =>
        {
            Schema.RequireReadable(database, original);

            // Reads the database itself, not only its header: from here on it holds SQLite's shared lock.
            var differences = SchemaCheck.Compare(database);
            return differences.Any(difference => difference.PreventsReading)
                ? throw new ForeignSchemaException(original, [.. differences.OrderByDescending(difference => difference.PreventsReading)])
                : (database, differences);
        });
}
