namespace EventSourcedStreams.Sqlite;

/// <summary>
/// The database and its write-ahead log as they were opened, against what stands under their names. SQLite writes on
/// into a file that has been removed, and what it says is durable is gone with the process. Not for two threads at
/// once.
/// </summary>
internal sealed class LogFiles : IDisposable
{
    private const int WalHeaderBytes = 32, FrameHeaderBytes = 24;

    private readonly FileIdentity.FileName database, wal;
    private readonly FileIdentity databaseFile, walFile;
    private readonly Database anchor;
    private readonly Statement pageCount;
    private readonly long pageBytes;
    private long leastPages, seenWalBytes;

    private LogFiles(string path, Database anchor)
    {
        (database, wal, this.anchor) = (new(path), new(path + "-wal"), anchor);
        pageBytes = anchor.Number("PRAGMA page_size") ?? 0;
        pageCount = anchor.Prepare("PRAGMA page_count");
        var pages = pageCount.Number() ?? 0;
        (databaseFile, var bytes) = FileIdentity.Of(database) ?? throw Lost(database);
        (walFile, seenWalBytes) = FileIdentity.Of(wal) ?? throw Lost(wal);
        leastPages = Math.Min(pages, bytes / pageBytes);
    }

    /// <summary>Holds a connection, so that as long as it is there the write-ahead log is the same file.</summary>
    public static LogFiles Open(string path, TimeSpan busyTimeout) => Database.OpenExisting(path, busyTimeout).Into(anchor =>
    {
        _ = anchor.Number("SELECT count(*) FROM sqlite_master");
        return new LogFiles(path, anchor);
    });

    /// <exception cref="LogFileLostException">One of the two is not what was opened, or shorter than what was written
    /// to it.</exception>
    public void RequireWhole()
    {
        RequireDatabase(Bytes(database, databaseFile));
        RequireWal();
    }

    /// <summary>Enough before a commit: a write-ahead log that has not become shorter has lost nothing since it was
    /// last found whole.</summary>
    /// <exception cref="LogFileLostException">As <see cref="RequireWhole"/>.</exception>
    public void RequireNoLoss()
    {
        RequireDatabase(Bytes(database, databaseFile));
        if (Bytes(wal, walFile) < seenWalBytes) RequireWal();
    }

    /// <summary>Only that they are there: the least that an acknowledgement needs.</summary>
    public void RequireNames()
    {
        _ = Bytes(database, databaseFile);
        seenWalBytes = Math.Max(seenWalBytes, Bytes(wal, walFile));
    }

    /// <summary>Everything in the write-ahead log has been copied into the database, and nothing written
    /// since.</summary>
    public void Copied() => leastPages = pageCount.Number() ?? leastPages;

    /// <summary>A commit may have given pages back.</summary>
    public void MayHaveShrunk() => leastPages = Math.Min(leastPages, pageCount.Number() ?? leastPages);

    public void Dispose() => anchor.Dispose();

    private static long Bytes(FileIdentity.FileName name, FileIdentity opened) =>
        FileIdentity.Of(name) is not { } found ? throw Lost(name)
        : found.Identity != opened ? throw Replaced(name)
        : found.Bytes;

    private void RequireWal()
    {
        var bytes = Bytes(wal, walFile);
        if (bytes < NeededWalBytes())
        {
            // A tool may have emptied it just now.
            bytes = Bytes(wal, walFile);
            if (bytes < NeededWalBytes()) throw Cut(wal, bytes);
        }

        // Of a whole one alone: the next look has to find the loss of a cut one too.
        seenWalBytes = bytes;
    }

    private long NeededWalBytes() =>
        anchor.WalFrames() is var frames and > 0 ? WalHeaderBytes + (frames * (FrameHeaderBytes + pageBytes)) : 0;

    /// <summary>A tool may have vacuumed it: then its own number of pages says so.</summary>
    private void RequireDatabase(long bytes)
    {
        if (bytes >= leastPages * pageBytes) return;
        var pages = pageCount.Number() ?? leastPages;
        if (bytes < pages * pageBytes) throw Cut(database, bytes);
        leastPages = pages;
    }

    // Their folder is not named: health answers any client.
    private static LogFileLostException Lost(FileIdentity.FileName file) =>
        new($"{Path.GetFileName(file.Path)} has been removed or moved under the running server.");

    private static LogFileLostException Replaced(FileIdentity.FileName file) =>
        new($"Another file stands in the place of {Path.GetFileName(file.Path)} than the one that the running server has open.");

    private static LogFileLostException Cut(FileIdentity.FileName file, long bytes) =>
        new($"{Path.GetFileName(file.Path)} has been cut to {bytes} bytes under the running server.");
}
