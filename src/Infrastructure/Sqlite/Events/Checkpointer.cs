using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace EventSourcedStreams.Sqlite;

/// <summary>
/// Copies the write-ahead log into the database, beside the writer. Under steady load the writer is always a commit
/// ahead, so that the write-ahead log would never begin anew: past a bound the writer waits, between two commits, for
/// the little that is left to copy.
/// </summary>
internal sealed class Checkpointer : IDisposable
{
    private const int PageBytes = 8192;

    /// <summary>How long the writer may be kept waiting for readers to leave the write-ahead log; then it is tried
    /// again later.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly object signal = new();
    private readonly CommitGate gate;
    private readonly LogFiles files;
    private readonly string path;
    private readonly SqliteEventStoreOptions options;
    private readonly ILogger logger;
    private readonly Thread thread;
    private Database? database;
    private long waitingPages;
    private int heldAt;
    private bool isEmptied, isStopping;

    /// <param name="files">Used between commits only.</param>
    public Checkpointer(string path, SqliteEventStoreOptions options, CommitGate gate, LogFiles files, ILogger logger)
    {
        (this.path, this.options, this.gate, this.files, this.logger) = (path, options, gate, files, logger);
        thread = new Thread(Run) { IsBackground = true, Name = "log checkpoints" };
        thread.Start();
    }

    public void AddPages(int pages)
    {
        lock (signal)
        {
            var before = waitingPages;
            waitingPages += pages;
            isEmptied = false;
            if (before == 0 || IsDue) Monitor.Pulse(signal);
        }
    }

    /// <summary>After the writer has ended: leaves an empty write-ahead log if it can.</summary>
    public void Dispose()
    {
        lock (signal)
        {
            isStopping = true;
            Monitor.Pulse(signal);
        }

        thread.Join();
        database?.Dispose();
    }

    private bool IsDue => waitingPages * PageBytes >= options.CheckpointBytes;

    private void Run()
    {
        while (WaitForWork() is { } work)
        {
            try
            {
                gate.BetweenCommits(files.RequireWhole);
                database ??= Open();
                if (work == Work.Copy) Copy(database);
                else Empty(database);
            }
            catch (Exception e) when (e is DatabaseException or LogFileLostException)
            {
                // The log goes on in the write-ahead log; the next commit asks again.
                SqliteEventStoreMessages.CheckpointFailed(logger, e.Message);
                database?.Dispose();
                database = null;
            }

            if (work == Work.EmptyAndStop) return;
        }
    }

    private Work? WaitForWork()
    {
        lock (signal)
        {
            while (true)
            {
                if (isStopping) return Work.EmptyAndStop;
                if (IsDue)
                {
                    waitingPages = 0;
                    return Work.Copy;
                }

                var before = waitingPages;
                if (isEmptied) Monitor.Wait(signal);
                else if (!Monitor.Wait(signal, options.IdleAfter) && waitingPages == before)
                {
                    waitingPages = 0;
                    isEmptied = true;
                    return Work.Empty;
                }
            }
        }
    }

    private void Copy(Database database)
    {
        database.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE, TimeSpan.Zero, out var pages);
        var bound = options.MaxWalBytes / PageBytes;
        if (pages < heldAt) heldAt = 0;
        if (pages < bound + heldAt) return;

        // A backup or a tool may read for long. Then it grows for as long, and the writer is not made to wait at each
        // turn.
        gate.BetweenCommits(() =>
        {
            var isComplete = database.Checkpoint(raw.SQLITE_CHECKPOINT_RESTART, Patience, out _);
            heldAt = isComplete ? 0 : pages;
            if (isComplete) files.Copied();
        });
    }

    private void Empty(Database database)
    {
        database.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE, TimeSpan.Zero, out _);
        var isComplete = false;
        gate.BetweenCommits(() =>
        {
            isComplete = database.Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE, Patience, out _);
            if (isComplete) files.Copied();
        });
        if (isComplete) return;
        lock (signal) isEmptied = false;
    }

    private Database Open()
    {
        var opened = Database.OpenExisting(path, TimeSpan.Zero);
        try
        {
            opened.Execute("PRAGMA synchronous=FULL; PRAGMA journal_size_limit=16777216");
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private enum Work
    {
        Copy,
        Empty,
        EmptyAndStop,
    }
}
