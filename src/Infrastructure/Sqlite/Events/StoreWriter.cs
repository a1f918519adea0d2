using System.Diagnostics;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Sqlite;

/// <summary>
/// The one thread that writes. What queues up while a commit runs goes out together in the next one. How a batch is
/// committed is said in <see cref="BatchCommit"/>, what is done besides in <see cref="WriterUpkeep"/>.
/// </summary>
internal sealed partial class StoreWriter : IDisposable
{
    /// <summary>Commits between two steps of cleaning up while appends come without pause.</summary>
    private const int CommitsPerCleanup = 8;

    private readonly SqliteEventStoreOptions options;
    private readonly CommitGate gate = new();
    private readonly LogFiles files;
    private readonly WriterConnection connection;
    private readonly Checkpointer checkpointer;
    private readonly WriteQueue queue;
    private readonly CommitPace pace;
    private readonly WriterUpkeep upkeep;
    private readonly BatchCommit commit;
    private readonly Thread thread;
    private bool hasWritten;
    private volatile bool isClosed;

    public StoreWriter(
        string path, SqliteEventStoreOptions options, TimeProvider time, ILogger logger, Followers followers)
    {
        this.options = options;
        logger = new HarmlessLogger(logger); // its lines are said by threads that nothing may end
        var first = WriteConnection.Open(path, options, time, afterFailure: false);
        try
        {
            files = LogFiles.Open(path, options.BusyTimeout);
        }
        catch
        {
            first.Dispose();
            throw;
        }

        connection = new WriterConnection(first, path, options, time, files, followers);
        queue = new WriteQueue(options.MaxQueuedAppends);
        checkpointer = new Checkpointer(path, options, gate, files, logger);
        pace = new CommitPace(queue, options);
        upkeep = new WriterUpkeep(connection, gate, files, checkpointer, logger);
        commit = new BatchCommit(connection, gate, files, checkpointer, upkeep, pace, followers, logger);
        thread = new Thread(Run) { IsBackground = true, Name = "log writer" };
        thread.Start();
    }

    public int Queued => queue.Count;

    /// <inheritdoc cref="BatchCommit.CanWrite"/>
    public bool CanWrite => commit.CanWrite;

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
        connection.Dispose();
        checkpointer.Dispose();
        files.Dispose();
    }

    private void Run()
    {
        var batch = new List<WriteRequest>();
        var commits = 0;
        while (queue.Take(batch, options.MaxCommitAppends, options.MaxCommitBytes, wait: !upkeep.HasCleanups))
        {
            if (batch.Count > 0)
            {
                var isBusy = pace.IsBusy;
                Write(batch, returning: isBusy ? pace.LastCount : 0);
                batch = [];
                if (isBusy && pace.LastCount > 1) pace.AwaitReturning();
            }

            if (hasWritten && upkeep.IsMergeDue) upkeep.MergeIndex();
            if (upkeep.HasCleanups && (queue.Count == 0 || ++commits % CommitsPerCleanup == 0)) upkeep.CleanUp();
        }
    }

    /// <inheritdoc cref="BatchCommit.TryWrite"/>
    private bool Write(List<WriteRequest> batch, bool isLent = false, int returning = 0)
    {
        var begun = Stopwatch.GetTimestamp();
        hasWritten = true;
        Answers.AbandonLeft(batch);
        var isDone = batch.Count == 0 || commit.TryWrite(batch, isLent, returning);
        pace.Committed(begun, batch.Count);
        return isDone;
    }
}
