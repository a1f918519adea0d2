using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>A catalog in a folder of its own, and the feed into it.</summary>
public abstract class CatalogTest : IAsyncLifetime
{
    private readonly TempFolder folder = new();

    protected string File => folder.File("directory.db");

    private protected SqliteCatalog Catalog { get; private set; } = null!;

    private protected CatalogFeed Feed { get; private set; } = null!;

    protected static CancellationToken Ct => CancellationToken.None;

    public async Task InitializeAsync()
    {
        Catalog = await OpenAsync();
        Feed = new CatalogFeed(Catalog);
    }

    public async Task DisposeAsync()
    {
        await Catalog.DisposeAsync();
        folder.Dispose();
    }

    private protected Task<SqliteCatalog> OpenAsync() => SqliteCatalog.OpenAsync(File, NullLogger.Instance, Ct);

    protected async Task ReopenAsync()
    {
        await Catalog.DisposeAsync();
        Catalog = await OpenAsync();
    }

    private protected Task<CatalogPage> ListAsync(
        StreamStatus? status = null, (string Name, string Value)? label = null, string? cursor = null, int limit = 50) =>
        Catalog.ListAsync(
            new CatalogQuery(status, cursor, limit) { Labels = label is { } l ? [new(l.Name, l.Value)] : [] }, Ct);

    protected async Task<IReadOnlyList<string>> IdsAsync(StreamStatus? status = null, (string Name, string Value)? label = null) =>
        Ids((await ListAsync(status, label)).Items);

    private protected async Task<IReadOnlyList<string>> DueAsync(DueQuery query, int limit = 100) =>
        Ids((await Catalog.FindDueAsync(query, null, limit, Ct)).Items);

    protected static IReadOnlyList<string> Ids(IEnumerable<StreamSummary> streams) => streams.Select(s => s.Id.Value).ToList();

    /// <summary>How the database would go about it, a line a step.</summary>
    private protected static List<string> Plan(SqliteCommand command)
    {
        command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
        using var reader = command.ExecuteReader();
        var steps = new List<string>();
        while (reader.Read()) steps.Add(reader.GetString(3));
        return steps;
    }
}
