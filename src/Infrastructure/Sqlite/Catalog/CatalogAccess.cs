using EventSourcedStreams.Domain;
using Microsoft.Data.Sqlite;

namespace EventSourcedStreams.Sqlite;

/// <summary>
/// Writes to the catalog's file, one at a time, and reads, a few at a time. Where they meet damage the file is made
/// anew, once, while none of them runs.
/// </summary>
internal sealed class CatalogAccess : IAsyncDisposable
{
    /// <summary>A list takes milliseconds: more readers would only compete for the same pages.</summary>
    private const int Readers = 3;

    private readonly CatalogFile file;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly SemaphoreSlim reading = new(Readers, Readers);

    /// <summary>How often the file has been made anew; changed only while no write or read runs.</summary>
    private int remade;

    /// <summary>Completed: the file was made anew and the feed does not know yet. Set while no write runs.</summary>
    private volatile TaskCompletionSource lost = NewSignal();

    /// <summary>Making it anew has failed, as on a full disk; changed like <see cref="remade"/>.</summary>
    private bool missing;

    private readonly CancellationTokenSource closing = new();
    private Task checking = Task.CompletedTask;
    private bool disposed;

    /// <summary>Changed like <see cref="remade"/>.</summary>
    private bool closed;

    private CatalogAccess(CatalogFile file) => this.file = file;

    /// <inheritdoc cref="IStreamCatalog.Lost"/>
    public Task Lost => lost.Task;

    /// <exception cref="InvalidDataException">The file is a database of something else.</exception>
    public static async Task<CatalogAccess> OpenAsync(CatalogFile file, CancellationToken ct)
    {
        await Task.Run(file.Prepare, ct);
        var access = new CatalogAccess(file);
        if (file.IsUnchecked) access.checking = Task.Run(access.CheckAsync, CancellationToken.None);
        return access;
    }

    /// <summary>The feed knows of a file that was made anew. Within a write.</summary>
    public void FeedBeginsAnew()
    {
        if (lost.Task.IsCompleted) lost = NewSignal();
    }

    /// <exception cref="CatalogRemadeException">The file was damaged, and nothing was written.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken ct)
    {
        var (seen, damage) = (0, default(SqliteException));
        await writing.WaitAsync(ct);
        try
        {
            seen = remade;
            return await Task.Run(() => With(writes: true, work), CancellationToken.None);
        }
        catch (SqliteException e) when (CatalogFile.IsDamage(e))
        {
            damage = e;
        }
        finally
        {
            writing.Release();
        }

        await RemakeAsync(seen, damage);
        throw new CatalogRemadeException();
    }

    /// <summary>One snapshot for the rows and their labels.</summary>
    public Task<List<CatalogRow>> ReadAsync(Func<SqliteConnection, SqliteCommand> ask, CancellationToken ct) => ReadAsync(
        connection =>
        {
            using var command = ask(connection);
            using var transaction = command.Transaction = connection.BeginTransaction(deferred: true);
            return connection.ReadWithLabels(command);
        },
        ct);

    /// <summary>Where the file turns out to be damaged, what is read is that of the new one.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (seen, damage) = (0, default(SqliteException));
            await reading.WaitAsync(ct);
            try
            {
                seen = remade;
                return await Task.Run(() => With(writes: false, read), CancellationToken.None);
            }
            catch (SqliteException e) when (attempt == 1 && CatalogFile.IsDamage(e))
            {
                damage = e;
            }
            finally
            {
                reading.Release();
            }

            await RemakeAsync(seen, damage);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, true)) return;
        await closing.CancelAsync();
        await checking;
        closing.Dispose();
        await writing.WaitAsync();
        for (var i = 0; i < Readers; i++) await reading.WaitAsync();
        closed = true;
        await Task.Run(file.Close);

        // The semaphores stay: what waits for its turn has to learn it, and without a wait handle they hold nothing.
        reading.Release(Readers);
        writing.Release();
    }

    private T With<T>(bool writes, Func<SqliteConnection, T> work)
    {
        ObjectDisposedException.ThrowIf(closed, typeof(SqliteCatalog));
        // Thrown as damage, so that it is tried once more.
        if (missing) throw new SqliteException("The directory's file could not be made anew.", CatalogFile.Corrupt);
        using var connection = file.Connect(writes);
        return work(connection);
    }

    /// <summary>Once for all callers that have met the same damage. Not to be cancelled half way.</summary>
    private async Task RemakeAsync(int seen, SqliteException damage)
    {
        await writing.WaitAsync();
        for (var i = 0; i < Readers; i++) await reading.WaitAsync();
        try
        {
            if (seen != remade || closed) return;
            missing = true;
            lost.TrySetResult();
            await Task.Run(() => file.Remake(damage));
            missing = false;
            remade++;
        }
        finally
        {
            reading.Release(Readers);
            writing.Release();
        }
    }

    /// <summary>Of a file that was too large to be checked when it was opened: each row is checked as it is read, and
    /// what an index has lost is found here.</summary>
    private async Task CheckAsync()
    {
        try
        {
            file.Check(closing.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SqliteException && closing.IsCancellationRequested)
        {
            // It is looked at again at the next start.
        }
        catch (SqliteException e) when (CatalogFile.IsDamage(e))
        {
            await TryRemakeAsync(e);
        }
        catch (SqliteException)
        {
            // It is in use, or cannot be read: its readers say so.
        }
    }

    private async Task TryRemakeAsync(SqliteException damage)
    {
        try
        {
            await RemakeAsync(seen: 0, damage);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            // The next call tries it again, and says so.
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
