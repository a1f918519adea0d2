using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Domain.Tests;

public sealed class StreamTailTests
{
    private readonly ScriptedEventLog log = new();
    private readonly EventContext context = new(Node, 0, EventContext.Anonymous);
    private int drawn;

    [Fact]
    public async Task Each_append_builds_on_the_one_before_and_draws_an_id_of_its_own()
    {
        var tail = Tail();

        (await AppendAsync(tail, Commands.Create())).Should().BeOfType<TailResult.Appended>().Which.Revision.Should().Be(Revision.From(0));
        (await AppendAsync(tail, Commands.Start())).Should().BeOfType<TailResult.Appended>().Which.Revision.Should().Be(Revision.From(1));
        (await AppendAsync(tail, Commands.Persist("a"), Commands.Persist("b"), Commands.Complete()))
            .Should().BeOfType<TailResult.Appended>().Which.Revision.Should().Be(Revision.From(4));

        log.Appends.Select(a => a.Expected).Should().Equal(StreamHead.None, log.Stored[0].Head, log.Stored[1].Head);
        log.Appends.Select(a => a.Id).Should().OnlyHaveUniqueItems();
        log.Stored.Select(e => e.Context.Epoch).Should().Equal(0, 1, 1, 1, 1);
        tail.Head.Should().Be(log.Stored[^1].Head);
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
        foreach (var commands in appends)
        {
            var tail = Tail();
            await AppendAsync(tail, commands);

            var again = new StreamTail(SomeStream, log.Stored[^1], Settler, NextId);
            again.State.Should().Be(tail.State);
            again.Head.Should().Be(tail.Head);
        }
    }

    [Fact]
    public async Task An_actor_is_cut_to_what_every_event_has_room_for()
    {
        await Tail().AppendAsync([Commands.Create()], context with { Actor = new string('ä', 200) }, CancellationToken.None);

        log.Stored[0].Context.Actor.Should().Be(new string('ä', TextLimits.ActorBytes / 2));
    }

    [Fact]
    public async Task A_refusal_of_one_appends_nothing()
    {
        var tail = Tail();

        (await AppendAsync(tail, Commands.Create(), Commands.Persist("a"))).Should().Be(new TailResult.Refused(Rejection.NotStarted));

        log.Appends.Should().BeEmpty();
        tail.State.Should().Be(new StreamState.Missing());
    }

    [Fact]
    public async Task What_is_so_already_appends_nothing()
    {
        var tail = Tail();
        await AppendAsync(tail, Commands.Create(), Commands.Cancel());

        (await AppendAsync(tail, Commands.Cancel())).Should().BeOfType<TailResult.Nothing>();

        log.Appends.Should().HaveCount(1);
    }

    [Fact]
    public async Task Overtaken_it_stands_behind_the_event_that_it_found()
    {
        var tail = Tail();
        await AppendAsync(tail, Commands.Create(), Commands.Start(), Commands.Persist("ä"));
        var other = Recorded("s", 3, Cancelled("enough", 2, 1), epoch: 1);
        log.Put(other);
        log.Answers(new AppendResult.Conflict());

        (await AppendAsync(tail, Commands.Persist("more"))).Should().Be(new TailResult.Overtaken(other));

        tail.Head.Should().Be(other.Head);
        tail.State.Should().Be(new StreamState.Ended(StreamStatus.Cancelled, 1, 1, 2));
        (await AppendAsync(tail, Commands.Persist("more"))).Should().Be(new TailResult.Refused(Rejection.StreamEnded));
    }

    [Fact]
    public async Task A_lost_claim_tells_who_has_won()
    {
        var created = Recorded("s", 0, Created());
        log.Put(created);
        var winner = Recorded("s", 1, Started(driver: new NodeRun("node-2", "run-9")), epoch: 1);
        log.Put(winner);
        log.Answers(new AppendResult.Conflict());
        var tail = new StreamTail(SomeStream, created, Settler, NextId);

        (await AppendAsync(tail, Commands.Start())).Should().Be(new TailResult.Overtaken(winner));
    }

    [Fact]
    public async Task A_tombstone_is_told()
    {
        log.Answers(new AppendResult.Deleted());

        (await AppendAsync(Tail(), Commands.Create())).Should().BeOfType<TailResult.Gone>();
    }

    private AppendSettler Settler => new(log, new ManualTime(), TimeSpan.FromSeconds(5));

    private AppendId NextId() => new(new Guid(++drawn, 0, 0, new byte[8]));

    private StreamTail Tail() => new(SomeStream, last: null, Settler, NextId);

    private Task<TailResult> AppendAsync(StreamTail tail, params StreamCommand[] commands) =>
        tail.AppendAsync(commands, context, CancellationToken.None);
}
