using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Domain.Tests;

public sealed class StreamSummaryTests
{
    [Fact]
    public void It_tells_what_its_events_say()
    {
        var labels = Labels.From([new("user", "42")]);
        var summary = Folded(
            Created("s", labels, TimeSpan.FromDays(1)), Started(Noon.AddSeconds(1)), Chunk(0, 0, "hä", Noon.AddSeconds(2)),
            Completed(3, 1, Noon.AddSeconds(3)));

        summary.Should().Be(new StreamSummary
        {
            Id = SomeStream,
            Source = "demo",
            CreatedAt = Noon,
            IdleTimeout = TimeSpan.FromMinutes(20),
            Retain = TimeSpan.FromDays(1),
            Labels = labels,
            Status = StreamStatus.Done,
            Revision = Revision.From(3),
            Length = 3,
            Chunks = 1,
            StartedAt = Noon.AddSeconds(1),
            LastActivityAt = Noon.AddSeconds(2),
            EndedAt = Noon.AddSeconds(3),
            Driver = Node,
            FinishReason = "stop",
        });
    }

    [Fact]
    public void Every_ending_has_its_status_and_says_why()
    {
        Folded(Created()).Status.Should().Be(StreamStatus.Pending);
        Folded(Created(), Started()).Status.Should().Be(StreamStatus.Streaming);
        Told(Folded(Created(), Started(), Completed())).Should().Be((StreamStatus.Done, null));
        Told(Folded(Created(), Started(), Failed("broken", "It broke."))).Should().Be((StreamStatus.Error, new("broken", "It broke.")));
        Told(Folded(Created(), Cancelled("enough"))).Should().Be((StreamStatus.Cancelled, new("cancelled", "enough", "anonymous")));
        Told(Folded(Created(), Cancelled())).Should().Be((StreamStatus.Cancelled, new("cancelled", "The stream was cancelled.", "anonymous")));
        Told(Folded(Created(), TimedOut())).Should().Be((StreamStatus.Timeout, new("timeout", "Nothing came for 1200 s.")));
    }

    [Fact]
    public void A_deletion_keeps_when_it_ended()
    {
        Folded(Created(), Started(), Completed(at: Noon.AddSeconds(1)), Deleted(StreamStatus.Done, at: Noon.AddSeconds(9)))
            .Should().Match<StreamSummary>(s => s.Status == StreamStatus.Deleted && s.EndedAt == Noon.AddSeconds(1));
        Folded(Created(), Deleted(StreamStatus.Pending, at: Noon.AddSeconds(9))).EndedAt.Should().Be(Noon.AddSeconds(9));
    }

    [Fact]
    public void Lifecycle_events_alone_give_the_same_in_the_end()
    {
        var events = Recorded("s", Created(), Started(), Chunk(0, 0, "ab"), Completed(2, 1));

        events.Where(e => e.Event is not StreamEvent.ChunkPersisted).Aggregate(default(StreamSummary), StreamSummary.Apply)
            .Should().Be(events.Aggregate(default(StreamSummary), StreamSummary.Apply));
    }

    [Fact]
    public void What_comes_again_changes_nothing()
    {
        var events = Recorded("s", Created(), Started(), Completed());
        var summary = events.Aggregate(default(StreamSummary), StreamSummary.Apply)!;

        foreach (var e in events) summary.Apply(e).Should().BeSameAs(summary);
    }

    [Fact]
    public void A_history_that_does_not_begin_is_damaged()
    {
        var fold = () => StreamSummary.Apply(null, Recorded("s", 5, Started()));

        fold.Should().Throw<LogDamagedException>().Which.Should().Match<LogDamagedException>(e => e.Stream == "s" && e.Revision == 5);
    }

    private static StreamSummary Folded(params StreamEvent[] events) =>
        Recorded("s", events).Aggregate(default(StreamSummary), StreamSummary.Apply)!;

    private static (StreamStatus, StreamFailure?) Told(StreamSummary summary) => (summary.Status, summary.Error);
}
