using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>
/// The log in a folder, for a reader that must not change anything there: read in place while a server has it,
/// otherwise from a private copy, made when it is opened and deleted at the end. A read transaction holds at most a
/// page.
/// </summary>
internal sealed partial class SqliteEventStoreReader : IEventStoreReader
{
    private const int FollowPage = 512;

    private readonly SqliteEventStoreReaderOptions options;
    private readonly TimeProvider time;
    private readonly ReadAccess access;
    private readonly ReaderThreads readers;
    private int disposed;

    private SqliteEventStoreReader(SqliteEventStoreReaderOptions options, SqliteEventStoreOptions limits, TimeProvider time, ReadAccess access)
    {
        (this.options, this.time, this.access) = (options, time, access);
        readers = new ReaderThreads(() => access.OpenFurther(limits.BusyTimeout), limits, time);
    }

    /// <summary>It reads the state at which it was opened; otherwise what the running server has written since as
    /// well.</summary>
    public bool IsPrivateCopy => access.IsCopy;

    /// <summary>Where the schema is not the one that this program makes; none of it keeps the log from being
    /// read.</summary>
    public IReadOnlyList<SchemaDifference> SchemaDifferences => access.Differences;

    /// <summary>Where it reads: the log itself, or its private copy.</summary>
    public string File => access.File;

    /// <exception cref="SqliteEventStoreRefusedException">There is no log, it is not ours or newer than this program,
    /// or cannot be read.</exception>
    public static Task<SqliteEventStoreReader> OpenAsync(SqliteEventStoreReaderOptions options, TimeProvider time, CancellationToken ct) =>
        Task.Run(() => Open(options with { File = Resolved(options.File) }, time, ct), ct);

    /// <summary>Whether a server has the log now.</summary>
    /// <param name="file">As <see cref="SqliteEventStoreReaderOptions.File"/>; it need not be there.</param>
    /// <exception cref="IOException">It cannot be found out.</exception>
    public static bool IsInUse(string file) => FolderLock.IsTaken(Path.GetDirectoryName(Resolved(file))!);

    public Task<StoreRead> ReadAsync(string stream, long from, bool forward, int maxCount, ReadFrom leader, CancellationToken ct) =>
        readers.PageAsync(stream, from, forward, maxCount, time.GetUtcNow(), ct);

    public async IAsyncEnumerable<StoredEvent> FollowAsync(string stream, long from, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            var read = await ReadAsync(stream, from, forward: true, FollowPage, ReadFrom.Leader, ct).ConfigureAwait(false);
            if (read is StoreRead.Tombstoned) throw new StreamTombstonedException(stream);
            foreach (var stored in read is StoreRead.Page page ? page.Events : [])
            {
                yield return stored;
                from = stored.Revision + 1;
            }

            if (read is not StoreRead.Page { AtEnd: false }) await Task.Delay(options.LookEvery, time, ct).ConfigureAwait(false);
        }
    }

    public async IAsyncEnumerable<StoredEvent?> FollowAllAsync(
        LogPosition after, StoreFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        var position = (long)after.Commit;
        for (var isNew = true; ;)
        {
            var from = position;
            (var events, position, var atEnd) = await readers
                .RunAsync("(all)", null, reader => reader.Feed(from, filter), ct).ConfigureAwait(false);
            foreach (var stored in events) yield return stored;
            isNew |= events.Count > 0;
            if (!atEnd) continue;
            if (isNew) yield return null;
            isNew = false;
            await Task.Delay(options.LookEvery, time, ct).ConfigureAwait(false);
        }
    }

    public Task<StoredEvent?> FindAsync(LogPosition position, CancellationToken ct) => readers.FindAsync(position, ct);

    /// <summary>Every stream whose name begins with a prefix, in the order in which they began: as the tables of names
    /// have them, not the events. So one whose events are all gone is here too; last come those of which only the
    /// second table of names knows.</summary>
    public async IAsyncEnumerable<NamedStream> StreamsAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var found in KnownAsync(prefix, ct).ConfigureAwait(false)) yield return await NamedAsync(found, ct).ConfigureAwait(false);
        await foreach (var found in LostAsync(prefix, ct).ConfigureAwait(false)) yield return new NamedStream(found.Name, Head: null, Tombstone: null);
    }

    /// <summary>SQLite's own check of the whole file (<c>PRAGMA integrity_check</c>): what it finds, at most
    /// <paramref name="max"/> lines; none where it is sound. Holds one read transaction for as long as it
    /// takes.</summary>
    public Task<IReadOnlyList<string>> IntegrityAsync(int max, CancellationToken ct) =>
        Task.Factory.StartNew(() => Integrity.Check(access.File, max, ct), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        await Task.Factory.StartNew(Close, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .ConfigureAwait(false);
    }

    /// <summary>The write-ahead log and the lock are beside the file itself, not beside a link to it.</summary>
    private static string Resolved(string file)
    {
        var path = Path.GetFullPath(file);
        return new FileInfo(path) is { Exists: true } found && found.ResolveLinkTarget(returnFinalTarget: true) is { } target
            ? target.FullName
            : path;
    }

    private static SqliteEventStoreReader Open(SqliteEventStoreReaderOptions options, TimeProvider time, CancellationToken ct)
    {
        var limits = new SqliteEventStoreOptions { Path = Path.GetDirectoryName(options.File)! };
        if (FileIdentity.IsSpecial(options.File)) throw new SqliteEventStoreRefusedException($"{options.File} is no ordinary file.");
        if (!System.IO.File.Exists(options.File))
            throw new SqliteEventStoreRefusedException($"There is no {options.File}. Name the folder of an embedded log, or its log.db.");
        try
        {
            return new SqliteEventStoreReader(options, limits, time, ReadAccess.Open(options, limits.BusyTimeout, ct));
        }
        catch (DatabaseException e)
        {
            throw new SqliteEventStoreRefusedException(
                e.IsDamage
                    ? $"{options.File} is damaged or is no SQLite database ({e.Message})."
                    : $"{options.File} cannot be read ({e.Message}).",
                e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SqliteEventStoreRefusedException($"{options.File} cannot be read: {e.Message}", e);
        }
    }

    private IAsyncEnumerable<FoundName> KnownAsync(string prefix, CancellationToken ct) =>
        PagedAsync(prefix, (reader, last) => reader.Names(last?.Id ?? 0), ct);

    private IAsyncEnumerable<FoundName> LostAsync(string prefix, CancellationToken ct) =>
        PagedAsync(prefix, (reader, last) => reader.LostNames(last?.Name ?? ""), ct);

    /// <param name="next">The page behind a name; the first one behind none.</param>
    private async IAsyncEnumerable<FoundName> PagedAsync(
        string prefix, Func<ReadConnection, FoundName?, IReadOnlyList<FoundName>> next, [EnumeratorCancellation] CancellationToken ct)
    {
        for (FoundName? last = null; ;)
        {
            var behind = last;
            var page = await readers.RunAsync("(names)", null, reader => next(reader, behind), ct).ConfigureAwait(false);
            if (page.Count == 0) yield break;
            foreach (var found in page)
                if (found.Name.StartsWith(prefix, StringComparison.Ordinal)) yield return found;
            last = page[^1];
        }
    }

    private async ValueTask<NamedStream> NamedAsync(FoundName found, CancellationToken ct) =>
        found.Head != StoredEvent.TombstoneRevision
            ? new NamedStream(found.Name, found.Head, Tombstone: null)
            : new NamedStream(found.Name, found.Head, await readers
                .RunAsync(found.Name, found.Head, reader => reader.Tombstone(found.Id, found.Name), ct).ConfigureAwait(false));

    private void Close()
    {
        readers.Dispose();
        access.Dispose();
    }
}
