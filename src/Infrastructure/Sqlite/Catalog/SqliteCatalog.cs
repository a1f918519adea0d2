using EventSourcedStreams.Domain;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using EventId = EventSourcedStreams.Domain.EventId;

namespace EventSourcedStreams.Sqlite;

/// <summary>
/// The directory in a SQLite file of its own. The file can be deleted at any time while nothing runs: it is filled anew
/// from the log. So is one that turns out to be damaged, also while running; one of something else is refused.
/// </summary>
internal sealed class SqliteCatalog : IStreamCatalog, IAsyncDisposable
{
    /// <summary>A list takes milliseconds: more readers would only compete for the same pages.</summary>
    private const int Readers = 3;

    private readonly CatalogFile file;
    private readonly ILogger logger;
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

    private SqliteCatalog(CatalogFile file, ILogger logger) => (this.file, this.logger) = (file, logger);

    /// <exception cref="InvalidDataException">The file is a database of something else.</exception>
    public static async Task<SqliteCatalog> OpenAsync(string file, ILogger logger, CancellationToken ct)
    {
        var opened = new CatalogFile(file, logger);
        await Task.Run(opened.Prepare, ct);
        var catalog = new SqliteCatalog(opened, logger);
        if (opened.IsUnchecked) catalog.checking = Task.Run(catalog.CheckAsync, CancellationToken.None);
        return catalog;
    }

    public Task Lost => lost.Task;

    public Task<CatalogCheckpoint?> CheckpointAsync(CancellationToken ct) => WriteAsync(
        connection =>
        {
            if (lost.Task.IsCompleted) lost = NewSignal();
            return ReadCheckpoint(connection, transaction: null);
        },
        ct);

    public async Task ResetAsync(CancellationToken ct)
    {
        try
        {
            await WriteAsync(
                connection =>
                {
                    connection.ExecuteAtOnce("DELETE FROM checkpoint; DELETE FROM labels; DELETE FROM streams;");
                    if (lost.Task.IsCompleted) lost = NewSignal();
                    return true;
                },
                ct);
        }
        catch (CatalogRemadeException)
        {
            await CheckpointAsync(ct);                                           // it is empty, and its caller knows
        }
    }

    /// <exception cref="CatalogRemadeException">Nothing was applied: the feed begins from the checkpoint, which is
    /// empty.</exception>
    /// <exception cref="InvalidOperationException">What stands here comes from another log: reset it first.</exception>
    public Task ApplyAsync(IReadOnlyList<FeedItem> items, CatalogCheckpoint? checkpoint, CancellationToken ct) => WriteAsync(
        connection =>
        {
            if (lost.Task.IsCompleted) throw new CatalogRemadeException();
            using var transaction = connection.BeginTransaction();
            var before = ReadCheckpoint(connection, transaction);
            if (before is not null && checkpoint is not null && before.LogId != checkpoint.LogId)
                throw new InvalidOperationException($"The directory holds log {before.LogId}, not {checkpoint.LogId}: reset it first.");
            using (var batch = new CatalogBatch(connection, transaction, logger))
            {
                foreach (var item in items)
                {
                    // A repeated creation would bring back what has been tombstoned since.
                    if (before is null || item.Position > before.Position) batch.Apply(item);
                }

                batch.Save();
            }

            if (checkpoint is not null && (before is null || checkpoint.Position > before.Position)) WriteCheckpoint(connection, transaction, checkpoint);
            transaction.Commit();
            return true;
        },
        ct);

    public async Task<CatalogPage> ListAsync(CatalogQuery query, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, 200);
        if (query.Cursor is not null) CatalogCursor.Parse(query.Cursor);
        if (query.Status is StreamStatus.Deleted) return new CatalogPage([], NextCursor: null) { Total = query.WithTotal ? 0 : null };
        var (rows, total) = await ReadAsync(
            connection =>
            {
                using var list = CatalogQueries.List(connection, query);
                using var count = CatalogQueries.Count(connection, query);
                using var snapshot = list.Transaction = count.Transaction = connection.BeginTransaction(deferred: true);
                var found = connection.ReadWithLabels(list);
                RequireAnswers(found, query);
                return (found, query.WithTotal ? (long?)count.ExecuteScalar() : null);
            },
            ct);
        var page = rows.Take(query.Limit).Select(row => row.Summary).ToList();
        return new CatalogPage(page, rows.Count > query.Limit ? rows[query.Limit - 1].Place.ToString() : null) { Total = total };
    }

    public async Task<IReadOnlyList<StreamSummary>> ListByIdAsync(Labels labels, StreamId? after, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfZero(labels.Count);
        var rows = await ReadAsync(connection => CatalogQueries.ById(connection, labels, after, limit), ct);
        return [.. rows.Select(row => row.Summary)];
    }

    public async Task<IReadOnlyList<UsageRow>> UsageAsync(UsageQuery query, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        return await ReadAsync(connection => CatalogUsage.Read(connection, query), ct);
    }

    public async Task<CatalogPage> FindDueAsync(DueQuery query, string? cursor, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var rows = await ReadAsync(connection => CatalogQueries.Due(connection, query, cursor, limit), ct);
        var page = rows.Take(limit).Select(row => row.Summary).ToList();
        return new CatalogPage(page, rows.Count > limit ? CatalogQueries.PlaceOf(rows[limit - 1], query).ToString() : null);
    }

    public async Task<IReadOnlyList<string>> DrivingNodesAsync(CancellationToken ct) => await ReadAsync(
        connection =>
        {
            var nodes = new List<string>();
            using var command = CatalogQueries.DrivingNodes(connection);
            using var row = command.ExecuteReader();
            while (row.Read()) nodes.Add(row.GetString(0));
            return nodes;
        },
        ct);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, true)) return;
        await closing.CancelAsync();
        await checking;
        closing.Dispose();
        await writing.WaitAsync();
        for (var i = 0; i < Readers; i++) await reading.WaitAsync();
        await Task.Run(file.Close);
        writing.Dispose();
        reading.Dispose();
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
            await RemakeAsync(seen: 0, e);
        }
        catch (SqliteException)
        {
            // It is in use, or cannot be read: its readers say so.
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Rows come by way of an index, and an index may be damaged where the rows are not.</summary>
    private static void RequireAnswers(List<CatalogRow> rows, CatalogQuery query)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            var stream = rows[i].Summary;
            var isAsked = (query.Status is not { } status || (stream.Status == status && stream is { IsDamaged: false, HasBegun: true }))
                && query.Labels.All(label => stream.Labels[label.Key] == label.Value);
            if (!isAsked || (i > 0 && rows[i].Place.CompareTo(rows[i - 1].Place) >= 0))
                throw CatalogFile.Unsound("An index names a row that it should not.");
        }
    }

    private static CatalogCheckpoint? ReadCheckpoint(SqliteConnection connection, SqliteTransaction? transaction)
    {
        using var command = connection.Command(
            "SELECT log_id, commit_position, prepare_position, last_event FROM checkpoint", transaction);
        using var row = command.ExecuteReader();
        if (!row.Read()) return null;
        return Guid.TryParse(row.GetString(3), out var last)
            ? new(row.GetString(0), new LogPosition((ulong)row.GetInt64(1), (ulong)row.GetInt64(2)), new EventId(last))
            : throw CatalogFile.Unsound("Its checkpoint names no event.");
    }

    private static void WriteCheckpoint(SqliteConnection connection, SqliteTransaction transaction, CatalogCheckpoint checkpoint)
    {
        using var command = connection.Command("INSERT OR REPLACE INTO checkpoint VALUES (1, $log, $commit, $prepare, $last)", transaction);
        command
            .With("$log", checkpoint.LogId)
            .With("$commit", checked((long)checkpoint.Position.Commit))
            .With("$prepare", checked((long)checkpoint.Position.Prepare))
            .With("$last", checkpoint.LastEvent.ToString())
            .ExecuteNonQuery();
    }

    private async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken ct)
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

    private Task<List<CatalogRow>> ReadAsync(Func<SqliteConnection, SqliteCommand> ask, CancellationToken ct) => ReadAsync(
        connection =>
        {
            using var command = ask(connection);
            // One snapshot for the rows and their labels.
            using var transaction = command.Transaction = connection.BeginTransaction(deferred: true);
            return connection.ReadWithLabels(command);
        },
        ct);

    private async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken ct)
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

    private T With<T>(bool writes, Func<SqliteConnection, T> work)
    {
        if (missing) throw new SqliteException("The directory's file could not be made anew.", CatalogFile.Corrupt);   // so: once more
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
            if (seen != remade) return;
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
}

/// <summary>The directory was damaged and begins anew, empty: read its checkpoint, and feed it from there.</summary>
internal sealed class CatalogRemadeException()
    : Exception("The directory was damaged and begins anew: it has to be fed from its checkpoint.");
