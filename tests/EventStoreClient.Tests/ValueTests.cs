namespace EventStore.Client.Tests;

public sealed class ValueTests
{
    [Theory]
    [InlineData("00000000-0000-4000-8000-000000000001", 0x4000, -9223372036854775807)]
    [InlineData("11223344-5566-7788-99aa-bbccddeeff00", 0x1122334455667788, unchecked((long)0x99aabbccddeeff00))]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff", -1, -1)]
    public void An_id_is_its_text_in_two_numbers(string text, long most, long least)
    {
        var id = Uuid.Parse(text);

        id.Should().Be(Uuid.FromInt64(most, least));
        id.ToString().Should().Be(text);
        id.ToGuid().Should().Be(Guid.Parse(text));
        Uuid.FromGuid(Guid.Parse(text)).Should().Be(id);
        Uuid.FromWire(id.ToWire()).Should().Be(id);
    }

    [Fact]
    public void A_position_reads_what_it_wrote()
    {
        Position.TryParse(new Position(12, 7).ToString(), out var read).Should().BeTrue();

        read.Should().Be(new Position(12, 7));
        foreach (var text in (string[])["", "12/7", "C:12", "C:12/P:", "C:12/P:x", "P:12/C:7", "C:1/P:1/"])
            Position.TryParse(text, out _).Should().BeFalse(text);
        var swapped = () => new Position(7, 12);
        swapped.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Positions_are_in_the_order_of_the_log()
    {
        Position[] ordered = [Position.Start, new(5, 0), new(5, 4), new(6, 0), Position.End];

        ordered.Reverse().Order().Should().Equal(ordered);
        (ordered[1] < ordered[2]).Should().BeTrue();
        FromAll[] froms = [FromAll.Start, FromAll.After(ordered[0]), FromAll.After(ordered[3]), FromAll.End];
        froms.Reverse().Order().Should().Equal(froms);
        FromStream[] streams = [FromStream.Start, FromStream.After(0), FromStream.After(9), FromStream.End];
        streams.Reverse().Order().Should().Equal(streams);
    }

    [Fact]
    public void Revisions_and_positions_count_from_zero_and_know_their_special_values()
    {
        StreamRevision.FromInt64(-1).Should().Be(StreamRevision.None);
        StreamRevision.None.ToInt64().Should().Be(-1);
        new StreamRevision(4).Next().ToInt64().Should().Be(5);
        StreamPosition.FromStreamRevision(new StreamRevision(4)).Should().Be(new StreamPosition(4));
        StreamPosition.End.ToString().Should().Be("End");
        (StreamPosition.Start + 3 - 1).Should().Be(new StreamPosition(2));
        var tooHigh = () => new StreamPosition(1UL << 63);
        tooHigh.Should().Throw<ArgumentOutOfRangeException>();
        var end = () => FromStream.After(StreamPosition.End);
        end.Should().Throw<ArgumentException>();
        (StreamState.NoStream.ToInt64(), StreamState.Any.ToInt64(), StreamState.StreamExists.ToInt64()).Should().Be((-1, -2, -4));
    }

    [Fact]
    public void An_event_has_an_id_and_one_of_two_content_types()
    {
        var withoutId = () => new EventData(Uuid.Empty, "spoke", default);
        var asText = () => new EventData(Uuid.NewUuid(), "spoke", default, default, "text/plain");

        withoutId.Should().Throw<ArgumentOutOfRangeException>();
        asText.Should().Throw<ArgumentOutOfRangeException>();
        new EventData(Uuid.NewUuid(), "spoke", default).ContentType.Should().Be("application/json");
    }

    [Fact]
    public void A_filter_searches_a_window()
    {
        StreamFilter.Prefix("a", "b").MaxSearchWindow.Should().Be(32);
        StreamFilter.Prefix(7, "a", "b").Prefixes.Select(prefix => prefix.ToString()).Should().Equal("a", "b");
        EventTypeFilter.ExcludeSystemEvents(5).Regex.ToString().Should().Be(@"^[^\$].*");
        var none = () => EventTypeFilter.Prefix([]);
        none.Should().Throw<ArgumentException>();
        var nowhere = () => StreamFilter.RegularExpression("a", 0);
        nowhere.Should().Throw<ArgumentOutOfRangeException>();
    }
}
