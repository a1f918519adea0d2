using System.Text.RegularExpressions;
using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreDb;

namespace EventSourcedStreams.Infrastructure.Tests.EventStoreDb;

/// <summary>What the server leaves out; the rest is left out by the adapter.</summary>
public sealed class AllFilterTests
{
    [Theory]
    [InlineData("StreamCreated", true)]
    [InlineData("ChunkPersisted", false)]
    [InlineData("ChunkPersistedLater", true)]
    [InlineData("SomebodyElses", true)]
    [InlineData("$streamDeleted", true)]
    [InlineData("$metadata", false)]
    [InlineData("$>", false)]
    [InlineData("$streamDeletedLater", false)]
    public void Types_that_are_not_wanted_and_the_servers_own_are_not_sent(string type, bool sent) =>
        Matches(new StoreFilter(["text-", "text.requests"], ["ChunkPersisted"]), type).Should().Be(sent);

    [Fact]
    public void A_type_is_taken_as_it_stands()
    {
        var filter = new StoreFilter(["text-"], ["a.b", "c|d"]);

        Matches(filter, "a.b").Should().BeFalse();
        Matches(filter, "c|d").Should().BeFalse();
        Matches(filter, "axb").Should().BeTrue();
        Matches(filter, "c").Should().BeTrue();
    }

    [Fact]
    public void The_servers_own_events_are_sent_to_who_asks_for_its_streams() =>
        Matches(new StoreFilter(["$$text-"], ["ChunkPersisted"]), "$metadata").Should().BeTrue();

    [Fact]
    public void Where_every_type_is_wanted_none_is_left_out() => AllFilter.Types(new StoreFilter(["text-"], [])).Should().BeNull();

    private static bool Matches(StoreFilter filter, string type) => Regex.IsMatch(type, AllFilter.Types(filter)!);
}
