using System.Diagnostics;
using System.Globalization;
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

    /// <summary>One failure may be a moment's; so many in a row are trouble.</summary>
    private const int FailuresBeforeTrouble = 3;

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
    private int failures;
    private volatile string? trouble;

    /// <param name="files">Used between commits only.</param>
    public Checkpointer(string path, SqliteEventStoreOptions options, CommitGate gate, LogFiles files, ILogger logger)
    {
        (this.path, this.options, this.gate, this.files, this.logger) = (path, options, gate, files, logger);
        thread = new Thread(Run) { IsBackground = true, Name = "log checkpoints" };
        thread.Start();
    }

    /// <summary>Why the write-ahead log is not copied, and what to do, where that has failed again and again; null from
    /// the next time on that it succeeds.</summary>
    public string? Trouble => trouble;

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
        Work? again = null;
        while ((again ?? WaitForWork()) is { } work)
        {
            again = null;
            try
            {
                gate.BetweenCommits(files.RequireWhole);
                options.Checkpointing?.Invoke();
                database ??= Open();
                if (work == Work.Copy) Copy(database);
                else Empty(database);
                Succeeded();
            }
#pragma warning disable CA1031 // Top of the loop: whatever a checkpoint died of, the next is tried.
            catch (Exception e)
#pragma warning restore CA1031
            {
                // The log goes on in the write-ahead log.
                database?.Dispose();
                database = null;
                Failed(e);
                if (work != Work.EmptyAndStop) again = PauseBefore(work);
            }

            if (work == Work.EmptyAndStop) return;
        }
    }

    private void Succeeded()
    {
        if (failures > 0) SqliteEventStoreMessages.CheckpointsAgain(logger);
        (failures, trouble) = (0, null);
    }

    /// <summary>A lost file is what the writer tells; another connection's lock passes.</summary>
    private void Failed(Exception e)
    {
        if (e is not DatabaseException { IsBusy: true }) failures++;
        if (failures == 1) SqliteEventStoreMessages.CheckpointFailed(logger, e.Message);
        if (e is LogFileLostException || failures < FailuresBeforeTrouble) return;
        if (trouble is null) SqliteEventStoreMessages.CheckpointFailed(logger, $"{e.Message} It has failed {failures} times in a row.");
        trouble = $"What is saved stands in log.db-wal and cannot be copied into log.db ({e.Message}). Nothing is lost, and log.db-wal grows. "
            + "See to the disk of the log's folder (room, rights, faults); it is tried again all the time, and this ends when it succeeds.";
    }

    private Work PauseBefore(Work work)
    {
        lock (signal)
        {
            var begun = Stopwatch.GetTimestamp();
            while (!isStopping && options.IdleAfter - Stopwatch.GetElapsedTime(begun) is { Ticks: > 0 } left) Monitor.Wait(signal, left);
            return isStopping ? Work.EmptyAndStop : work;
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

    private Database Open() => Database.OpenExisting(path, TimeSpan.Zero).Into(opened =>
    {
        opened.Execute(string.Create(
            CultureInfo.InvariantCulture, $"PRAGMA synchronous=FULL; PRAGMA journal_size_limit={options.KeptWalBytes}"));
        return opened;
    });

    private enum Work
    {
        Copy,
        Empty,
        EmptyAndStop,
    }
}
