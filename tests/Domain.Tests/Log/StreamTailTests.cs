using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Domain.Tests;

public sealed class StreamTailTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private readonly ScriptedEventStore store;
    private readonly EventContext context = new(Node, 0, EventContext.Anonymous);
    private StreamLog log = null!;
    private int drawn;

    public StreamTailTests() => store = new(time);

    public async Task InitializeAsync() =>
        log = await StreamLog.OpenAsync(store, StreamPrefix.Default, Guid.NewGuid, time, Node, default);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Each_append_builds_on_the_one_before_and_draws_an_id_of_its_own()
    {
        var tail = Tail();

        (await OutcomeAsync(tail, Commands.Create())).Should().BeOfType<AppendOutcome.Appended>().Which.Last.Should().Be(0);
        (await OutcomeAsync(tail, Commands.Start())).Should().BeOfType<AppendOutcome.Appended>().Which.Last.Should().Be(1);
        (await OutcomeAsync(tail, Commands.Persist("a"), Commands.Persist("b"), Commands.Complete()))
            .Should().BeOfType<AppendOutcome.Appended>().Which.Last.Should().Be(4);

        var stored = await StoredAsync();
        store.Appends.Select(a => a.Expected.Value).Should().Equal(-1, 0, 1);
        store.Appends.Select(a => a.Events[0].Id).Should().OnlyHaveUniqueItems();
        stored.Select(e => e.Context.Epoch).Should().Equal(0, 1, 1, 1, 1);
        (await log.ReadAsync(SomeStream, Revision.None, ReadFrom.Leader, default).CountAsync()).Should().Be(5, "the chain holds");
        tail.Head.Should().Be(stored[^1].Head);
        tail.State.Should().Be(new StreamState.Ended(StreamStatus.Done, 1, 2, 2));
    }

    [Fact]
    public async Task State_and_head_are_those_that_reading_the_last_event_gives_whatever_went_in_one_append()
    {
        StreamCommand[][] appends =
        [
            [Commands.Create(), Commands.Start(), Commands.Persist("a"), Commands.Persist("b")],
            [Commands.Create(), Commands.Start(), Commands.Fail()],
            [Commands.Create(), Commands.Cancel(), Commands.Delete()],
            [Commands.Create(), Commands.Start(), Commands.Complete(), Commands.Delete()],
        ];
        foreach (var (i, commands) in appends.Index())
        {
            var stream = new StreamId($"s{i}");
            var tail = new StreamTail(stream, end: null, log, NextId);
            await AppendAsync(tail, commands);

            var again = new StreamTail(stream, new LastEvents((await store.StoredAsync(stream))[^1], []), log, NextId);
            again.State.Should().Be(tail.State);
            again.Head.Should().Be(tail.Head);
        }
    }

    [Fact]
    public async Task An_actor_is_cut_to_what_every_event_has_room_for()
    {
        await Tail().AppendAsync([Commands.Create()], context with { Actor = new string('ä', 200) }, CancellationToken.None);

        (await StoredAsync())[0].Context.Actor.Should().Be(new string('ä', TextLimits.ActorBytes / 2));
    }

    [Fact]
    public async Task A_refusal_of_one_appends_nothing()
    {
        var tail = Tail();

        (await AppendAsync(tail, Commands.Create(), Commands.Persist("a")))
            .Should().Be((new Decision.Rejected(Rejection.NotStarted), null));

        store.Appends.Should().BeEmpty();
        tail.State.Should().Be(new StreamState.Missing());
    }

    [Fact]
    public async Task What_is_so_already_appends_nothing()
    {
        var tail = Tail();
        await AppendAsync(tail, Commands.Create(), Commands.Cancel());

        var (decision, outcome) = await AppendAsync(tail, Commands.Cancel());
        decision.Should().BeOfType<Decision.Accepted>().Which.Events.Should().BeEmpty();
        outcome.Should().BeNull();

        store.Appends.Should().HaveCount(1);
    }

    [Fact]
    public async Task Overtaken_it_stands_behind_the_event_that_it_found()
    {
        var tail = Tail();
        await AppendAsync(tail, Commands.Create(), Commands.Start(), Commands.Persist("ä"));
        var other = await store.PutAsync(SomeStream, Cancelled("enough", 2, 1));
        store.Answers(new AppendOutcome.Lost(3));

        (await OutcomeAsync(tail, Commands.Persist("more")))
            .Should().BeOfType<AppendOutcome.Lost>().Which.Missed.Should().Be(new Missed([other], other, other));

        tail.Head.Should().Be(other.Head);
        tail.State.Should().Be(new StreamState.Ended(StreamStatus.Cancelled, 1, 1, 2));
        (await AppendAsync(tail, Commands.Persist("more"))).Should().Be((new Decision.Rejected(Rejection.StreamEnded), null));
    }

    [Fact]
    public async Task A_lost_claim_tells_who_has_won()
    {
        var created = await store.PutAsync(SomeStream, Created(), epoch: 0);
        var winner = await store.PutAsync(SomeStream, Started(driver: new NodeRun("node-2", "run-9")));
        store.Answers(new AppendOutcome.Lost(1));
        var tail = new StreamTail(SomeStream, new LastEvents(created, []), log, NextId);

        (await OutcomeAsync(tail, Commands.Start()))
            .Should().BeOfType<AppendOutcome.Lost>().Which.Missed.Should().Be(new Missed([winner], winner, null));
    }

    [Fact]
    public async Task A_tombstone_is_told()
    {
        store.Answers(new AppendOutcome.Deleted());

        (await OutcomeAsync(Tail(), Commands.Create())).Should().BeOfType<AppendOutcome.Deleted>();
    }

    private AppendId NextId() => new(new Guid(++drawn, 0, 0, new byte[8]));

    private StreamTail Tail() => new(SomeStream, end: null, log, NextId);

    private Task<(Decision Decision, AppendOutcome? Outcome)> AppendAsync(StreamTail tail, params StreamCommand[] commands) =>
        tail.AppendAsync(commands, context, CancellationToken.None);

    private async Task<AppendOutcome?> OutcomeAsync(StreamTail tail, params StreamCommand[] commands) =>
        (await AppendAsync(tail, commands)).Outcome;

    private Task<IReadOnlyList<RecordedEvent>> StoredAsync() => store.StoredAsync(SomeStream);
}
