using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>A log that does not answer: tokens never wait, nothing is lost or doubled, and past the limit streams end
/// truthfully.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private const int Streams = 50;

    private readonly ManualTime time = new();
    private readonly ScriptedSource source = new();
    private EngineNode node = null!;
    private StreamId[] ids = [];
    private DriverReader[] drivers = [];

    public async Task InitializeAsync()
    {
        node = await EngineNode.StartAsync(new InMemoryEventStore(new InMemoryStore(time)), time, [source]);
        ids = await Task.WhenAll(Enumerable.Range(0, Streams).Select(i => node.CreateAsync($"s{i}")));
        drivers = await Task.WhenAll(ids.Select(node.DriveAsync));
        await SayAsync("before. ");
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public Task An_outage_of_25_s_costs_no_token_and_loses_nothing() => OutageAsync(node.Faults.GoAway);

    [Fact]
    public Task Answers_lost_for_25_s_double_nothing() => OutageAsync(node.Faults.LoseAnswers);

    [Fact]
    public async Task An_outage_over_the_limit_ends_streams_truthfully_once_the_log_is_back()
    {
        node.Faults.GoAway();
        await SayAsync("during. ");
        await AdvanceUntilAsync("every driver has been told", () => drivers.All(driver => driver.End.IsCompleted));
        time.Advance(TimeSpan.FromSeconds(30));

        foreach (var driver in drivers)
        {
            var end = await driver.End;
            end!.Status.Should().BeNull("the log has not said how it ended");
            end.Error!.Code.Should().Be("log-unavailable");
        }

        ids.Should().OnlyContain(id => source.For(id).Token.IsCancellationRequested);
        node.Engine.Problem.Should().NotBeNull();

        node.Faults.ComeBack();
        await AdvanceUntilAsync("every stream has its ending", () => node.Engine.Drivers.Count == 0);
        foreach (var id in ids)
        {
            var events = await node.EventsAsync(id);
            events[^1].Event.Should().BeOfType<StreamEvent.StreamFailed>().Which.Code.Should().Be("log-unavailable");
            events.Count(e => e.Event.IsEnding).Should().Be(1);
            (await node.BodyAsync(id)).Text.ToString().Should().Be("before. during. ");
        }
    }

    [Fact]
    public async Task A_claim_that_turns_out_to_have_won_after_the_limit_ends_at_once_and_never_runs()
    {
        var id = await node.CreateAsync("late");
        node.Faults.LoseAnswers();
        var claim = node.Engine.Drivers.DriveAsync(id, null, null, null, Caller.Anonymous, default);
        for (var second = 0; second < 60; second++) time.Advance(TimeSpan.FromSeconds(1));
        (await claim).Should().BeOfType<DriveResult.Unavailable>();

        node.Faults.ComeBack();
        await AdvanceUntilAsync("the claim is settled", () => !node.Engine.Drivers.IsDriving(id));

        (await node.EventsAsync(id))[^1].Event.Should().BeOfType<StreamEvent.StreamFailed>().Which.Code.Should().Be("log-unavailable");
        source.For(id).Begun.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task A_claim_whose_answer_was_lost_runs_when_it_turns_out_to_have_won_within_the_limit()
    {
        var id = await node.CreateAsync("late");
        node.Faults.LoseAnswers();
        using var gone = new CancellationTokenSource();
        var claim = node.Engine.Drivers.DriveAsync(id, null, null, null, Caller.Anonymous, gone.Token);
        await gone.CancelAsync();
        await claim.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
        for (var second = 0; second < 20; second++) time.Advance(TimeSpan.FromSeconds(1));

        node.Faults.ComeBack();
        await AdvanceUntilAsync("the source runs", () => source.For(id).Begun.IsCompleted);
        (await node.EventsAsync(id)).Count(e => e.Event is StreamEvent.StreamStarted).Should().Be(1);
    }

    private async Task OutageAsync(Action begin)
    {
        begin();
        for (var second = 0; second < 25; second++)
        {
            await SayAsync($"second {second}. ");
            time.Advance(TimeSpan.FromSeconds(1));
        }

        var expected = "before. " + string.Concat(Enumerable.Range(0, 25).Select(second => $"second {second}. "));
        await Eventually.UntilAsync("every driver has every token", () => drivers.All(driver => driver.Text == expected));

        node.Faults.ComeBack();
        await SayAsync("after");
        foreach (var id in ids) source.For(id).End();
        await AdvanceUntilAsync("all have ended", () => drivers.All(driver => driver.End.IsCompleted));

        foreach (var (id, driver) in ids.Zip(drivers))
        {
            (await driver.End)!.Status.Should().Be(StreamStatus.Done);
            (await node.BodyAsync(id)).Text.ToString().Should().Be(expected + "after").And.Be(driver.Text);
        }
    }

    private async Task SayAsync(string text)
    {
        foreach (var id in ids) await source.For(id).SayAsync(text);
    }

    private Task AdvanceUntilAsync(string what, Func<bool> condition) => Eventually.UntilAsync(what, () =>
    {
        if (condition()) return true;
        time.Advance(TimeSpan.FromMilliseconds(100));
        return false;
    });
}
