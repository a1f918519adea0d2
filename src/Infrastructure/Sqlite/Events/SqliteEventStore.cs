using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.Logging;
using EventId = EventSourcedStreams.Domain.EventId;

namespace EventSourcedStreams.Sqlite;

/// <summary>The log in a folder of this machine: a SQLite database, <c>log.db</c>, that any SQLite tool can read beside
/// the running server.</summary>
internal sealed partial class SqliteEventStore : IEventStore
{
    /// <summary>Events asked for at a time by a follower; a page may be cut by its bytes before.</summary>
    private const int FollowPage = 512;

    private readonly SqliteEventStoreOptions options;
    private readonly TimeProvider time;
    private readonly FolderLock folderLock;
    private readonly Followers followers;
    private readonly StoreWriter writer;
    private readonly ReaderThreads readers;
    private int disposed;

    private SqliteEventStore(SqliteEventStoreOptions options, TimeProvider time, ILogger logger, FolderLock folderLock)
    {
        (this.options, this.time, this.folderLock) = (options, time, folderLock);
        var file = FileIn(options);
        followers = new Followers(options);
        writer = new StoreWriter(file, options, time, logger, followers);
        readers = new ReaderThreads(() => Database.OpenExisting(file, options.BusyTimeout), options, time, writer.RequireWholeFiles);
    }

    public bool IsExclusive => true;

    /// <summary>Appends that wait for the writer.</summary>
    public int Queued => writer.Queued;

    /// <summary>The last commit, if any, succeeded.</summary>
    public bool CanWrite => writer.CanWrite;

    /// <summary>What is wrong beside writing, in words for any client; null: nothing. What is wrong with writing, each
    /// append says.</summary>
    public string? Problem => writer.CheckpointTrouble;

    /// <summary>Takes the folder, made if it is missing. The time this takes does not grow with the log.</summary>
    /// <exception cref="SqliteEventStoreRefusedException">Another process has it, it is not ours, it cannot be written
    /// to, or it has lost its log.</exception>
    public static Task<SqliteEventStore> OpenAsync(SqliteEventStoreOptions options, TimeProvider time, ILogger logger, CancellationToken ct) =>
        Task.Run(() => Open(options, time, logger), ct);

    /// <summary>This node's name: the one kept in the folder, else the one that is made now and kept from then
    /// on.</summary>
    public string NodeName(Func<string> makeName) => NodeFile.ReadOrWrite(options.Path, makeName);

    public Task<AppendOutcome> AppendAsync(
        string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct)
    {
        if (events.Count == 0) return Task.FromException<AppendOutcome>(new ArgumentOutOfRangeException(nameof(events), "There is nothing to append."));
        if (ct.IsCancellationRequested) return Task.FromCanceled<AppendOutcome>(ct);
        var bytes = 0;
        for (var i = 0; i < events.Count; i++) bytes += events[i].Size;
        var request = new AppendRequest(stream, expected, events, bytes, tellsNext: true, ct);
        return writer.TryWriteHere(request) ? request.Answer : QueuedAsync(request, ct);
    }

    public Task<StoreRead> ReadAsync(string stream, long from, bool forward, int maxCount, ReadFrom leader, CancellationToken ct) =>
        readers.PageAsync(stream, from, forward, maxCount, time.GetUtcNow(), ct);

    public async IAsyncEnumerable<StoredEvent> FollowAsync(string stream, long from, [EnumeratorCancellation] CancellationToken ct)
    {
        using var following = followers.Follow(stream, out var tail);
        var live = new List<StoredEvent>();
        for (var after = from - 1; ;)
        {
            var lost = tail.Lost;
            for (var atEnd = false; !atEnd;)
            {
                var read = await ReadAsync(stream, after + 1, forward: true, FollowPage, ReadFrom.Leader, ct).ConfigureAwait(false);
                if (read is StoreRead.Tombstoned) throw new StreamTombstonedException(stream);
                atEnd = read is not StoreRead.Page { AtEnd: false };
                if (read is not StoreRead.Page page) break;
                foreach (var stored in page.Events)
                {
                    yield return stored;
                    after = stored.Revision;
                }
            }

            while (tail.TryRead(after, lost, live, out var more))
            {
                foreach (var stored in live)
                {
                    if (stored.IsTombstone) throw new StreamTombstonedException(stream);
                    yield return stored;
                    after = stored.Revision;
                }

                live.Clear();
                await more.WaitAsync(ct).ConfigureAwait(false);
            }
        }
    }

    public async IAsyncEnumerable<StoredEvent?> FollowAllAsync(
        LogPosition after, StoreFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        using var following = followers.FollowAll(filter, out var tail);
        var live = new List<StoredEvent>();
        for (var position = (long)after.Commit; ;)
        {
            var lost = tail.Lost;
            for (var atEnd = false; !atEnd;)
            {
                var from = position;
                (var events, position, atEnd) = await readers
                    .RunAsync("(all)", null, reader => reader.Feed(from, filter), ct).ConfigureAwait(false);
                foreach (var stored in events) yield return stored;
            }

            yield return null;
            while (tail.TryRead(position, lost, live, out var more))
            {
                foreach (var stored in live)
                {
                    yield return stored;
                    position = (long)stored.Position.Commit;
                }

                live.Clear();
                await more.WaitAsync(ct).ConfigureAwait(false);
            }
        }
    }

    public Task<StoredEvent?> FindAsync(LogPosition position, CancellationToken ct) => readers.FindAsync(position, ct);

    public Task<AppendOutcome> TombstoneAsync(
        string stream, ExpectedRevision expected, EventId id, ReadOnlyMemory<byte> metadata, CancellationToken ct) =>
        DecideAsync(stream, metadata.Length, connection => connection.Tombstone(stream, expected, id, metadata), ct);

    public Task SetLimitsAsync(string stream, StreamLimits limits, CancellationToken ct) =>
        WriteAsync(stream, 0, connection => connection.SetLimits(stream, limits), ct);

    /// <summary>Writes what is queued, empties the write-ahead log, ends all reads and followers, and gives the folder
    /// free.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        await Task.Factory.StartNew(Close, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .ConfigureAwait(false);
    }

    private static string FileIn(SqliteEventStoreOptions options) => Path.Combine(options.Path, "log.db");

    private static SqliteEventStore Open(SqliteEventStoreOptions options, TimeProvider time, ILogger logger)
    {
        FolderLock? folderLock = null;
        try
        {
            folderLock = LogFolder.Take(options, FileIn(options), logger, () => LeftBehind.RequireNoNode(FileIn(options)));
            return new SqliteEventStore(options, time, logger, folderLock);
        }
        catch (Exception e)
        {
            folderLock?.Dispose();
            if (Refusal.Of(e, options.Path, FileIn(options)) is { } refusal) throw refusal;
            throw;
        }
    }

    /// <summary>Its caller may leave before it is answered.</summary>
    private Task<AppendOutcome> QueuedAsync(AppendRequest request, CancellationToken ct)
    {
        try
        {
            var queued = writer.EnqueueAsync(request, ct);
            return queued.IsCompletedSuccessfully ? request.AnswerUnlessLeftAsync() : QueuedLaterAsync(request, queued);
        }
        catch (LogUnavailableException e)
        {
            return Task.FromResult<AppendOutcome>(new AppendOutcome.Unknown(e.Message, e));
        }
    }

    private static async Task<AppendOutcome> QueuedLaterAsync(AppendRequest request, ValueTask queued)
    {
        try
        {
            await queued.ConfigureAwait(false);
        }
        catch (LogUnavailableException e)
        {
            return new AppendOutcome.Unknown(e.Message, e);
        }

        return await request.AnswerUnlessLeftAsync().ConfigureAwait(false);
    }

    private async Task WriteAsync(string stream, int bytes, Action<WriteConnection> act, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var request = new StreamRequest(stream, bytes, act, ct);
        await writer.EnqueueAsync(request, ct).ConfigureAwait(false);
        await request.Answer.WaitAsync(ct).ConfigureAwait(false);
    }

    private void Close()
    {
        writer.Dispose();
        followers.Close();
        readers.Dispose();
        folderLock.Dispose();
    }
}
