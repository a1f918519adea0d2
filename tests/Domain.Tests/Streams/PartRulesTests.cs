using System.Diagnostics;
using static EventSourcedStreams.Domain.StreamCommand;
using static EventSourcedStreams.Domain.StreamEvent;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Domain.Tests;

public sealed class PartRulesTests
{
    private static readonly PartStart Reasoning = new(PartKinds.Reasoning);

    [Fact]
    public void Each_event_of_a_part_says_all_that_stands_before_it()
    {
        var events = Accepted(
            new StartPart(Reasoning with { Detail = "{\"ä\":1}" }, Noon) { At = Noon },
            new PersistPart(1, "Hm, ä", Noon) { At = Noon },
            Commands.Persist("ab"),
            new PersistPart(1, "b", Noon) { At = Noon },
            new EndPart(1, new PartEnd { Detail = "{}" }, Noon) { At = Noon },
            new StartPart(new PartStart(PartKinds.Source) { Of = 1 }, Noon) { At = Noon },
            Commands.Complete());

        events.Should().Equal(
            new PartStarted(1, Reasoning with { Detail = "{\"ä\":1}" }, Noon, default) { At = Noon },
            new PartPersisted(1, 0, 0, "Hm, ä", Noon, new(0, 0, 1, 8)) { At = Noon },
            Chunk(0, 0, "ab") with { Parts = 1, PartBytes = 14 },
            new PartPersisted(1, 1, 6, "b", Noon, new(1, 2, 1, 14)) { At = Noon },
            new PartEnded(1, 7, new PartEnd { Detail = "{}" }, Noon, new(1, 2, 1, 15)) { At = Noon },
            new PartStarted(2, new PartStart(PartKinds.Source) { Of = 1 }, Noon, new(1, 2, 1, 17)) { At = Noon },
            Completed(2, 1) with { Parts = 2, PartBytes = 17 });
    }

    public static IEnumerable<object[]> Refused => Refusals;

    private static TheoryData<string, StreamCommand, string> Refusals => new()
    {
        { "a kind that is none", new StartPart(new PartStart("No"), Noon) { At = Noon }, "PartOverLimit" },
        { "of a later part", new StartPart(Reasoning with { Of = 3 }, Noon) { At = Noon }, "PartOverLimit" },
        { "text of a part that never was", new PersistPart(3, "a", Noon) { At = Noon }, "PartNotOpen" },
        { "text of a part that has ended", new PersistPart(1, "a", Noon) { At = Noon }, "PartNotOpen" },
        { "no text", new PersistPart(2, "", Noon) { At = Noon }, "EmptyChunk" },
        { "text where there is none", new PersistPart(2, "a", Noon) { At = Noon }, "PartWithoutText" },
        { "a second end", new EndPart(1, new PartEnd(), Noon) { At = Noon }, "PartNotOpen" },
        { "a detail that is no object", new EndPart(2, new PartEnd { Detail = "1" }, Noon) { At = Noon }, "PartOverLimit" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    internal void What_cannot_be_is_refused(string what, StreamCommand command, string why)
    {
        var (state, open) = Fold(Past());

        StreamRules.Decide(command, state, open).Should().Be(new Decision.Rejected(Enum.Parse<Rejection>(why)), what);
    }

    [Fact]
    public void Before_the_start_and_behind_the_end_there_are_no_parts()
    {
        var start = new StartPart(Reasoning, Noon) { At = Noon };

        StreamRules.Decide(start, new StreamState.Pending(Created())).Should().Be(new Decision.Rejected(Rejection.NotStarted));
        StreamRules.Decide(start, new StreamState.Ended(StreamStatus.Done, 1, 0, 0)).Should().Be(new Decision.Rejected(Rejection.StreamEnded));
    }

    public static IEnumerable<object[]> Impossible => Histories;

    /// <summary>Behind <see cref="Past"/>: part 1 has ended, part 2, of the kind text, is open.</summary>
    private static TheoryData<string, StreamEvent> Histories => new()
    {
        { "a number left out", new PartStarted(4, Reasoning, Noon, Now) { At = Noon } },
        { "a number again", new PartStarted(2, Reasoning, Noon, Now) { At = Noon } },
        { "of itself", new PartStarted(3, Reasoning with { Of = 3 }, Noon, Now) { At = Noon } },
        { "too few parts before it", new PartStarted(3, Reasoning, Noon, Now with { Parts = 1 }) { At = Noon } },
        { "too many bytes before it", new PartStarted(3, Reasoning, Noon, Now with { PartBytes = 9 }) { At = Noon } },
        { "another length of the body", new PartStarted(3, Reasoning, Noon, Now with { Length = 1 }) { At = Noon } },
        { "another number of chunks", new PartStarted(3, Reasoning, Noon, Now with { Chunks = 1 }) { At = Noon } },
        { "text behind a part's end", new PartPersisted(1, 1, 1, "a", Noon, Now) { At = Noon } },
        { "text where there is none", new PartPersisted(2, 0, 0, "a", Noon, Now) { At = Noon } },
        { "empty text", new PartPersisted(2, 0, 0, "", Noon, Now) { At = Noon } },
        { "a second end", new PartEnded(1, 1, new PartEnd(), Noon, Now) { At = Noon } },
        { "an end of another length", new PartEnded(2, 1, new PartEnd(), Noon, Now) { At = Noon } },
        { "an end of a part that never was", new PartEnded(3, 0, new PartEnd(), Noon, Now) { At = Noon } },
        { "a chunk that knows of no parts", Chunk(0, 0, "a") },
        { "an ending that knows of no parts", Completed() },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    internal void A_history_that_cannot_be_throws(string what, StreamEvent next)
    {
        var fold = () => Fold([.. Past(), next]);

        fold.Should().Throw<UnreachableException>(what);
    }

    [Fact]
    public void Another_drivers_start_cuts_off_what_is_open() =>
        OpenParts.None.After(new PartStarted(1, Reasoning, Noon, default) { At = Noon }).After(Started()).Count.Should().Be(0);

    private static StreamExtent Now => new(0, 0, 2, 1);

    private static StreamEvent[] Past() =>
    [
        Created(),
        Started(),
        new PartStarted(1, Reasoning, Noon, default) { At = Noon },
        new PartPersisted(1, 0, 0, "a", Noon, new(0, 0, 1, 0)) { At = Noon },
        new PartEnded(1, 1, new PartEnd(), Noon, new(0, 0, 1, 1)) { At = Noon },
        new PartStarted(2, new PartStart(PartKinds.Text), Noon, new(0, 0, 1, 1)) { At = Noon },
    ];

    private static List<StreamEvent> Accepted(params StreamCommand[] commands)
    {
        var (state, open) = Fold([Created(), Started()]);
        var events = new List<StreamEvent>();
        foreach (var command in commands)
        {
            var next = ((Decision.Accepted)StreamRules.Decide(command, state, open)).Events.Single();
            (state, open) = (StreamRules.Evolve(state, next), open.After(next));
            StreamState.After(Recorded("s", 9, next, epoch: 1)).Should().Be(state);
            events.Add(next);
        }

        return events;
    }

    private static (StreamState State, OpenParts Open) Fold(IEnumerable<StreamEvent> history) => history.Aggregate(
        ((StreamState)new StreamState.Missing(), OpenParts.None), (past, e) => (StreamRules.Evolve(past.Item1, e), past.Item2.After(e)));
}
