using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>
/// A few threads that read, each with a connection of its own: SQLite blocks, and on the thread pool a slow disk would
/// stop the whole server. A caller waits for one read at a time, so the queue is as long as there are callers. A single
/// event is read by its caller's own thread where it can (<see cref="BriefReads{TReader}"/>).
/// </summary>
internal sealed class ReaderThreads : IDisposable
{
    private readonly ReaderJobs<Reader> jobs = new();
    private readonly BriefReads<Reader> brief;
    private readonly List<Thread> threads = [];
    private readonly Func<Database> open;
    private readonly SqliteEventStoreOptions options;
    private readonly Action? requireFiles;

    /// <param name="open">Opens one more connection.</param>
    /// <param name="requireFiles">Throws <see cref="LogFileLostException"/> where the log's files are not those that
    /// were opened, or not whole: what is read of them then is no damage of a stream's. Null: they are not looked
    /// at.</param>
    public ReaderThreads(Func<Database> open, SqliteEventStoreOptions options, TimeProvider time, Action? requireFiles = null)
    {
        (this.open, this.options, this.requireFiles) = (open, options, requireFiles);
        brief = new(new Reader(open, options, requireFiles), time);
        for (var i = 0; i < options.Readers; i++)
        {
            var thread = new Thread(Run) { IsBackground = true, Name = $"log reader {i}" };
            thread.Start();
            threads.Add(thread);
        }
    }

    /// <param name="stream">What a damage is reported for.</param>
    public Task<T> RunAsync<T>(string stream, long? revision, Func<ReadConnection, T> read, CancellationToken ct)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        ct.ThrowIfCancellationRequested();
        var isTaken = jobs.TryAdd(reader =>
        {
            if (ct.IsCancellationRequested) answer.TrySetCanceled(ct);
            else Answer(answer, reader, stream, revision, read);
        });
        if (!isTaken) throw new LogUnavailableException("The log has been closed.");
        return ct.CanBeCanceled ? answer.Task.WaitAsync(ct) : answer.Task;
    }

    /// <inheritdoc cref="IEventStoreReader.ReadAsync" path="/summary"/>
    /// <param name="now">What is too old for its stream's limits by then is not read.</param>
    public Task<StoreRead> PageAsync(string stream, long from, bool forward, int maxCount, DateTimeOffset now, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        long? revision = from == long.MaxValue ? null : from;
        if (maxCount > 1) return RunAsync(stream, revision, Page, ct);
        ct.ThrowIfCancellationRequested();
        var answer = new TaskCompletionSource<StoreRead>();
        return brief.TryRead(reader => Answer(answer, reader, stream, revision, Page)) ? answer.Task : RunAsync(stream, revision, Page, ct);

        StoreRead Page(ReadConnection reader) => reader.Page(stream, from, forward, maxCount, now);
    }

    /// <inheritdoc cref="IEventStoreReader.FindAsync" path="/summary"/>
    public Task<StoredEvent?> FindAsync(LogPosition position, CancellationToken ct) =>
        position.Commit != position.Prepare || position.Commit > long.MaxValue
            ? Task.FromResult<StoredEvent?>(null)
            : RunAsync($"(position {position.Commit})", null, reader => reader.Find((long)position.Commit), ct);

    public void Dispose()
    {
        jobs.Complete();
        foreach (var thread in threads) thread.Join();
        brief.Dispose();
    }

    private void Answer<T>(
        TaskCompletionSource<T> answer, Reader reader, string stream, long? revision, Func<ReadConnection, T> read)
    {
        try
        {
            answer.TrySetResult(Read(reader, read));
        }
#pragma warning disable CA1031 // Top of a thread that must outlive one bad read; the caller gets it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (e is not LogDamagedException) reader.Close();
            answer.TrySetException(Lost(e) ?? e switch
            {
                DatabaseException { IsDamage: true } => new LogDamagedException(
                    stream, revision, $"the database is damaged where this is read ({e.Message}).", e),
                DatabaseException => new LogUnavailableException($"The log cannot be read: {e.Message}", e),
                _ => e,
            });
        }
    }

    /// <summary>What is read of files that are lost is no damage of a stream's.</summary>
    private LogUnavailableException? Lost(Exception e)
    {
        try
        {
            if (e is LogFileLostException found) throw found;
            if (e is LogDamagedException or DatabaseException) requireFiles?.Invoke();
            return null;
        }
        catch (LogFileLostException lost)
        {
            return new LogUnavailableException(lost.Message, lost) { Advice = lost.Message };
        }
        catch (Exception other) when (other is DatabaseException or ObjectDisposedException)
        {
            return null;
        }
    }

    private static T Read<T>(Reader reader, Func<ReadConnection, T> read)
    {
        try
        {
            return read(reader.Connection);
        }
        catch (LogFormChangedException)
        {
            reader.Close();
            return read(reader.Connection);
        }
    }

    private void Run()
    {
        using var reader = new Reader(open, options, requireFiles);
        while (jobs.Take() is { } job) job(reader);
    }

    /// <summary>Opens its connection when it is first needed, and anew after an error.</summary>
    private sealed class Reader(Func<Database> open, SqliteEventStoreOptions options, Action? requireFiles) : IDisposable
    {
        private ReadConnection? connection;

        public ReadConnection Connection => connection ??= Open();

        /// <summary>Another file may stand under the name by now.</summary>
        private ReadConnection Open()
        {
            requireFiles?.Invoke();
            return ReadConnection.Over(open(), options);
        }

        public void Close()
        {
            connection?.Dispose();
            connection = null;
        }

        public void Dispose() => Close();
    }
}
