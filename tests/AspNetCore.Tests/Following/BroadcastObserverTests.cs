using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Following;

/// <summary>One observer's place in a broadcast, which its broadcast and its connection use at the same time.</summary>
public sealed class BroadcastObserverTests
{
    [Fact]
    public async Task An_observer_that_is_dropped_as_too_slow_just_as_it_begins_to_wait_goes_on_in_the_log()
    {
        var observer = new BroadcastObserver(maxWaitingBytes: 100) { Place = Frame() };
        var next = observer.NextAsync(default).AsTask();
        next.IsCompleted.Should().BeFalse("there is nothing after its place");

        observer.FallBehind();

        await next.WaitAsync(Eventually.Limit);
        observer.Place.Should().BeNull("it reads on in the log");
        await observer.NextAsync(default).AsTask().WaitAsync(Eventually.Limit);
    }

    private static BroadcastFrame Frame() => new(BroadcastFrameKind.Event, Revision.From(0), new byte[200], 200) { WithParts = new byte[200] };
}
