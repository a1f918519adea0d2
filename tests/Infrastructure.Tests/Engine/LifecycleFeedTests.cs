using System.Collections.Concurrent;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

public sealed class LifecycleFeedTests
{
    [Fact]
    public async Task A_directory_that_fails_is_reported_as_it_is_and_fed_again_from_where_it_stands()
    {
        var time = new ManualTime();
        await using var node = await EngineNode.StartAsync(new InMemoryEventStore(new InMemoryStore(time)), time, [new ScriptedSource()]);
        var catalog = new FailingCatalog();
        var faults = new ConcurrentQueue<Exception>();
        using var stop = new CancellationTokenSource();
        var feed = new LifecycleFeed(node.Log, catalog, node.Engine.Drivers, time, faults.Enqueue);
        var running = feed.RunAsync(stop.Token);
        await feed.CaughtUp.WaitAsync(Eventually.Limit);

        await node.CreateAsync("s"); // the feed waits for the next item while this one is applied
        await Eventually.UntilAsync("it was applied at the second time", () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return catalog.Applied > 0;
        });
        await stop.CancelAsync();
        await running.Awaiting(r => r).Should().ThrowAsync<OperationCanceledException>();

        faults.Should().ContainSingle().Which.Should().BeOfType<CatalogRemadeException>();
    }

    [Fact]
    public async Task A_feed_outlives_a_cancellation_that_is_not_its_own()
    {
        var time = new ManualTime();
        await using var node = await EngineNode.StartAsync(new InMemoryEventStore(new InMemoryStore(time)), time, [new ScriptedSource()]);
        var catalog = new FailingCatalog(new TaskCanceledException("a deadline of the client's own"));
        var faults = new ConcurrentQueue<Exception>();
        using var stop = new CancellationTokenSource();
        var running = new LifecycleFeed(node.Log, catalog, node.Engine.Drivers, time, faults.Enqueue).RunAsync(stop.Token);
        await node.CreateAsync("s");

        await Eventually.UntilAsync("it was applied at the second time", () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return catalog.Applied > 0;
        });

        faults.Should().ContainSingle().Which.Should().BeOfType<TaskCanceledException>();
        await stop.CancelAsync();
        await running.Awaiting(r => r).Should().ThrowAsync<OperationCanceledException>();
    }

    /// <summary>Fails once, and keeps nothing.</summary>
    private sealed class FailingCatalog(Exception? failure = null) : IStreamCatalog
    {
        private int tries;

        public int Applied { get; private set; }

        public Task<CatalogCheckpoint?> CheckpointAsync(CancellationToken ct) => Task.FromResult<CatalogCheckpoint?>(null);

        public Task ResetAsync(CancellationToken ct) => Task.CompletedTask;

        public Task Lost { get; } = new TaskCompletionSource().Task;

        public async Task ApplyAsync(IReadOnlyList<FeedItem> items, CatalogCheckpoint? checkpoint, CancellationToken ct)
        {
            await Task.Yield();
            if (++tries == 1) throw failure ?? new CatalogRemadeException();
            Applied++;
        }

        public Task<CatalogPage> ListAsync(CatalogQuery query, CancellationToken ct) => Task.FromResult(new CatalogPage([], null));

        public Task<IReadOnlyList<StreamSummary>> ListByIdAsync(Labels labels, StreamId? after, int limit, CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<StreamSummary>>([]);

        public Task<IReadOnlyList<UsageRow>> UsageAsync(UsageQuery query, CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<UsageRow>>([]);

        public Task<CatalogPage> FindDueAsync(DueQuery query, string? cursor, int limit, CancellationToken ct) =>
            Task.FromResult(new CatalogPage([], null));

        public Task<IReadOnlyList<string>> DrivingNodesAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<string>>([]);
    }
}
