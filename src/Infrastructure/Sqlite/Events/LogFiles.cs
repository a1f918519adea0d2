namespace EventSourcedStreams.Sqlite;

/// <summary>
/// The database and its write-ahead log as they were opened, against what stands under their names. SQLite writes on
/// into a file that has been removed, and what it says is durable is gone with the process. Not for two threads at
/// once.
/// </summary>
internal sealed class LogFiles : IDisposable
{
    private const int WalHeaderBytes = 32, FrameHeaderBytes = 24;

    private readonly string path;
    private readonly FileIdentity databaseFile, walFile;
    private readonly Database anchor;
    private readonly Statement pageCount;
    private readonly long pageBytes;
    private long leastPages;

    private LogFiles(string path, Database anchor)
    {
        (this.path, this.anchor) = (path, anchor);
        pageBytes = anchor.Number("PRAGMA page_size") ?? 0;
        pageCount = anchor.Prepare("PRAGMA page_count");
        var pages = pageCount.Number() ?? 0;
        (databaseFile, var bytes) = FileIdentity.Of(path) ?? throw Lost(path);
        (walFile, _) = FileIdentity.Of(path + "-wal") ?? throw Lost(path + "-wal");
        leastPages = Math.Min(pages, bytes / pageBytes);
    }

    /// <summary>Holds a connection, so that as long as it is there the write-ahead log is the same file.</summary>
    public static LogFiles Open(string path, TimeSpan busyTimeout)
    {
        var anchor = Database.OpenExisting(path, busyTimeout);
        try
        {
            _ = anchor.Number("SELECT count(*) FROM sqlite_master");
            return new LogFiles(path, anchor);
        }
        catch
        {
            anchor.Dispose();
            throw;
        }
    }

    /// <exception cref="LogFileLostException">One of the two is not what was opened, or shorter than what was written
    /// to it.</exception>
    public void RequireWhole()
    {
        var (databaseBytes, walBytes) = RequireNames();
        if (databaseBytes < leastPages * pageBytes) RequireDatabase(databaseBytes);
        if (walBytes >= NeededWalBytes()) return;

        // A tool may have emptied it just now.
        (_, walBytes) = RequireNames();
        if (walBytes < NeededWalBytes()) throw Cut(path + "-wal", walBytes);
    }

    /// <summary>Only that they are there: the least that an acknowledgement needs.</summary>
    public (long DatabaseBytes, long WalBytes) RequireNames() => (Bytes(path, databaseFile), Bytes(path + "-wal", walFile));

    /// <summary>Everything in the write-ahead log has been copied into the database, and nothing written
    /// since.</summary>
    public void Copied() => leastPages = pageCount.Number() ?? leastPages;

    /// <summary>A commit may have given pages back.</summary>
    public void MayHaveShrunk() => leastPages = Math.Min(leastPages, pageCount.Number() ?? leastPages);

    public void Dispose() => anchor.Dispose();

    private static long Bytes(string name, FileIdentity opened) =>
        FileIdentity.Of(name) is not { } found ? throw Lost(name)
        : found.Identity != opened ? throw Replaced(name)
        : found.Bytes;

    private long NeededWalBytes() =>
        anchor.WalFrames() is var frames and > 0 ? WalHeaderBytes + (frames * (FrameHeaderBytes + pageBytes)) : 0;

    /// <summary>A tool may have vacuumed it: then its own number of pages says so.</summary>
    private void RequireDatabase(long bytes)
    {
        var pages = pageCount.Number() ?? leastPages;
        if (bytes < pages * pageBytes) throw Cut(path, bytes);
        leastPages = pages;
    }

    // Their folder is not named: health answers any client.
    private static LogFileLostException Lost(string file) => new($"{Path.GetFileName(file)} has been removed or moved under the running server.");

    private static LogFileLostException Replaced(string file) =>
        new($"Another file stands in the place of {Path.GetFileName(file)} than the one that the running server has open.");

    private static LogFileLostException Cut(string file, long bytes) =>
        new($"{Path.GetFileName(file)} has been cut to {bytes} bytes under the running server.");
}

/// <summary>What the server writes would not be there after it ends.</summary>
internal sealed class LogFileLostException(string what)
    : Exception(what + " Nothing more is saved. Stop the server, put log.db and log.db-wal back or restore a backup, and start again.");
