using static EventSourcedStreams.Domain.StreamEvent;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Domain.Tests;

public sealed class StreamAdmissionTests
{
    [Theory]
    [InlineData("../../etc/x")]
    [InlineData("a/b")]
    [InlineData("$all")]
    [InlineData(".hidden")]
    [InlineData("a\0b")]
    [InlineData("é")]
    [InlineData("\u202Eabc")]
    public void An_id_that_no_request_can_have_is_refused_with_the_grammar(string id) =>
        StreamAdmission.Fault(new StreamId(id)).Should().Contain(StreamIdGrammar.Words);

    [Fact]
    public void What_the_engine_writes_is_let_through() => FaultsOf(
        Created(), Started(), Chunk(0, 0, new string('x', TextLimits.ChunkBytes)), Failed("code", "It broke.", TextLimits.ChunkBytes, 1),
        new PartStarted(1, new PartStart("reasoning") { Name = new string('n', 256), Detail = "{}" }, Noon, default) { At = Noon },
        new PartPersisted(1, 0, 0, new string('x', TextLimits.ChunkBytes), Noon, default) { At = Noon },
        new PartEnded(1, 7, new PartEnd { Detail = "{}", Error = new string('e', 4096) }, Noon, default) { At = Noon })
        .Should().AllSatisfy(fault => fault.Should().BeNull());

    [Fact]
    public void What_is_over_a_limit_of_the_api_is_refused_in_words()
    {
        var century = TimeSpan.FromDays(40_000);
        string?[] faults =
        [
            .. FaultsOf(Created(labels: Labels.From(Enumerable.Range(0, 33).Select(i => KeyValuePair.Create($"n{i}", ""))))),
            .. FaultsOf(Created(labels: Labels.From([new("a:b", "")]))),
            .. FaultsOf(Created(labels: Labels.From([new("a", new string('x', 257))]))),
            .. FaultsOf(Created(input: $"\"{new string('x', TextLimits.InputBytes)}\"")),
            .. FaultsOf(Created(retain: century)),
            .. FaultsOf(Created() with { IdleTimeout = TimeSpan.FromSeconds(1) }),
            .. FaultsOf(Created() with { MaxDuration = TimeSpan.FromDays(2) }),
            .. FaultsOf(Created("other")),
            .. FaultsOf(Chunk(0, 0, new string('x', TextLimits.ChunkBytes + 1))),
            .. FaultsOf(Chunk(0, 1L << 30, "x")),
            .. FaultsOf(Failed(new string('c', TextLimits.CodeBytes + 1), "")),
            .. FaultsOf(Failed("c", new string('m', TextLimits.MessageBytes + 1))),
            .. FaultsOf(new PartStarted(1, new PartStart("NO"), Noon, default) { At = Noon }),
            .. FaultsOf(new PartStarted(10_001, new PartStart("x"), Noon, default) { At = Noon }),
            .. FaultsOf(new PartStarted(2, new PartStart("x") { Of = 2 }, Noon, default) { At = Noon }),
            .. FaultsOf(new PartStarted(1, new PartStart("x") { CallId = new string('c', 257) }, Noon, default) { At = Noon }),
            .. FaultsOf(new PartPersisted(1, 0, 0, new string('x', TextLimits.ChunkBytes + 1), Noon, default) { At = Noon }),
            .. FaultsOf(new PartEnded(1, 7, new PartEnd { Detail = "[]" }, Noon, default) { At = Noon }),
            .. FaultsOf(new PartEnded(1, 7, new PartEnd { Error = new string('e', 4097) }, Noon, default) { At = Noon }),
            .. FaultsOf(Cancelled(new string('r', TextLimits.MessageBytes + 1))),
        ];

        faults.Should().HaveCount(20).And.NotContainNulls().And.OnlyContain(fault => fault!.EndsWith('.'));
    }

    [Fact]
    public void What_is_no_event_of_ours_or_too_large_as_a_whole_is_refused()
    {
        StreamAdmission.Fault(SomeStream, "Foreign", "{}"u8.ToArray(), "{}"u8.ToArray()).Should().NotBeNull();
        StreamAdmission.Fault(SomeStream, StoredTypes.ChunkPersisted, new byte[TextLimits.AppendBytes], new byte[1]).Should().Contain("at most");
    }

    [Fact]
    public void A_tombstone_says_who_when_and_where_or_nothing_at_all()
    {
        var sound = TombstoneMetadata.Write(new Deletion("bob", Noon, new StreamHead(Revision.From(2), ChainHash.Origin)));

        StreamAdmission.TombstoneFault(sound).Should().BeNull();
        StreamAdmission.TombstoneFault(default).Should().BeNull();
        StreamAdmission.TombstoneFault("""{"by":"x","at":"2026-11-28T03:00:00Z","headRevision":-5,"headHash":"x"}"""u8.ToArray()).Should().NotBeNull();
        StreamAdmission.TombstoneFault(new byte[TextLimits.EndingBytes + 1]).Should().Contain("at most");
    }

    private static List<string?> FaultsOf(params StreamEvent[] events)
    {
        var faults = new List<string?>();
        foreach (var @event in events)
        {
            using var json = new JsonBytes();
            var type = StreamEventData.Write(@event, json);
            var data = json.Take();
            EventMetadata.WriteCovered(@event.At, new EventContext(Node, 1, "alice"), json);
            EventMetadata.WriteHash(ChainHash.Origin, json);
            faults.Add(StreamAdmission.Fault(SomeStream, type, data, json.Take()));
        }

        return faults;
    }
}
