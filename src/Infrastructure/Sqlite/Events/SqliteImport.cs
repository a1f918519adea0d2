using EventSourcedStreams.Domain;
using Microsoft.Extensions.Logging.Abstractions;
using EventId = EventSourcedStreams.Domain.EventId;

namespace EventSourcedStreams.Sqlite;

/// <summary>
/// One transaction of any length on the log in a folder, which is taken for as long: all of it is there after
/// <see cref="Commit"/>, or nothing, however the process ends. Memory does not grow with it; the disk has to have room
/// for it twice until it is closed. Not for two threads at once.
/// </summary>
internal sealed class SqliteImport : IAsyncDisposable
{
    /// <summary>Events after which what is remembered of the transaction is let go.</summary>
    private const int SpillEvents = 4096;

    private readonly FolderLock folderLock;
    private readonly WriteConnection connection;
    private readonly string folder;
    private int unspilled;
    private bool isOver;

    private SqliteImport(string folder, FolderLock folderLock, WriteConnection connection, SqliteEventStoreReader before) =>
        (this.folder, this.folderLock, this.connection, Before) = (folder, folderLock, connection, before);

    /// <summary>The log as it was when this was opened, whatever has been appended since.</summary>
    public IEventStoreReader Before { get; }

    /// <summary>Takes the folder, made if it is missing, and begins.</summary>
    /// <exception cref="SqliteEventStoreRefusedException">Another process has it, it is not ours, or it cannot be
    /// written to.</exception>
    public static async Task<SqliteImport> OpenAsync(SqliteEventStoreOptions options, TimeProvider time, CancellationToken ct)
    {
        var file = Path.Combine(Path.GetFullPath(options.Path), "log.db");
        FolderLock? folderLock = null;
        WriteConnection? connection = null;
        try
        {
            folderLock = LogFolder.Take(options, file, NullLogger.Instance);
            connection = WriteConnection.Open(file, options, time, afterFailure: false);
            var before = await SqliteEventStoreReader.OpenAsync(new SqliteEventStoreReaderOptions { File = file }, time, ct).ConfigureAwait(false);
            connection.Begin(mayWait: true);
            return new SqliteImport(options.Path, folderLock, connection, before);
        }
        catch (Exception e)
        {
            connection?.Dispose();
            folderLock?.Dispose();
            if (Refusal.Of(e, options.Path, file) is { } refusal) throw refusal;
            throw;
        }
    }

    /// <inheritdoc cref="IEventStore.AppendAsync" path="/summary"/>
    /// <exception cref="IOException">It cannot be written: nothing of the import will be there.</exception>
    public AppendOutcome Append(string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events) =>
        Do(events.Count, open => open.Append(stream, expected, events));

    /// <inheritdoc cref="IEventStore.TombstoneAsync" path="/summary"/>
    /// <exception cref="IOException">It cannot be written: nothing of the import will be there.</exception>
    public void Tombstone(string stream, EventId id, ReadOnlyMemory<byte> metadata) => Do(1, open =>
    {
        open.Tombstone(stream, ExpectedRevision.Any, id, metadata);
        return true;
    });

    /// <summary>Durable when it returns. Nothing can be appended after it.</summary>
    /// <exception cref="IOException">It could not be committed: nothing of it is there.</exception>
    public void Commit()
    {
        Do(0, open =>
        {
            open.Spill();
            return open.Commit();
        });
        isOver = true;

        try
        {
            while (connection.Cleanup.Step()) { }
        }
        catch (DatabaseException)
        {
            // The events of tombstoned streams: what is left of them goes when a server next has the log.
        }
    }

    /// <summary>Undoes what has not been committed, and gives the folder free.</summary>
    public async ValueTask DisposeAsync()
    {
        // The last connection to go leaves no write-ahead log behind.
        await Before.DisposeAsync().ConfigureAwait(false);
        connection.Dispose();
        folderLock.Dispose();
    }

    private T Do<T>(int events, Func<WriteConnection, T> act)
    {
        if (isOver) throw new InvalidOperationException("The import has been committed, or has failed.");
        try
        {
            var done = act(connection);
            unspilled += events;
            if (unspilled < SpillEvents) return done;
            unspilled = 0;
            connection.Spill();
            return done;
        }
        catch (DatabaseException e)
        {
            // SQLite may have ended the transaction: what came next would be written by itself.
            isOver = true;
            throw new IOException($"The log in {folder} cannot be written ({e.Message}). Nothing has been imported.", e);
        }
    }
}
