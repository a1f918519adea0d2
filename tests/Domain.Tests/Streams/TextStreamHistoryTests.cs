using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using static EventSourcedStreams.Domain.StreamEvent;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Domain.Tests;

public sealed class TextStreamHistoryTests
{
    private static readonly Gen<StreamCommand> AnyCommand = Gen.Frequency<StreamCommand>(
        (1, Gen.Constant<StreamCommand>(Commands.Create())),
        (2, Gen.Constant<StreamCommand>(Commands.Start())),
        (9, Gen.Elements("a", "", "ä", "漢字", "😀", "end.\n").Select(text => (StreamCommand)Commands.Persist(text))),
        (1, Gen.Elements<StreamCommand>(
            Commands.Complete(), Commands.Fail(), Commands.Cancel(), Commands.TimeOut(), Commands.Delete())));

    [Fact]
    public void Whatever_is_asked_the_accepted_events_make_one_history_with_one_ending() => Check(commands =>
    {
        var events = Accepted(commands).Select(step => step.Event).ToList();
        var ends = events.Select((e, i) => (e.IsEnding, i)).Where(e => e.IsEnding).Select(e => e.i).ToList();

        ends.Count.Should().BeLessThanOrEqualTo(1);
        if (ends is [var end]) events.Skip(end + 1).Should().AllBeOfType<StreamDeleted>().And.HaveCountLessThanOrEqualTo(1);
        events.OfType<StreamDeleted>().Should().HaveCountLessThanOrEqualTo(1);
        if (events.OfType<StreamDeleted>().Any()) events[^1].Should().BeOfType<StreamDeleted>();
        events.OfType<StreamStarted>().Should().HaveCountLessThanOrEqualTo(1);
    });

    [Fact]
    public void The_state_behind_the_last_event_is_that_of_folding_all() => Check(commands =>
    {
        foreach (var step in Accepted(commands)) StreamState.After(step.Recorded).Should().Be(step.Folded);
    });

    [Fact]
    public void The_text_is_what_was_accepted_and_its_ending_says_its_length() => Check(commands =>
    {
        var steps = Accepted(commands);
        var body = steps.Select(s => s.Recorded).Aggregate(default(StreamBody), StreamBody.Apply);
        var text = string.Concat(steps.Select(s => s.Event).OfType<ChunkPersisted>().Select(e => e.Text));

        (body?.Text.ToString() ?? "").Should().Be(text);
        (body?.Summary.Length ?? 0).Should().Be(Encoding.UTF8.GetByteCount(text));
    });

    [Fact]
    public void Asking_everything_again_at_the_end_adds_at_most_what_no_state_refuses() => Check(commands =>
    {
        var steps = Accepted([.. commands, Commands.Complete(), Commands.Cancel(), Commands.Delete()]);
        if (steps.Count == 0) return;
        var again = Accepted([.. commands, Commands.Complete(), Commands.Cancel(), Commands.Delete(), .. commands]);

        again.Select(s => s.Event).Should().Equal(steps.Select(s => s.Event), "a deleted stream takes nothing more");
    });

    /// <summary>The runner takes public data only; what these rows hold is internal.</summary>
    public static IEnumerable<object[]> Impossible => Histories;

    private static TheoryData<string, StreamEvent[]> Histories => new()
    {
        { "a start without a beginning", [Started()] },
        { "two beginnings", [Created(), Created()] },
        { "text before the start", [Created(), Chunk(0, 0, "a")] },
        { "two starts", [Created(), Started(), Started()] },
        { "an index left out", [Created(), Started(), Chunk(1, 0, "a")] },
        { "a wrong offset", [Created(), Started(), Chunk(0, 0, "ä"), Chunk(1, 1, "b")] },
        { "an empty chunk", [Created(), Started(), Chunk(0, 0, "")] },
        { "an ending that is too short", [Created(), Started(), Chunk(0, 0, "ä"), Completed(1, 1)] },
        { "an ending with too few chunks", [Created(), Started(), Chunk(0, 0, "ä"), Failed("a", "b", 2, 0)] },
        { "done without a start", [Created(), Completed()] },
        { "text after the ending", [Created(), Started(), Completed(), Chunk(0, 0, "a")] },
        { "two endings", [Created(), Started(), Completed(), Cancelled()] },
        { "a deletion while streaming", [Created(), Started(), Deleted(StreamStatus.Streaming)] },
        { "a deletion of another length", [Created(), Started(), Completed(), Deleted(StreamStatus.Done, 1)] },
        { "life after deletion", [Created(), Deleted(StreamStatus.Pending), Started()] },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    internal void A_history_that_cannot_be_throws(string what, StreamEvent[] history)
    {
        var fold = () => history.Aggregate((StreamState)new StreamState.Missing(), StreamRules.Evolve);

        fold.Should().Throw<UnreachableException>(what);
    }

    private static void Check(Action<List<StreamCommand>> property) =>
        Prop.ForAll(AnyCommand.ListOf().Select(list => list.Prepend(Commands.Create()).ToList()).ToArbitrary(), property)
            .QuickCheckThrowOnFailure();

    private static List<Step> Accepted(IEnumerable<StreamCommand> commands)
    {
        var (state, epoch, steps) = ((StreamState)new StreamState.Missing(), 0, new List<Step>());
        foreach (var command in commands)
        {
            if (StreamRules.Decide(command, state) is not Decision.Accepted accepted) continue;
            foreach (var e in accepted.Events)
            {
                state = StreamRules.Evolve(state, e);
                if (e is StreamStarted started) epoch = started.Epoch;
                steps.Add(new Step(Recorded("s", steps.Count, e, epoch), state));
            }
        }

        return steps;
    }

    private sealed record Step(RecordedEvent Recorded, StreamState Folded)
    {
        public StreamEvent Event => Recorded.Event;
    }
}
