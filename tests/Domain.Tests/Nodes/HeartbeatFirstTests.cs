using EventSourcedStreams.TestKit;
namespace EventSourcedStreams.Domain.Tests.Nodes;

public sealed class HeartbeatFirstTests
{
    private readonly HeartbeatGate first = new();

    [Fact]
    public void A_node_without_a_heartbeat_has_nothing_to_wait_for()
    {
        first.Doubt();

        first.PassAsync(default).IsCompletedSuccessfully.Should().BeTrue();
        first.Wanted.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public void Nothing_waits_while_nothing_is_in_doubt()
    {
        first.Complete(first.Begin());

        first.PassAsync(default).IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public async Task A_doubt_wants_a_heartbeat_at_once_and_holds_all_else_until_it_is_durable()
    {
        first.Complete(first.Begin());
        first.Doubt();
        var waiting = first.PassAsync(default);
        first.Wanted.IsCompleted.Should().BeTrue();
        waiting.IsCompleted.Should().BeFalse();

        var begun = first.Begin();
        first.Wanted.IsCompleted.Should().BeFalse("it is on its way");
        first.Complete(begun);

        await waiting.WaitAsync(Eventually.Limit);
    }

    [Fact]
    public async Task A_heartbeat_that_was_begun_before_the_doubt_settles_nothing()
    {
        first.Complete(first.Begin());
        var begun = first.Begin();
        first.Doubt();
        var waiting = first.PassAsync(default);

        first.Complete(begun);

        first.Wanted.IsCompleted.Should().BeTrue();
        waiting.IsCompleted.Should().BeFalse();
        first.Complete(first.Begin());
        await waiting.WaitAsync(Eventually.Limit);
    }

    [Fact]
    public async Task A_node_that_has_lost_its_name_holds_nothing_back()
    {
        first.Complete(first.Begin());
        first.Doubt();
        var waiting = first.PassAsync(default);

        first.Stop();

        await waiting.WaitAsync(Eventually.Limit);
        first.PassAsync(default).IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public async Task Waiting_ends_with_its_caller()
    {
        using var gone = new CancellationTokenSource();
        first.Complete(first.Begin());
        first.Doubt();
        var waiting = first.PassAsync(gone.Token);

        await gone.CancelAsync();

        await waiting.Awaiting(w => w).Should().ThrowAsync<OperationCanceledException>();
    }
}
