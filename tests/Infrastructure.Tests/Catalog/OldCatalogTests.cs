using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>The list as commit 86f4349 left it has another shape: it is made anew, and filled from the log.</summary>
public sealed class OldCatalogTests : IDisposable
{
    private readonly TempFolder folder = new();

    public OldCatalogTests() => OldFolder.Write86f4349(folder.Path);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_old_list_is_made_anew_and_filled_from_the_log()
    {
        await using var log = await SqliteEventStore.OpenAsync(
            new SqliteEventStoreOptions { Path = folder.Path }, TimeProvider.System, NullLogger.Instance, default);
        await using var catalog = await SqliteCatalog.OpenAsync(folder.File("directory.db"), NullLogger.Instance, default);
        (await catalog.CheckpointAsync(default)).Should().BeNull();
        var streams = await StreamLog.OpenAsync(log, StreamPrefix.Default, Guid.NewGuid, TimeProvider.System, new NodeRun("a", "run"), default);

        var items = new List<FeedItem>();
        await foreach (var item in streams.FollowAllAsync(LogPosition.Start, default))
        {
            if (item is FeedItem.CaughtUp) break;
            items.Add(item);
        }

        await catalog.ApplyAsync(items, new CatalogCheckpoint(streams.LogId, items[^1].Position, new Domain.EventId(Guid.NewGuid())), default);

        var page = await catalog.ListAsync(new CatalogQuery(null, null, Limit: 50), default);
        page.Items.Select(stream => (stream.Id.Value, stream.Status.Name())).Should().BeEquivalentTo(
        [
            ("done", "done"), ("large", "done"), ("damaged", "done"), ("cancelled", "cancelled"), ("failed", "error"), ("timed-out", "timeout"),
            ("pending", "pending"), ("live", "streaming"), ("live-2", "streaming"),
        ]);
    }
}
