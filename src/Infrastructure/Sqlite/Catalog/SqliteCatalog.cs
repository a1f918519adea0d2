using EventSourcedStreams.Domain;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Sqlite;

/// <summary>
/// The catalog in a SQLite file of its own. The file can be deleted at any time while nothing runs: it is filled anew
/// from the log. So is one that turns out to be damaged, also while running; one of something else is refused.
/// </summary>
internal sealed class SqliteCatalog : IStreamCatalog, IAsyncDisposable
{
    private readonly CatalogAccess access;
    private readonly ILogger logger;

    private SqliteCatalog(CatalogAccess access, ILogger logger) => (this.access, this.logger) = (access, logger);

    /// <exception cref="InvalidDataException">The file is a database of something else.</exception>
    public static async Task<SqliteCatalog> OpenAsync(string file, ILogger logger, CancellationToken ct)
    {
        logger = new HarmlessLogger(logger);
        return new SqliteCatalog(await CatalogAccess.OpenAsync(new CatalogFile(file, logger), ct), logger);
    }

    public Task Lost => access.Lost;

    public Task<CatalogCheckpoint?> CheckpointAsync(CancellationToken ct) => access.WriteAsync(
        connection =>
        {
            access.FeedBeginsAnew();
            return CheckpointRow.Read(connection, transaction: null);
        },
        ct);

    public async Task ResetAsync(CancellationToken ct)
    {
        try
        {
            await access.WriteAsync(
                connection =>
                {
                    connection.ExecuteAtOnce("DELETE FROM checkpoint; DELETE FROM labels; DELETE FROM streams;");
                    access.FeedBeginsAnew();
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
    public Task ApplyAsync(IReadOnlyList<FeedItem> items, CatalogCheckpoint? checkpoint, CancellationToken ct) => access.WriteAsync(
        connection =>
        {
            if (access.Lost.IsCompleted) throw new CatalogRemadeException();
            using var transaction = connection.BeginTransaction();
            var before = CheckpointRow.Read(connection, transaction);
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

            if (checkpoint is not null && (before is null || checkpoint.Position > before.Position)) CheckpointRow.Write(connection, transaction, checkpoint);
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
        var (rows, total) = await access.ReadAsync(
            connection =>
            {
                using var list = CatalogQueries.List(connection, query);
                using var count = query.WithTotal ? CatalogQueries.Count(connection, query) : null;
                using var snapshot = list.Transaction = connection.BeginTransaction(deferred: true);
                if (count is not null) count.Transaction = snapshot;
                var found = connection.ReadWithLabels(list);
                CatalogAnswers.Require(found, query);
                return (found, (long?)count?.ExecuteScalar());
            },
            ct);
        var page = rows.Take(query.Limit).Select(row => row.Summary).ToList();
        return new CatalogPage(page, rows.Count > query.Limit ? rows[query.Limit - 1].Place.ToString() : null) { Total = total };
    }

    public async Task<IReadOnlyList<StreamSummary>> ListByIdAsync(Labels labels, StreamId? after, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfZero(labels.Count);
        var rows = await access.ReadAsync(
            connection =>
            {
                using var command = CatalogQueries.ById(connection, [.. labels], after, limit);
                using var snapshot = command.Transaction = connection.BeginTransaction(deferred: true);
                var found = connection.ReadWithLabels(command);
                CatalogAnswers.RequireById(found, labels, after);
                return found;
            },
            ct);
        return [.. rows.Select(row => row.Summary)];
    }

    public async Task<IReadOnlyList<UsageRow>> UsageAsync(UsageQuery query, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        return await access.ReadAsync(connection => CatalogUsage.Read(connection, query), ct);
    }

    public async Task<CatalogPage> FindDueAsync(DueQuery query, string? cursor, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var rows = await access.ReadAsync(connection => CatalogQueries.Due(connection, query, cursor, limit), ct);
        var page = rows.Take(limit).Select(row => row.Summary).ToList();
        return new CatalogPage(page, rows.Count > limit ? CatalogQueries.PlaceOf(rows[limit - 1], query).ToString() : null);
    }

    public async Task<IReadOnlyList<string>> DrivingNodesAsync(CancellationToken ct) => await access.ReadAsync(
        connection =>
        {
            var nodes = new List<string>();
            using var command = CatalogQueries.DrivingNodes(connection);
            using var row = command.ExecuteReader();
            while (row.Read()) nodes.Add(row.GetString(0));
            return nodes;
        },
        ct);

    public ValueTask DisposeAsync() => access.DisposeAsync();
}
