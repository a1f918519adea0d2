using System.Reflection;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Infrastructure.Tests.Codec;

/// <summary>What kind a type is stands in one table, for ever as the stored shapes do.</summary>
public sealed class EventKindsTests
{
    private static readonly string[] Types =
    [
        .. typeof(StoredTypes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.Name != nameof(StoredTypes.Json))
            .Select(field => (string)field.GetRawConstantValue()!),
    ];

    [Theory]
    [InlineData("ChunkPersisted", "Content")]
    [InlineData("PartStarted", "Content")]
    [InlineData("PartPersisted", "Content")]
    [InlineData("PartEnded", "Content")]
    [InlineData("StreamCreated", "Lifecycle")]
    [InlineData("StreamStarted", "Lifecycle")]
    [InlineData("StreamCompleted", "Lifecycle")]
    [InlineData("StreamFailed", "Lifecycle")]
    [InlineData("StreamCancelled", "Lifecycle")]
    [InlineData("StreamTimedOut", "Lifecycle")]
    [InlineData("StreamDeleted", "Lifecycle")]
    [InlineData("$streamDeleted", "Lifecycle")]
    [InlineData("NodeHeartbeat", "Service")]
    [InlineData("StreamCancelRequested", "Service")]
    [InlineData("EndingsHandled", "Service")]
    [InlineData("LogNamed", "Service")]
    [InlineData("AccessRecorded", "Service")]
    [InlineData("JobRequested", "Service")]
    [InlineData("JobProgressed", "Service")]
    [InlineData("SomebodyElses", "Unknown")]
    [InlineData("chunkpersisted", "Unknown")]
    [InlineData("", "Unknown")]
    public void A_kind_follows_from_the_type(string type, string kind) => EventKinds.KindOf(type).ToString().Should().Be(kind);

    [Fact]
    public void Every_stored_type_has_a_kind() =>
        Types.Should().HaveCount(18).And.AllSatisfy(type => EventKinds.KindOf(type).Should().NotBe(EventKind.Unknown, type));

    [Fact]
    public void A_stream_ends_with_one_of_four_types() => StoredSamples.Events.Values.Select(sample => sample.Event)
        .Should().AllSatisfy(@event => EventKinds.IsEnding(StoredTypes.Of(@event)).Should().Be(@event.IsEnding));

    [Fact]
    public void The_lifecycle_feed_leaves_out_content_and_the_record_of_access() =>
        Types.Intersect(EventKinds.LeftOutOfLifecycleFeed)
            .Should().Equal("ChunkPersisted", "PartStarted", "PartPersisted", "PartEnded", "JobProgressed", "AccessRecorded");

    [Fact]
    public void A_test_may_know_a_type_of_its_own_for_a_while()
    {
        using (EventKinds.With(new EventType("Remarked", EventKind.Note, InLifecycleFeed: false)))
        {
            EventKinds.KindOf("Remarked").Should().Be(EventKind.Note);
            EventKinds.LeftOutOfLifecycleFeed.Should().Contain(["ChunkPersisted", "Remarked"]);
        }

        EventKinds.KindOf("Remarked").Should().Be(EventKind.Unknown);
        EventKinds.LeftOutOfLifecycleFeed.Should().NotContain("Remarked");
    }

    [Fact]
    public void A_type_has_one_kind() =>
        this.Invoking(_ => EventKinds.With(new EventType("StreamCreated", EventKind.Note))).Should().Throw<ArgumentException>();
}
