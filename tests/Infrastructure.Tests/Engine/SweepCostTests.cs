using System.Collections.Concurrent;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>What the engine's loops ask the list of streams for, by themselves.</summary>
public sealed class SweepCostTests
{
    private readonly ManualTime time = new();
    private readonly ScriptedSource source = new();
    private readonly InMemoryStore store;
    private CountingCatalog catalog = null!;

    public SweepCostTests() => store = new InMemoryStore(time);

    [Fact]
    public async Task On_an_exclusive_log_no_loop_asks_which_nodes_drive()
    {
        await using var node = await StartAsync("a", exclusive: true);

        await AdvanceUntilAsync("it has been swept four times", () => catalog.Sweeps >= 4);

        catalog.NodesAsked.Should().Be(0, "every other run is dead there");
    }

    [Fact]
    public async Task On_a_shared_log_which_nodes_drive_is_asked_between_sweeps_too()
    {
        await using var node = await StartAsync("a", exclusive: false);

        await AdvanceUntilAsync("it has been asked more often than sweeps need it", () => catalog.Sweeps >= 4 && catalog.NodesAsked >= 2 * catalog.Sweeps);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sweep_is_given_no_stream_that_is_driven(bool exclusive)
    {
        var others = exclusive ? null : await EngineNode.StartAsync(new InMemoryEventStore(store), time, [source], "b");
        await using var node = await StartAsync("a", exclusive);
        for (var i = 0; i < 3; i++)
        {
            await node.DriveAsync(await node.CreateAsync($"a{i}", idleTimeout: TimeSpan.FromDays(1)));
            if (others is not null) await others.DriveAsync(await others.CreateAsync($"b{i}", idleTimeout: TimeSpan.FromDays(1)));
        }

        await AdvanceUntilAsync("all are listed as driven", async () => (await ListAsync(StreamStatus.Streaming)).Count == (exclusive ? 3 : 6));
        await SweptOnceMoreAsync();
        var before = catalog.Sweeps;
        catalog.Given.Clear();
        await AdvanceUntilAsync("it has been swept again and again", () => catalog.Sweeps >= before + 4);

        catalog.Given.Should().BeEmpty();
        (await ListAsync(StreamStatus.Streaming)).Should().HaveCount(exclusive ? 3 : 6);
        if (others is not null) await others.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_that_this_run_has_claimed_and_does_not_drive_is_ended(bool exclusive)
    {
        await using var node = await StartAsync("a", exclusive);
        await node.DriveAsync(await node.CreateAsync("driven", idleTimeout: TimeSpan.FromDays(1)));
        await AdvanceUntilAsync("the first is listed as driven", async () => (await ListAsync(StreamStatus.Streaming)).Contains("driven"));
        await SweptOnceMoreAsync();
        catalog.Given.Clear();
        var left = await node.CreateAsync("left", idleTimeout: TimeSpan.FromDays(1));
        var tails = new StreamTails(node.Log, () => new AppendId(Guid.NewGuid()), time, node.Self);
        await (await tails.OpenAsync(left, default)).AppendAsync(
            [new StreamCommand.Start(node.Self, null, null, "0.1.0") { At = time.GetUtcNow() }], tails.ContextFor(Caller.Anonymous), default);

        await AdvanceUntilAsync("it has ended", async () => (await ListAsync(StreamStatus.Error)).Contains("left"));

        (await ListAsync(StreamStatus.Streaming)).Should().Equal("driven");
        catalog.Given.Should().NotBeEmpty().And.OnlyContain(id => id == "left");
    }

    private async Task<EngineNode> StartAsync(string name, bool exclusive) => await EngineNode.StartAsync(
        new InMemoryEventStore(store), time, [source], name, exclusive: exclusive, wrap: behind => catalog = new CountingCatalog(behind));

    /// <summary>A sweep that is under way may have asked who drives before the list was complete.</summary>
    private async Task SweptOnceMoreAsync()
    {
        var before = catalog.Sweeps;
        await AdvanceUntilAsync("the sweep under way is over", () => catalog.Sweeps > before);
    }

    private async Task<List<string>> ListAsync(StreamStatus status) =>
        [.. (await catalog.ListAsync(new CatalogQuery(status, null, 200), default)).Items.Select(stream => stream.Id.Value)];

    private Task AdvanceUntilAsync(string what, Func<bool> condition) => AdvanceUntilAsync(what, () => Task.FromResult(condition()));

    private Task AdvanceUntilAsync(string what, Func<Task<bool>> condition) => Eventually.UntilAsync(what, async () =>
    {
        if (await condition()) return true;
        time.Advance(TimeSpan.FromMilliseconds(200));
        return false;
    });

    /// <summary>Counts what the loops ask of it.</summary>
    private sealed class CountingCatalog(IStreamCatalog behind) : IStreamCatalog
    {
        private int sweeps, nodesAsked;

        /// <summary>Sweeps that have come to their last question.</summary>
        public int Sweeps => Volatile.Read(ref sweeps);

        public int NodesAsked => Volatile.Read(ref nodesAsked);

        /// <summary>The streams that were given as driven by what may be dead.</summary>
        public ConcurrentBag<string> Given { get; } = [];

        public Task Lost => behind.Lost;

        public Task<CatalogCheckpoint?> CheckpointAsync(CancellationToken ct) => behind.CheckpointAsync(ct);

        public Task ResetAsync(CancellationToken ct) => behind.ResetAsync(ct);

        public Task ApplyAsync(IReadOnlyList<FeedItem> items, CatalogCheckpoint? checkpoint, CancellationToken ct) =>
            behind.ApplyAsync(items, checkpoint, ct);

        public Task<CatalogPage> ListAsync(CatalogQuery query, CancellationToken ct) => behind.ListAsync(query, ct);

        public Task<IReadOnlyList<StreamSummary>> ListByIdAsync(Labels labels, StreamId? after, int limit, CancellationToken ct) =>
            behind.ListByIdAsync(labels, after, limit, ct);

        public Task<IReadOnlyList<UsageRow>> UsageAsync(UsageQuery query, CancellationToken ct) => behind.UsageAsync(query, ct);

        public async Task<CatalogPage> FindDueAsync(DueQuery query, string? cursor, int limit, CancellationToken ct)
        {
            var page = await behind.FindDueAsync(query, cursor, limit, ct);
            if (query is DueQuery.Streaming)
                foreach (var stream in page.Items) Given.Add(stream.Id.Value);
            if (query is DueQuery.DeletionCutShort) Interlocked.Increment(ref sweeps);
            return page;
        }

        public Task<IReadOnlyList<string>> DrivingNodesAsync(CancellationToken ct)
        {
            Interlocked.Increment(ref nodesAsked);
            return behind.DrivingNodesAsync(ct);
        }
    }
}
