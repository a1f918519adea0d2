using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreDb;

namespace EventSourcedStreams.Infrastructure.Tests.EventStoreDb;

public sealed class FeedPlaceTests
{
    private static readonly StoreFilter Ours = new(["text-"], []);

    private readonly FeedPlace place = new(At(100));

    [Fact]
    public void What_was_delivered_is_not_delivered_again()
    {
        place.Pass(Event(110), Ours).Should().BeTrue();

        place.Pass(Event(110), Ours).Should().BeFalse();
        place.Pass(Event(90), Ours).Should().BeFalse();
        place.Last!.Position.Should().Be(At(110));
    }

    [Fact]
    public void What_the_filter_leaves_out_moves_the_place_and_is_not_delivered()
    {
        place.Pass(Event(110, "other-1"), Ours).Should().BeFalse();

        place.At.Should().Be(At(110));
        place.Last.Should().BeNull();
    }

    [Fact]
    public void A_checkpoint_moves_the_place_forward_only()
    {
        place.Reached(At(200));
        place.Reached(At(150));

        place.At.Should().Be(At(200));
    }

    [Fact]
    public void An_event_at_a_checkpoint_that_names_its_commit_alone_is_delivered()
    {
        // As the server says it where the event at that position has not been looked at.
        place.Reached(new LogPosition(200, 0));

        place.Pass(Event(200), Ours).Should().BeTrue();
    }

    [Fact]
    public void The_server_says_when_all_is_delivered()
    {
        place.HasCaughtUp(serverSays: false).Should().BeFalse();
        place.HasCaughtUp(serverSays: true).Should().BeTrue();
        place.HasCaughtUp(serverSays: true).Should().BeFalse("it was said");
    }

    [Fact]
    public void A_server_that_does_not_say_so_has_delivered_all_when_the_end_is_reached()
    {
        place.End = At(120);
        place.Pass(Event(110), Ours);
        place.HasCaughtUp(serverSays: false).Should().BeFalse();

        place.Pass(Event(120), Ours);
        place.HasCaughtUp(serverSays: false).Should().BeTrue();
    }

    [Fact]
    public void Who_begins_at_the_end_has_caught_up_at_once()
    {
        place.End = At(100);

        place.HasCaughtUp(serverSays: false).Should().BeTrue();
    }

    private static LogPosition At(ulong position) => new(position, position);

    private static StoredEvent Event(ulong position, string stream = "text-a") => new(
        stream, 0, At(position), default, new EventId(Guid.NewGuid()), "StreamCreated", "application/json", default, default);
}
