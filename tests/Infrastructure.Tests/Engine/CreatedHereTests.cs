using System.Collections.Concurrent;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>A stream that its node has just created.</summary>
public sealed class CreatedHereTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private readonly ScriptedSource source = new();
    private readonly RecordedMetrics metrics = new();
    private InMemoryStore store = null!;
    private EngineNode node = null!;

    public async Task InitializeAsync()
    {
        store = new InMemoryStore(time);
        node = await StartAsync("a", metrics);
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        metrics.Dispose();
    }

    [Fact]
    public async Task A_stream_that_this_node_drives_is_listed_as_ended_without_a_read_of_it()
    {
        var reads = new ConcurrentQueue<string>();
        await ListAsync(); // waits until the list of a new node is filled
        await Eventually.UntilAsync("the sweep at its start is over, which may look at streams", () => metrics.SumOf("textstreams.sweeps") == 1);
        var id = await node.CreateAsync("s");
        var driver = await node.DriveAsync(id);
        node.Faults.OnRead = reads.Enqueue;
        await source.For(id).SayAsync("One. ");
        source.For(id).End();
        (await driver.End)!.Status.Should().Be(StreamStatus.Done);

        await Eventually.UntilAsync("it is listed as ended", async () =>
            await ListAsync() is [{ Status: StreamStatus.Done, IsDamaged: false }]);

        reads.Should().NotContain(StreamPrefix.Default.Text(id));
    }

    [Fact]
    public async Task What_another_node_has_driven_meanwhile_is_not_driven_again()
    {
        await using var other = await StartAsync("b");
        var (running, ended) = (await node.CreateAsync("running"), await node.CreateAsync("ended"));
        await other.DriveAsync(running);
        var driver = await other.DriveAsync(ended);
        await source.For(ended).Begun;
        source.For(ended).End();
        await driver.End;

        (await DriveAsync(running)).Should().BeOfType<DriveResult.AlreadyDriven>();
        (await DriveAsync(ended)).Should().Be(new DriveResult.AlreadyEnded(StreamStatus.Done));
        source.For(running).End();
    }

    [Fact]
    public async Task What_was_deleted_meanwhile_is_gone()
    {
        var id = await node.CreateAsync("s");
        await new InMemoryEventStore(store).TombstoneAsync(
            StreamPrefix.Default.Text(id), ExpectedRevision.Any, new EventId(Guid.NewGuid()), "{}"u8.ToArray(), default);

        (await DriveAsync(id)).Should().BeOfType<DriveResult.Deleted>();
    }

    [Fact]
    public async Task What_another_program_has_written_behind_the_creation_is_told_as_such()
    {
        var id = await node.CreateAsync("s");
        await new InMemoryEventStore(store).AppendedAsync(StreamPrefix.Default.Text(id), Bytes.After(0), Bytes.Event("{}", "SomebodyElses"));

        var driving = async () => await DriveAsync(id);

        (await driving.Should().ThrowAsync<LogDamagedException>()).Which.ForeignType.Should().Be("SomebodyElses");
        source.Runs.Should().Be(0);
    }

    private async Task<IReadOnlyList<StreamSummary>> ListAsync() =>
        (await node.Engine.ListAsync(new CatalogQuery(null, null, 200), default)).Items;

    private Task<DriveResult> DriveAsync(StreamId id) => node.Engine.Drivers.DriveAsync(id, null, null, null, Caller.Anonymous, default);

    private Task<EngineNode> StartAsync(string name, RecordedMetrics? of = null) =>
        EngineNode.StartAsync(new InMemoryEventStore(store), time, [source], name, metrics: of);
}
