namespace EventStore.Client.Tests;

public sealed class ValueTests
{
    [Theory]
    [InlineData("00000000-0000-4000-8000-000000000001", 0x4000, -9223372036854775807)]
    [InlineData("11223344-5566-7788-99aa-bbccddeeff00", 0x1122334455667788, unchecked((long)0x99aabbccddeeff00))]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff", -1, -1)]
    public void An_id_is_its_text_in_two_numbers(string text, long most, long least)
    {
        var id = Uuid.FromGuid(Guid.Parse(text));

        id.ToString().Should().Be(text);
        id.ToGuid().Should().Be(Guid.Parse(text));
        (id.ToWire().Structured.MostSignificantBits, id.ToWire().Structured.LeastSignificantBits).Should().Be((most, least));
        Uuid.FromWire(id.ToWire()).Should().Be(id);
        Uuid.FromWire(new() { String = text }).Should().Be(id);
    }

    [Fact]
    public void A_position_has_its_commit_behind_its_prepare()
    {
        new Position(12, 7).ToString().Should().Be("C:12/P:7");
        var swapped = () => new Position(7, 12);
        swapped.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Revisions_and_positions_count_from_zero_and_know_their_special_values()
    {
        StreamRevision.FromInt64(-1).Should().Be(StreamRevision.None);
        StreamRevision.None.ToInt64().Should().Be(-1);
        StreamPosition.End.ToString().Should().Be("End");
        StreamPosition.FromInt64(-1).Should().Be(StreamPosition.End);
        var tooHigh = () => new StreamPosition(1UL << 63);
        tooHigh.Should().Throw<ArgumentOutOfRangeException>();
        var end = () => FromStream.After(StreamPosition.End);
        end.Should().Throw<ArgumentException>();
        var all = () => FromAll.After(Position.End);
        all.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void An_event_has_an_id_and_one_of_two_content_types()
    {
        var withoutId = () => new EventData(default, "spoke", default);
        var asText = () => new EventData(Uuid.FromGuid(Guid.NewGuid()), "spoke", default, default, "text/plain");

        withoutId.Should().Throw<ArgumentOutOfRangeException>();
        asText.Should().Throw<ArgumentOutOfRangeException>();
        new EventData(Uuid.FromGuid(Guid.NewGuid()), "spoke", default).ContentType.Should().Be("application/json");
    }

    [Fact]
    public void A_filter_searches_a_window()
    {
        StreamFilter.Prefix(7, "a", "b").Should().BeOfType<EventFilter>().Which.Prefixes.Should().Equal("a", "b");
        EventTypeFilter.RegularExpression("a").Should().Be(new EventFilter(false, [], "a", 32));
        var none = () => StreamFilter.Prefix(7);
        none.Should().Throw<ArgumentException>();
        var nowhere = () => EventTypeFilter.RegularExpression("a", 0);
        nowhere.Should().Throw<ArgumentOutOfRangeException>();
    }
}
