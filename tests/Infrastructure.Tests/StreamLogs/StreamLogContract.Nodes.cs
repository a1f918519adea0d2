using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Infrastructure.Tests;

public abstract partial class StreamLogContract
{
    [Fact]
    public async Task All_who_open_a_log_read_the_same_identity()
    {
        Log.LogId.Should().NotBeEmpty();
        (await SecondAsync()).LogId.Should().Be(Log.LogId);
    }

    [Fact]
    public async Task Of_those_who_open_a_new_log_at_once_one_names_it()
    {
        var prefix = StreamPrefix.Parse($"n{Guid.NewGuid():N}-");
        var stores = CanOpenTwice ? new[] { Store, await OpenAnotherStoreAsync() } : [Store, Store];
        var logs = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => StreamLog.OpenAsync(
            stores[i % 2], prefix, Guid.NewGuid, TimeProvider.System, new NodeRun($"node-{i}", "run"), CancellationToken.None))));

        logs.Select(l => l.LogId).Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task Eight_stores_that_open_a_new_log_at_once_agree_on_its_identity_and_none_fails()
    {
        var stores = new List<IEventStore>();
        for (var i = 0; i < 8; i++) stores.Add(CanOpenTwice ? await OpenAnotherStoreAsync() : Store);
        for (var round = 0; round < 3; round++)
        {
            var prefix = StreamPrefix.Parse($"n{Guid.NewGuid():N}-");
            var together = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var opening = stores.Select(async (store, i) =>
            {
                await together.Task;
                return await StreamLog.OpenAsync(
                    store, prefix, Guid.NewGuid, TimeProvider.System, new NodeRun($"node-{i}", "run"), CancellationToken.None);
            }).ToList();
            together.SetResult();
            var logs = await Task.WhenAll(opening);

            var named = (await Store.ReadAllAsync(prefix.Log)).Should().ContainSingle("it is named once").Which;
            logs.Select(log => log.LogId).Should().HaveCount(8)
                .And.OnlyContain(id => id == ((ServiceEvent.LogNamed)ServiceCodec.Decode(named).Event).LogId);
        }
    }

    [Fact]
    public async Task A_nodes_last_heartbeat_is_read()
    {
        (await Log.ReadHeartbeatAsync("node-a", CancellationToken.None)).Should().BeNull();

        var head = await BeatAsync(Heartbeat(), Revision.None);
        var stopped = Heartbeat() with { Stopped = true };
        head = await BeatAsync(stopped, head);

        var last = await (await SecondAsync()).ReadHeartbeatAsync("node-a", CancellationToken.None);
        last!.Heartbeat.Should().Be(stopped);
        last.Revision.Should().Be(head);
        (await Log.ReadHeartbeatAsync("node-b", CancellationToken.None)).Should().BeNull();
    }

    [Fact]
    public async Task Only_the_last_heartbeat_is_kept()
    {
        var head = Revision.None;
        for (var i = 0; i < 5; i++) head = await BeatAsync(Heartbeat(), head);

        (await Store.ReadAllAsync(Prefix.Node("node-a"))).Should().ContainSingle().Which.Revision.Should().Be(head.Value);
    }

    [Fact]
    public async Task A_heartbeat_conflicts_when_another_process_has_the_name()
    {
        var head = await BeatAsync(Heartbeat(), Revision.None);
        var other = Heartbeat() with { Run = new NodeRun("node-a", "run-2") };

        (await Log.AppendHeartbeatAsync(other, Revision.None, new AppendId(Guid.NewGuid()), CancellationToken.None))
            .Should().BeOfType<AppendOutcome.Lost>();
        await BeatAsync(other, head);
        (await Log.AppendHeartbeatAsync(Heartbeat(), head, new AppendId(Guid.NewGuid()), CancellationToken.None))
            .Should().BeOfType<AppendOutcome.Lost>();
    }

    [Fact]
    public async Task The_same_heartbeat_again_is_appended_once()
    {
        var head = await BeatAsync(Heartbeat(), Revision.None);
        var id = new AppendId(Guid.NewGuid());
        var first = await Log.AppendHeartbeatAsync(Heartbeat(), head, id, CancellationToken.None);

        first.Should().BeOfType<AppendOutcome.Appended>().Which.Head.Revision.Value.Should().Be(1);
        (await Log.AppendHeartbeatAsync(Heartbeat(), head, id, CancellationToken.None)).Should().Be(first);
    }

    [Fact]
    public async Task A_request_is_appended_by_anybody_at_any_time_and_once()
    {
        var request = new ServiceEvent.StreamCancelRequested(Text.Id, null) { At = Time.GetUtcNow() };
        var id = new AppendId(Guid.NewGuid());
        var second = await SecondAsync();
        for (var i = 0; i < 2; i++)
        {
            (await Log.AppendRequestAsync(request, Texts.Context, id, CancellationToken.None)).Should().BeOfType<AppendOutcome.Appended>();
            (await second.AppendRequestAsync(request, Texts.Context, new AppendId(Guid.NewGuid()), CancellationToken.None))
                .Should().BeOfType<AppendOutcome.Appended>();
        }

        (await Store.ReadAllAsync(Prefix.Requests)).Should().HaveCount(3);
    }

    private ServiceEvent.NodeHeartbeat Heartbeat() =>
        new(Texts.Node, Time.GetUtcNow(), TimeSpan.FromSeconds(30), Stopped: false) { At = Time.GetUtcNow() };

    private async Task<Revision> BeatAsync(ServiceEvent.NodeHeartbeat heartbeat, Revision expected) =>
        (await Log.AppendHeartbeatAsync(heartbeat, expected, new AppendId(Guid.NewGuid()), CancellationToken.None))
            .Should().BeOfType<AppendOutcome.Appended>().Which.Head.Revision;
}
