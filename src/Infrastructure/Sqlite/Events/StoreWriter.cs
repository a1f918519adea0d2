using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Sqlite;

/// <summary>
/// The one thread that writes. What queues up while a commit runs goes out together in the next one, many streams in
/// one sync. After a failed commit it opens the database anew and does the same requests again in another transaction:
/// what is there already is known by its ids. If that fails too, every request in it is answered as unknown, and the
/// next request tries anew.
/// </summary>
internal sealed partial class StoreWriter : IDisposable
{
    /// <summary>Commits between two steps of cleaning up while appends come without pause.</summary>
    private const int CommitsPerCleanup = 8;

    private readonly string path;
    private readonly SqliteEventStoreOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Followers followers;
    private readonly CommitGate gate;
    private readonly LogFiles files;
    private readonly Checkpointer checkpointer;
    private readonly WriteQueue queue;
    private readonly IndexMerge indexMerge = new();
    private readonly Thread thread;
    private WriteConnection? connection;
    private bool hasCleanups = true, hasWaitingCleanups, hasWritten;
    private long committedAt;
    private TimeSpan lastCommit;
    private int lastCount;
    private volatile bool isFailing, isClosed;

    public StoreWriter(
        string path, SqliteEventStoreOptions options, TimeProvider time, ILogger logger, Followers followers)
    {
        (this.path, this.options, this.time, this.logger, this.followers) = (path, options, time, logger, followers);
        connection = WriteConnection.Open(path, options, time, afterFailure: false);
        try
        {
            files = LogFiles.Open(path, options.BusyTimeout);
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        queue = new WriteQueue(options.MaxQueuedAppends);
        gate = new CommitGate();
        checkpointer = new Checkpointer(path, options, gate, files, logger);
        thread = new Thread(Run) { IsBackground = true, Name = "log writer" };
        thread.Start();
    }

    public int Queued => queue.Count;

    public bool CanWrite => !isFailing;

    /// <inheritdoc cref="Checkpointer.Trouble"/>
    public string? CheckpointTrouble => checkpointer.Trouble;

    /// <summary>For a reader that has met something odd.</summary>
    /// <exception cref="LogFileLostException">The log's files have been removed, replaced or cut.</exception>
    public void RequireWholeFiles()
    {
        if (!isClosed) gate.BetweenCommits(files.RequireWhole);
    }

    public ValueTask EnqueueAsync(WriteRequest request, CancellationToken ct) => queue.EnqueueAsync(request, ct);

    /// <summary>Does what is queued, then ends.</summary>
    public void Dispose()
    {
        isClosed = true;
        queue.Dispose();
        thread.Join();
        connection?.Dispose();
        checkpointer.Dispose();
        files.Dispose();
    }

    private void Run()
    {
        var batch = new List<WriteRequest>();
        var commits = 0;
        while (queue.Take(batch, options.MaxCommitAppends, options.MaxCommitBytes, wait: !hasCleanups))
        {
            if (batch.Count > 0)
            {
                var isBusy = Stopwatch.GetElapsedTime(committedAt) < lastCommit;
                Write(batch, returning: isBusy ? lastCount : 0);
                batch = [];
                if (isBusy && lastCount > 1) AwaitReturningWriters(until: 1);
            }

            if (hasWritten && indexMerge.IsDue) RunBetweenCommits(indexMerge.Run, SqliteEventStoreMessages.IndexMergeFailed);
            if (hasCleanups && (queue.Count == 0 || ++commits % CommitsPerCleanup == 0)) CleanUp();
        }
    }

    /// <summary>Writers that were just answered mostly append again at once. Without a moment's patience they would
    /// fall into two halves that wait for each other's commits, and each commit would carry half of them. Where commits
    /// do not follow each other it would be a spinning for nothing.</summary>
    private void AwaitReturningWriters(int until)
    {
        var patience = TimeSpan.FromTicks(Math.Min(lastCommit.Ticks / 4, TimeSpan.TicksPerMillisecond));
        while (queue.Count < until && Stopwatch.GetElapsedTime(committedAt) < patience) Thread.Yield();
    }

    /// <param name="isLent">On a caller's thread, which waits for no other connection.</param>
    /// <param name="returning">How many writers the last commit has answered, where this one follows at once.</param>
    /// <returns>False: it was not done, since that would have been to wait.</returns>
    private bool Write(List<WriteRequest> batch, bool isLent = false, int returning = 0)
    {
        var begun = Stopwatch.GetTimestamp();
        hasWritten = true;
        RemoveAbandoned(batch);
        var isDone = batch.Count == 0 || TryWrite(batch, isLent, returning);
        lastCount = batch.Count;
        committedAt = Stopwatch.GetTimestamp();
        lastCommit = Stopwatch.GetElapsedTime(begun, committedAt);
        return isDone;
    }

    private static void RemoveAbandoned(List<WriteRequest> batch) => batch.RemoveAll(static request =>
    {
        if (!request.IsAbandoned) return false;                                  // once: a second look may see something else
        Answers.Later(request.Abandon);
        return true;
    });

    private bool TryWrite(List<WriteRequest> batch, bool isLent = false, int returning = 0)
    {
        for (var attempt = 1; ; attempt++)
        {
            var toldOfDamage = new List<(WriteRequest, LogDamagedException)>();
            try
            {
                Commit(batch, toldOfDamage, mayWait: !isLent || attempt > 1, attempt > 1 ? 0 : returning);
                Answer(batch, toldOfDamage, isLent);
                return true;
            }
#pragma warning disable CA1031 // Top of the loop: whatever a commit died of, its callers are answered and the writer lives on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (isLent && attempt == 1 && e is DatabaseException { IsBusy: true }) return false;
                if (e is not LogDamagedException) Note(batch.Count, e);
                if (e is DatabaseException { IsDamage: true } or LogDamagedException && batch.Count > 1)
                {
                    // Trying each alone tells which stream is damaged; the others must not suffer for it.
                    foreach (var request in batch) TryWrite([request]);
                    return true;
                }

                if (attempt == 2 || e is DatabaseException { IsBusy: true } or LogDamagedException)
                {
                    foreach (var request in batch) Answers.Later(() => Fail(request, e));
                    return true;
                }
            }
        }
    }

    /// <param name="returning">Writers that are on their way back with their next requests: as they come they join the
    /// transaction, which meanwhile does what is there.</param>
    private void Commit(List<WriteRequest> batch, List<(WriteRequest, LogDamagedException)> toldOfDamage, bool mayWait, int returning)
    {
        gate.EnterCommit();
        var hasBegun = false;
        try
        {
            RequireFiles();
            var open = Connected();
            open.Begin(mayWait);
            hasBegun = true;
            foreach (var request in batch) Apply(request, open, toldOfDamage);
            while (TakeReturning(batch, returning) is { Count: > 0 } more)
            {
                batch.AddRange(more);
                foreach (var request in more) Apply(request, open, toldOfDamage);
            }

            var pages = open.Commit();
            files.RequireNames();
            if (isFailing)
            {
                isFailing = false;
                SqliteEventStoreMessages.WritesAgain(logger);
            }

            if (open.Written.Count > 0)
            {
                checkpointer.AddPages(pages);
                indexMerge.Indexed(open.Written);
                followers.Publish(open.Written);
                hasCleanups |= hasWaitingCleanups || open.HasNewCleanups;
                hasWaitingCleanups = false;
            }
        }
        catch (Exception e) when (hasBegun || e is not DatabaseException { IsBusy: true })
        {
            // Whatever it was: nothing that this connection or its memory says can be relied on any more.
            connection?.Dispose();
            connection = null;
            throw;
        }
        finally
        {
            gate.LeaveCommit();
        }
    }

    private static void Apply(WriteRequest request, WriteConnection open, List<(WriteRequest, LogDamagedException)> toldOfDamage)
    {
        var before = open.Written.Count;
        try
        {
            request.Apply(open);
        }
        catch (LogDamagedException e) when (open.Written.Count == before)
        {
            // Where something was written before, all is taken back: what is refused must not be committed.
            toldOfDamage.Add((request, e));
        }
    }

    private List<WriteRequest> TakeReturning(List<WriteRequest> batch, int returning)
    {
        var more = new List<WriteRequest>();
        if (batch.Count >= returning) return more;
        AwaitReturningWriters(until: 1);
        queue.TakeMore(more, returning - batch.Count, options.MaxCommitBytes - batch.Sum(static request => (long)request.Bytes));
        RemoveAbandoned(more);
        return more;
    }

    /// <summary>A connection that is opened anew copies what stands in the write-ahead log.</summary>
    private void RequireFiles()
    {
        if (connection is null) files.RequireWhole();
        else files.RequireNoLoss();
    }

    private WriteConnection Connected()
    {
        if (connection is not null) return connection;
        connection = WriteConnection.Open(path, options, time, afterFailure: true);
        followers.Lose();
        return connection;
    }

    private static void Answer(
        List<WriteRequest> batch, List<(WriteRequest Request, LogDamagedException Damage)> toldOfDamage, bool isLent)
    {
        foreach (var (request, damage) in toldOfDamage)
        {
            batch.Remove(request);
            Answers.Later(() => request.Refuse(damage));
        }

        if (!isLent) Answers.Give(batch);
        else foreach (var request in batch) request.Complete();                  // its caller has not begun to wait
    }

    private static void Fail(WriteRequest request, Exception e)
    {
        if (e is LogDamagedException damage)
            request.Refuse(damage);
        else if (e is DatabaseException { IsDamage: true })
            request.Refuse(new LogDamagedException(request.Stream, null, $"the database is damaged where this is written ({e.Message}).", e));
        else
            request.Fail($"The commit failed: {e.Message}", e);
    }

    private void CleanUp()
    {
        var isDone = RunBetweenCommits(connection =>
        {
            hasCleanups = connection.Cleanup.Step();
            return 1;
        }, SqliteEventStoreMessages.CleanupFailed);

        // Another connection's lock: the next commit finds out when it has gone. Any other failure: no busy loop, the
        // next tombstone, or the next start, goes on with it.
        if (!isDone) hasCleanups = false;
    }

    /// <summary>Work between two commits, a transaction of its own that no request waits for.</summary>
    /// <param name="work">Gives the pages that it wrote.</param>
    private bool RunBetweenCommits(Func<WriteConnection, int> work, Action<ILogger, string> logFailure)
    {
        gate.EnterCommit();
        try
        {
            files.RequireWhole();
            checkpointer.AddPages(work(Connected()));
            files.MayHaveShrunk();
            return true;
        }
        catch (DatabaseException e) when (e.IsBusy)
        {
            hasWaitingCleanups |= hasCleanups;
            return false;
        }
        catch (Exception e) when (e is DatabaseException or LogFileLostException)
        {
            logFailure(logger, e.Message);
            connection?.Dispose();
            connection = null;
            return false;
        }
        finally
        {
            gate.LeaveCommit();
        }
    }

    private void Note(int requests, Exception e)
    {
        isFailing = true;
        SqliteEventStoreMessages.CommitFailed(logger, requests, e.Message);
    }
}
