using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreDb;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;
using static EventSourcedStreams.Infrastructure.Tests.EventStoreDb.FaultyStoreFixture;

namespace EventSourcedStreams.Infrastructure.Tests.EventStoreDb;

/// <summary>A node that hangs says nothing, not even that it is unavailable; on the real clock.</summary>
public sealed class HangingNodeTests : IAsyncLifetime
{
    private const string Stream = "text-a";

    /// <summary>From the election to saved and seen again.</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(12);

    private FaultyStoreFixture store = null!;

    public async Task InitializeAsync() => store = await StartAsync();

    public async Task DisposeAsync() => await store.DisposeAsync();

    [Fact]
    public async Task Behind_a_leader_that_hangs_text_is_saved_and_seen_again_at_the_next_one()
    {
        var log = await store.OpenAsync();
        await SettledAsync(log, Stream, ExpectedRevision.NoStream, Event("before"));
        await using var follower = log.FollowAsync(Stream, 0, default).GetAsyncEnumerator();
        (await follower.TakeAsync(1))[0].Text().Should().Be("before");

        store.Cluster.Leader.Hang();
        var during = SettledAsync(log, Stream, After(0), Event("during"));
        await Task.Delay(TimeSpan.FromSeconds(3));
        store.Cluster.Elect(store.Cluster.Nodes[1]);
        using var watch = RunningWatch.Start();

        (await during).Should().BeOfType<AppendOutcome.Appended>();
        (await follower.TakeAsync(1))[0].Text().Should().Be("during");
        watch.Elapsed.Should().BeLessThan(Promised);
        log.Problem.Should().BeNull();
    }

    [Fact]
    public async Task Behind_a_follower_that_hangs_text_is_seen_again_elsewhere_and_saved_all_the_while()
    {
        var log = await store.OpenAsync("&nodePreference=follower");
        await SettledAsync(log, Stream, ExpectedRevision.NoStream, Event("0"));
        await using var follower = log.FollowAsync(Stream, 0, default).GetAsyncEnumerator();
        await follower.TakeAsync(1);
        foreach (var node in store.Cluster.Followers) node.Hang();
        store.Cluster.Elect(store.Cluster.Leader);
        using var watch = RunningWatch.Start();

        for (var i = 0; i < 20; i++) (await log.AppendAsync(Stream, After(i), Event($"{i + 1}"))).Should().BeOfType<AppendOutcome.Appended>();
        (await follower.TakeAsync(20)).Select(e => e.Text()).Should().Equal(Enumerable.Range(1, 20).Select(i => $"{i}"));

        watch.Elapsed.Should().BeLessThan(Promised);
    }

    [Fact]
    public async Task A_leader_that_takes_no_more_appends_is_left_though_it_answers_reads()
    {
        var log = await store.OpenAsync(store.Options() with { AttemptLimit = TimeSpan.FromSeconds(1) });
        await SettledAsync(log, Stream, ExpectedRevision.NoStream, Event("before"));
        var old = store.Cluster.Leader;
        store.Cluster.Elect(store.Cluster.Nodes[1]);

        // It still takes itself for the leader, and a majority of the cluster does not.
        old.LosesAppends = old.StillLeads = true;

        (await SettledAsync(log, Stream, After(0), Event("after")).WaitAsync(Eventually.Limit)).Should().BeOfType<AppendOutcome.Appended>();
    }

    [Fact]
    public async Task A_node_that_hung_and_goes_on_has_cost_nothing()
    {
        var log = await store.OpenAsync(store.Options() with { AttemptLimit = TimeSpan.FromSeconds(1) });
        await SettledAsync(log, Stream, ExpectedRevision.NoStream, Event("0"));
        await using var follower = log.FollowAsync(Stream, 0, default).GetAsyncEnumerator();
        await follower.TakeAsync(1);

        foreach (var node in store.Cluster.Nodes) node.Hang();
        var during = SettledAsync(log, Stream, After(0), Event("1"));
        await Eventually.UntilAsync("it is known", () => log.Problem is not null);
        foreach (var node in store.Cluster.Nodes) node.GoOn();

        (await during).Should().BeOfType<AppendOutcome.Appended>();
        await SettledAsync(log, Stream, After(1), Event("2"));
        (await follower.TakeAsync(2)).Select(e => e.Text()).Should().Equal("1", "2");
        (await store.Log.ReadAllAsync(Stream)).Should().HaveCount(3);
    }

    [Fact]
    public async Task Drivers_lose_nothing_by_a_leader_that_hangs()
    {
        const int Streams = 20;
        var log = await store.OpenAsync();
        var source = new ScriptedSource();
        await using var node = await EngineNode.StartAsync(log, TimeProvider.System, [source]);
        var ids = await Task.WhenAll(Enumerable.Range(0, Streams).Select(i => node.CreateAsync($"s{i}")));
        var drivers = await Task.WhenAll(ids.Select(node.DriveAsync));
        foreach (var id in ids) await source.For(id).SayAsync("Before. ");

        store.Cluster.Leader.Hang();
        foreach (var id in ids) await source.For(id).SayAsync("During. ");
        await Eventually.UntilAsync("every driver has every token", () => drivers.All(driver => driver.Text == "Before. During. "));
        store.Cluster.Elect(store.Cluster.Nodes[2]);
        using var watch = RunningWatch.Start();
        await Eventually.UntilAsync("all is saved", () => drivers.All(driver => driver.SavedLength == "Before. During. ".Length));
        watch.Elapsed.Should().BeLessThan(Promised);

        foreach (var id in ids) source.For(id).End();
        foreach (var driver in drivers) (await driver.End.WaitAsync(Eventually.Limit))!.Status.Should().Be(StreamStatus.Done);
        foreach (var id in ids) (await node.BodyAsync(id)).Text.ToString().Should().Be("Before. During. ");
    }

    [Fact]
    public async Task A_start_finds_its_way_past_seeds_that_hang_and_begins_none_anew()
    {
        foreach (var node in store.Cluster.Nodes.Take(2)) node.Hang();
        store.Cluster.Elect(store.Cluster.Nodes[2]);
        await using var opener = new EventStoreDbOpener(new EventStoreOptions { ConnectionString = store.Cluster.ConnectionString })
        {
            AttemptLimit = TimeSpan.FromMilliseconds(300),
        };
        OpenedEventStore? opened = null;
        var tries = 0;
        await Eventually.UntilAsync("it is open", async () =>
        {
            try
            {
                tries++;
                opened = await opener.OpenAsync(StreamPrefix.Default, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, default);
                return true;
            }
            catch (LogUnavailableException)
            {
                return false;
            }
        });

        await using var open = opened!.Store;
        store.Cluster.Nodes.Take(2).Sum(node => node.Connections).Should().BeLessThanOrEqualTo(4, "{0} tries were made by one client, and one that looked beside it", tries);
    }
}
