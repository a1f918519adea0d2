using FsCheck;
using FsCheck.Fluent;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Domain.Tests;

public sealed class StreamBodyTests
{
    private static readonly IReadOnlyList<RecordedEvent> History = Recorded(
        "s", Created(), Started(), Chunk(0, 0, "hä"), Chunk(1, 3, "llo"), Completed(6, 2), Deleted(StreamStatus.Done, 6, 2));

    [Fact]
    public void It_is_the_text_as_it_was_at_each_revision()
    {
        var bodies = new List<StreamBody>();
        foreach (var e in History) bodies.Add(StreamBody.Apply(bodies.LastOrDefault(), e));

        bodies.Select(b => b.Text.ToString()).Should().Equal("", "", "hä", "hällo", "hällo", "hällo");
        bodies.Select(b => b.Revision.Value).Should().Equal(0, 1, 2, 3, 4, 5);
    }

    [Fact]
    public void Delivered_at_least_once_is_applied_once() => Prop.ForAll(
        Gen.Choose(0, 3).ListOf(History.Count).ToArbitrary(), repeats =>
        {
            var (body, next) = (default(StreamBody), 0);
            foreach (var back in repeats)
            {
                // Each event comes, and before it some of those that came already come again.
                for (var i = Math.Max(0, next - back); i <= next; i++) body = StreamBody.Apply(body, History[i]);
                next++;
            }

            body!.Text.ToString().Should().Be("hällo");
            body.Summary.Should().Be(History.Aggregate(default(StreamSummary), StreamSummary.Apply));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_chunk_that_is_missing_is_damage() => Fold(History.Where((_, i) => i != 2))
        .Should().Throw<LogDamagedException>().Which.Revision.Should().Be(3);

    [Fact]
    public void A_chunk_with_another_text_is_damage() => Fold([.. History.Take(2), Recorded("s", 2, Chunk(0, 0, "ha")), .. History.Skip(3)])
        .Should().Throw<LogDamagedException>().Which.Revision.Should().Be(3);

    [Fact]
    public void A_text_shorter_than_its_ending_says_is_damage() => Fold(History.Where((_, i) => i != 3))
        .Should().Throw<LogDamagedException>().Which.Revision.Should().Be(4);

    [Fact]
    public void A_second_beginning_is_damage() => Fold([.. History.Take(2), Recorded("s", 2, Created())])
        .Should().Throw<LogDamagedException>();

    private static Func<StreamBody?> Fold(IEnumerable<RecordedEvent> events) =>
        () => events.Aggregate(default(StreamBody), StreamBody.Apply);
}
