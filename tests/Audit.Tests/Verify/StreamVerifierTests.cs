using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using FsCheck;
using FsCheck.Fluent;
using static EventSourcedStreams.Domain.StreamEvent;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

public sealed class StreamVerifierTests
{
    [Fact]
    public void Any_stream_that_the_rules_write_is_clean_at_every_length() => Prop.ForAll(
        RandomStreams.Histories.ToArbitrary(),
        history =>
        {
            var stored = RandomStreams.Stored(history);
            for (var events = 1; events <= stored.Count; events++) Findings(stored.Take(events)).Should().BeEmpty();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_bit_of_any_event_that_is_flipped_is_found_at_its_revision() => Prop.ForAll(
        RandomStreams.Histories.ToArbitrary(), Gen.Choose(0, int.MaxValue).Two().ToArbitrary(),
        (history, dice) =>
        {
            var stored = RandomStreams.Stored(history);
            var at = dice.Item1 % stored.Count;
            stored[at] = RandomStreams.WithFlippedBit(stored[at], dice.Item2);
            Findings(stored).Should().Contain(f => f.Revision == at);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_bit_of_data_and_metadata_is_covered()
    {
        var history = new StreamEvent[] { Created(), Started(), Chunk(0, 0, "héllo \"x\""), Completed(10, 1), Deleted(StreamStatus.Done, 10, 1) };
        EveryBitIsCovered(RandomStreams.Stored(history));
    }

    [Fact]
    public void Every_bit_of_a_stream_with_parts_is_covered() => EveryBitIsCovered(RandomStreams.Stored(WrittenHistory.WithParts()));

    private static void EveryBitIsCovered(List<StoredEvent> stored)
    {
        for (var at = 0; at < stored.Count; at++)
        {
            for (var bit = 0; bit < (stored[at].Data.Length + stored[at].Metadata.Length) * 8; bit++)
            {
                var forged = stored.ToList();
                forged[at] = RandomStreams.WithFlippedBit(stored[at], bit);
                Findings(forged).Should().Contain(f => f.Revision == at, $"bit {bit} of event {at} was flipped");
            }
        }
    }

    [Fact]
    public void Any_event_that_is_dropped_or_swapped_is_found() => Prop.ForAll(
        RandomStreams.Histories.Where(history => history.Count > 2).ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(),
        (history, dice) =>
        {
            var stored = RandomStreams.Stored(history);
            var at = dice % (stored.Count - 1);
            Findings([.. stored.Take(at), .. stored.Skip(at + 1)]).Should().Contain(f => f.Revision == at && f.Code == "revision");
            Findings([.. stored.Take(at), stored[at + 1], stored[at], .. stored.Skip(at + 2)])
                .Should().Contain(f => f.Revision == at);
        }).QuickCheckThrowOnFailure();

    /// <summary>The runner takes public data only; what these rows hold is internal.</summary>
    public static IEnumerable<object[]> Impossible => Histories;

    private static TheoryData<string, long, StreamEvent[]> Histories => new()
    {
        { "a first event that is none", 0, [Started(), Completed()] },
        { "a second creation", 1, [Created(), Created()] },
        { "text before the start", 1, [Created(), Chunk(0, 0, "x")] },
        { "a second start", 2, [Created(), Started(), Started()] },
        { "a chunk left out", 2, [Created(), Started(), Chunk(1, 0, "x")] },
        { "a chunk twice", 3, [Created(), Started(), Chunk(0, 0, "x"), Chunk(0, 0, "x")] },
        { "an offset too far", 3, [Created(), Started(), Chunk(0, 0, "ü"), Chunk(1, 1, "x")] },
        { "a chunk without text", 2, [Created(), Started(), Chunk(0, 0, "")] },
        { "a length too short", 3, [Created(), Started(), Chunk(0, 0, "xy"), Completed(1, 1)] },
        { "a chunk too many", 3, [Created(), Started(), Chunk(0, 0, "xy"), Failed("c", "m", 2, 2)] },
        { "two endings", 3, [Created(), Started(), Completed(), Cancelled()] },
        { "text behind the ending", 3, [Created(), Started(), Completed(), Chunk(0, 0, "x")] },
        { "an ending of a text that never began", 1, [Created(), Completed()] },
        { "a deletion of a running stream", 2, [Created(), Started(), Deleted(StreamStatus.Streaming)] },
        { "a deletion of another length", 3, [Created(), Started(), Completed(), Deleted(StreamStatus.Done, 1, 0)] },
        { "a deletion of other chunks", 3, [Created(), Started(), Completed(), Deleted(StreamStatus.Done, 0, 1)] },
        { "a deletion of another status", 3, [Created(), Started(), Completed(), Deleted(StreamStatus.Error)] },
        { "text of a part that never began", 2, [Created(), Started(), PartText(1, 0, 0, "x", default)] },
        { "a part that is not the next one", 2, [Created(), Started(), new PartStarted(2, Thought, Noon, default) { At = Noon }] },
        { "a part of one that comes later", 2, [Created(), Started(), new PartStarted(1, Thought with { Of = 1 }, Noon, default) { At = Noon }] },
        { "a part of no kind", 2, [Created(), Started(), new PartStarted(1, new PartStart("A b"), Noon, default) { At = Noon }] },
        { "a part whose name is too long", 2, [Created(), Started(), new PartStarted(1, Thought with { Name = new string('n', 257) }, Noon, default) { At = Noon }] },
        { "a batch of a part left out", 3, [Created(), Started(), Part1, PartText(1, 1, 0, "x", Behind1)] },
        { "a batch of a part at another offset", 3, [Created(), Started(), Part1, PartText(1, 0, 1, "x", Behind1)] },
        { "a batch of a part without text", 3, [Created(), Started(), Part1, PartText(1, 0, 0, "", Behind1)] },
        { "a batch of a part behind other text than is there", 3, [Created(), Started(), Part1, PartText(1, 0, 0, "x", Behind1 with { Length = 1 })] },
        { "an end of another length", 3, [Created(), Started(), Part1, End1(1, Behind1)] },
        { "two ends of a part", 4, [Created(), Started(), Part1, End1(0, Behind1), End1(0, Behind1)] },
        { "text behind a part's end", 4, [Created(), Started(), Part1, End1(0, Behind1), PartText(1, 0, 0, "x", Behind1)] },
        {
            "text of a mark", 3,
            [Created(), Started(), new PartStarted(1, new PartStart(PartKinds.Text), Noon, default) { At = Noon }, PartText(1, 0, 0, "x", Behind1)]
        },
        { "a chunk that forgets the parts", 3, [Created(), Started(), Part1, Chunk(0, 0, "x")] },
        { "an ending that forgets the parts", 3, [Created(), Started(), Part1, Completed()] },
        { "a part behind the ending", 3, [Created(), Started(), Completed(), Part1] },
        { "an error that is too long", 3, [Created(), Started(), Part1, End1(0, Behind1, new string('e', 4097))] },
        { "an event behind the deletion", 4, [Created(), Started(), Completed(), Deleted(StreamStatus.Done), Deleted(StreamStatus.Done)] },
    };

    private static PartStart Thought { get; } = new(PartKinds.Reasoning);

    private static PartStarted Part1 { get; } = new(1, Thought, Noon, default) { At = Noon };

    private static StreamExtent Behind1 { get; } = new(0, 0, 1, 0);

    private static PartPersisted PartText(int part, int index, long offset, string text, StreamExtent before) =>
        new(part, index, offset, text, Noon, before) { At = Noon };

    private static PartEnded End1(long length, StreamExtent before, string? error = null) =>
        new(1, length, new PartEnd { Error = error }, Noon, before) { At = Noon };

    [Theory]
    [MemberData(nameof(Impossible))]
    internal void A_history_that_cannot_be_is_found_although_its_hashes_fit(string what, long revision, StreamEvent[] history)
    {
        var findings = Findings(RandomStreams.Stored(history));

        findings.Should().NotBeEmpty(what).And.OnlyContain(f => f.Code == FindingCode.Transition);
        findings[0].Revision.Should().Be(revision);
    }

    [Fact]
    public void A_creation_of_another_stream_is_found() =>
        Findings(RandomStreams.Stored([Created("other")])).Should().ContainSingle().Which.Code.Should().Be(FindingCode.Data);

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    public void An_epoch_that_is_not_the_starts_is_found(int first, int last)
    {
        StreamEvent[] history = [Created(), Started(), Chunk(0, 0, "x"), Completed(1, 1)];
        int[] epochs = [first, 1, 1, last];

        Findings(RandomStreams.Stored(history, epochs)).Should().ContainSingle()
            .Which.Should().Be(new Finding(FindingCode.Epoch, "s", 3, "epoch 1", "epoch 2"));
    }

    [Fact]
    public void After_one_damage_the_next_is_found_too()
    {
        var chunks = Enumerable.Range(0, 20).Select(i => (StreamEvent)Chunk(i, i, "x"));
        var stored = RandomStreams.Stored([Created(), Started(), .. chunks, Completed(20, 20)]);
        foreach (var at in new[] { 3, 7, 15 }) stored[at] = stored[at] with { Type = "Unknown" };

        Findings(stored).Select(f => (f.Code, f.Revision)).Should().Equal(
            ("hash", 3), ("data", 3), ("hash", 7), ("data", 7), ("hash", 15), ("data", 15));
    }

    [Fact]
    public void Behind_an_event_that_cannot_be_read_the_next_is_taken_as_it_is()
    {
        var stored = RandomStreams.Stored([Created(), Started(), Chunk(0, 0, "x"), Chunk(1, 1, "y"), Completed(3, 2)]);
        var findings = new List<Finding>();
        using var verifier = new StreamVerifier(SomeStream, findings.Add);
        verifier.Check(stored[0]);
        verifier.Check(stored[1]);
        verifier.Unreadable(2, "a bad sector");
        verifier.Check(stored[3]);
        verifier.Check(stored[4]);

        findings.Select(f => (f.Code, f.Revision)).Should().Equal(("unreadable", 2), ("transition", 4));
        verifier.Result().Findings.Should().Be(2);
    }

    [Fact]
    public void Behind_a_part_s_start_that_cannot_be_read_its_text_is_taken_as_it_is_and_its_end_is_still_its_end()
    {
        var history = new WrittenHistory()
            .Then(new StreamCommand.Start(Node, "p", "m", "0.1.0") { At = Noon })
            .Then(new StreamCommand.StartPart(Thought, Noon) { At = Noon })
            .Then(new StreamCommand.PersistPart(1, "x", Noon) { At = Noon })
            .Then(new StreamCommand.EndPart(1, new PartEnd(), Noon) { At = Noon })
            .Events;
        var stored = RandomStreams.Stored([.. history, PartText(1, 1, 1, "y", new StreamExtent(0, 0, 1, 1))]);
        stored[2] = stored[2] with { Type = "Unknown" };

        Findings(stored).Select(f => (f.Code, f.Revision)).Should().Equal(("hash", 2), ("data", 2), ("transition", 5));
    }

    private static List<Finding> Findings(IEnumerable<StoredEvent> stored)
    {
        var findings = new List<Finding>();
        using var verifier = new StreamVerifier(SomeStream, findings.Add);
        foreach (var each in stored) verifier.Check(each);
        verifier.Findings.Should().Be(findings.Count);
        return findings;
    }
}
