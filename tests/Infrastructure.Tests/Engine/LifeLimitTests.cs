using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>What ends a running stream beside its source.</summary>
public sealed class LifeLimitTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTime time = new();
    private readonly ScriptedSource source = new();
    private EngineNode node = null!;

    // The clock goes faster than the log can answer, which is to say nothing here.
    public async Task InitializeAsync() => node = await EngineNode.StartAsync(
        new InMemoryEventStore(new InMemoryStore(time)), time, [source],
        options: new StreamEngineOptions { Driving = new DrivingLimits { OutageLimit = TimeSpan.FromHours(1) } });

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task A_stream_that_runs_longer_than_it_may_ends_as_timeout_however_lively_it_is()
    {
        var (id, driver) = await DriveAsync(maxDuration: TimeSpan.FromSeconds(30));
        for (var second = 0; second < 29; second++)
        {
            await source.For(id).SayAsync("Alive. ");
            await AdvanceAsync(Second);
        }

        driver.End.IsCompleted.Should().BeFalse();
        await AdvanceUntilEndedAsync(driver);

        var end = await driver.End;
        end!.Status.Should().Be(StreamStatus.Timeout);
        end.Error.Should().Be(new StreamFailure("timeout", "It had not ended 30 s after its start, its longest duration."));
        var last = (StreamEvent.StreamTimedOut)(await node.EventsAsync(id))[^1].Event;
        last.MaxDuration.Should().Be(TimeSpan.FromSeconds(30));
        (await node.BodyAsync(id)).Text.ToString().Should().Be(driver.Text).And.StartWith("Alive. Alive. ");
        (last.At - time.GetUtcNow()).Should().BeLessThan(Second);
    }

    [Fact]
    public async Task Waiting_to_be_driven_is_no_running()
    {
        var id = await CreateAsync(maxDuration: TimeSpan.FromSeconds(5));
        await AdvanceAsync(TimeSpan.FromSeconds(20));
        var driver = await node.DriveAsync(id);
        await source.For(id).Begun;
        await AdvanceAsync(TimeSpan.FromSeconds(3));

        driver.End.IsCompleted.Should().BeFalse();
        await AdvanceUntilEndedAsync(driver);
        (await driver.End)!.Status.Should().Be(StreamStatus.Timeout);
    }

    [Fact]
    public async Task Silence_that_comes_first_says_so()
    {
        var (_, driver) = await DriveAsync(maxDuration: TimeSpan.FromSeconds(30), idleTimeout: TimeSpan.FromSeconds(5));
        await AdvanceUntilEndedAsync(driver);

        (await driver.End)!.Error!.Message.Should().StartWith("Nothing came for 5");
    }

    [Fact]
    public async Task A_stream_goes_on_without_its_driver_unless_it_says_otherwise()
    {
        var (id, output) = await DropAsync(OnDisconnect.Continue);
        await AdvanceAsync(TimeSpan.FromSeconds(60));

        node.Engine.Drivers.IsDriving(id).Should().BeTrue();
        source.For(id).End();
        await output.Finished;
        (await node.BodyAsync(id)).Summary.Status.Should().Be(StreamStatus.Done);
    }

    [Fact]
    public async Task A_stream_that_is_to_end_with_its_driver_is_cancelled_10_s_after_it_has_gone()
    {
        var (id, output) = await DropAsync(OnDisconnect.Cancel);
        await source.For(id).SayAsync("Kept.");
        await AdvanceAsync(TimeSpan.FromSeconds(9));
        node.Engine.Drivers.IsDriving(id).Should().BeTrue();

        await AdvanceUntilAsync("it has ended", () => output.Finished.IsCompleted);

        var last = (StreamEvent.StreamCancelled)(await node.EventsAsync(id))[^1].Event;
        last.By.Should().Be("ada");
        last.Reason.Should().Be("Its driver has been gone for 10 s, and nothing follows it.");
        (await node.BodyAsync(id)).Text.ToString().Should().Be("Kept.");
        source.For(id).Token.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public async Task A_driver_that_stays_is_not_gone()
    {
        var (id, driver) = await DriveAsync(onDisconnect: OnDisconnect.Cancel);
        await AdvanceAsync(TimeSpan.FromSeconds(60));

        driver.End.IsCompleted.Should().BeFalse();
        source.For(id).End();
        (await driver.End)!.Status.Should().Be(StreamStatus.Done);
    }

    [Fact]
    public async Task A_stream_that_is_followed_goes_on_until_10_s_after_the_last_follower()
    {
        var (id, output) = await DropAsync(OnDisconnect.Cancel);
        var first = node.Engine.Drivers.Followers.Enter(id);
        var second = node.Engine.Drivers.Followers.Enter(id);
        await AdvanceAsync(TimeSpan.FromSeconds(60));
        first.Dispose();
        first.Dispose();
        await AdvanceAsync(TimeSpan.FromSeconds(60));
        node.Engine.Drivers.IsDriving(id).Should().BeTrue();

        second.Dispose();
        await AdvanceAsync(TimeSpan.FromSeconds(9));
        node.Engine.Drivers.IsDriving(id).Should().BeTrue();
        await AdvanceUntilAsync("it has ended", () => output.Finished.IsCompleted);

        (await node.BodyAsync(id)).Summary.Status.Should().Be(StreamStatus.Cancelled);
    }

    private async Task<StreamId> CreateAsync(
        TimeSpan? maxDuration = null, TimeSpan? idleTimeout = null, OnDisconnect onDisconnect = OnDisconnect.Continue)
    {
        var create = new StreamCommand.Create(
            new StreamId("s"), "script", null, "text/plain", idleTimeout ?? TimeSpan.FromMinutes(20), null, Labels.None, Names.None)
        { At = time.GetUtcNow(), MaxDuration = maxDuration, OnDisconnect = onDisconnect };
        await node.Engine.Creation.CreateAsync(create, Caller.Anonymous, default);
        return create.Id;
    }

    private async Task<(StreamId, DriverReader)> DriveAsync(
        TimeSpan? maxDuration = null, TimeSpan? idleTimeout = null, OnDisconnect onDisconnect = OnDisconnect.Continue)
    {
        var id = await CreateAsync(maxDuration, idleTimeout, onDisconnect);
        var driver = await node.DriveAsync(id);
        await source.For(id).Begun;
        return (id, driver);
    }

    private async Task<(StreamId, DriveResult.Driving)> DropAsync(OnDisconnect onDisconnect)
    {
        var id = await CreateAsync(onDisconnect: onDisconnect);
        var driving = (DriveResult.Driving)await node.Engine.Drivers.DriveAsync(id, null, null, null, new Caller("ada"), default);
        await source.For(id).Begun;
        driving.Output.Drop();
        return (id, driving);
    }

    private async Task AdvanceAsync(TimeSpan by)
    {
        for (var passed = TimeSpan.Zero; passed < by; passed += Second)
        {
            await Eventually.UntilAsync("the log has answered", () => node.Faults.Asked == 0);
            time.Advance(Second);
            await Task.Yield();
        }
    }

    private Task AdvanceUntilEndedAsync(DriverReader driver) => AdvanceUntilAsync("it has ended", () => driver.End.IsCompleted);

    private Task AdvanceUntilAsync(string what, Func<bool> condition) => Eventually.UntilAsync(what, () =>
    {
        if (condition()) return true;
        if (node.Faults.Asked == 0) time.Advance(TimeSpan.FromMilliseconds(100));
        return false;
    });
}
