using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>What is under way when a node stops.</summary>
public sealed class StopTests
{
    private readonly ManualTime time = new();
    private readonly ScriptedSource source = new();

    [Fact]
    public async Task A_drive_that_was_still_reading_when_the_stop_began_claims_nothing()
    {
        var store = new InMemoryEventStore(new InMemoryStore(time));
        await using var node = await EngineNode.StartAsync(store, time, [source]);
        var id = await node.CreateAsync("late");
        var before = (await node.EventsAsync(id)).Count;
        node.Faults.GoAway();
        var drive = node.Engine.Drivers.DriveAsync(id, null, null, null, Caller.Anonymous, default);

        await node.Engine.Drivers.StopAsync(default);
        node.Faults.ComeBack();

        (await drive).Should().BeOfType<DriveResult.Unavailable>().Which.Why.Should().Contain("stopping");
        node.Engine.Drivers.Count.Should().Be(0);
        (await node.EventsAsync(id)).Should().HaveCount(before);
        source.For(id).Begun.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task Of_many_drives_that_race_a_stop_each_is_ended_by_it_or_claims_nothing()
    {
        await using var node = await EngineNode.StartAsync(new InMemoryEventStore(new InMemoryStore(time)), time, [source]);
        var ids = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => node.CreateAsync($"s{i}")));
        var drives = ids.Select(id => Task.Run(() => node.Engine.Drivers.DriveAsync(id, null, null, null, Caller.Anonymous, default))).ToArray();
        await Eventually.UntilAsync("one drive has claimed its stream", () => drives.Any(drive => drive.IsCompleted));

        await node.Engine.Drivers.StopAsync(default);
        var atTheStop = await Task.WhenAll(ids.Select(async id => (await node.EventsAsync(id))[^1].Event));
        await Task.WhenAll(drives);

        atTheStop.Should().OnlyContain(last => last is StreamEvent.StreamCreated || last.IsEnding);
        (await Task.WhenAll(ids.Select(async id => (await node.EventsAsync(id))[^1].Event))).Should().Equal(atTheStop);
    }

    [Fact]
    public async Task A_heartbeat_that_is_under_way_at_the_stop_does_not_come_after_the_last_word()
    {
        await using var node = await EngineNode.StartAsync(new InMemoryEventStore(new InMemoryStore(time)), time, [source]);
        node.Faults.GoAway();
        await time.AdvanceUntilAsync("a heartbeat is under way", () => node.Faults.HeldAppends.Any());
        var stop = node.Engine.StopAsync(default);

        node.Faults.ComeBack();
        await stop.WaitAsync(Eventually.Limit);

        (await node.Log.ReadHeartbeatAsync("a", default))!.Heartbeat.Stopped.Should().BeTrue();
        node.Engine.Problem.Should().BeNull("the node has met no other");
    }

    [Fact]
    public async Task A_stop_that_cannot_write_its_endings_in_time_lets_its_drivers_go()
    {
        await using var node = await EngineNode.StartAsync(new InMemoryEventStore(new InMemoryStore(time)), time, [source]);
        var id = await node.CreateAsync("open");
        var driver = await node.DriveAsync(id);
        await source.For(id).Begun;
        node.Faults.GoAway();

        await StopAsync(node);

        await driver.Finished.WaitAsync(Eventually.Limit);
        (await driver.End.WaitAsync(Eventually.Limit))!.Status.Should().BeNull("whether its ending was written is not known");
    }

    [Fact]
    public async Task A_handler_that_hears_no_token_keeps_no_node_from_stopping()
    {
        var told = new TaskCompletionSource();
        var handler = new EndedHandler("deaf", (_, _) =>
        {
            told.TrySetResult();
            return new TaskCompletionSource().Task;
        });

        await ShouldStopAsync(handler, told.Task);
    }

    [Fact]
    public async Task A_handler_that_blocks_when_it_is_cancelled_holds_up_no_stop()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var blocked = new ManualResetEventSlim();
        var handler = new EndedHandler("blocks", (_, ct) =>
        {
            ct.UnsafeRegister(static block => ((ManualResetEventSlim)block!).Wait(), blocked);
            told.TrySetResult();
            return new TaskCompletionSource().Task;
        });

        await ShouldStopAsync(handler, told.Task);
        blocked.Set();
    }

    /// <summary>A node stops and goes that has told its handler of an ending, and has not its answer.</summary>
    private async Task ShouldStopAsync(EndedHandler handler, Task told)
    {
        var node = await EngineNode.StartAsync(new InMemoryEventStore(new InMemoryStore(time)), time, [source], handlers: [handler]);
        var id = await node.CreateAsync("ended");
        var driver = await node.DriveAsync(id);
        source.For(id).End();
        await driver.End;
        await told.WaitAsync(Eventually.Limit);

        await StopAsync(node);

        var gone = node.DisposeAsync().AsTask();
        await Eventually.UntilAsync("the node has gone", () => Advanced(gone));
    }

    private Task StopAsync(EngineNode node)
    {
        var stopping = node.Engine.StopAsync(default);
        return Eventually.UntilAsync("the node has stopped", () => Advanced(stopping));
    }

    private bool Advanced(Task until)
    {
        if (until.IsCompleted) return true;
        time.Advance(TimeSpan.FromMilliseconds(100));
        return false;
    }
}
