namespace EventSourcedStreams.Domain.Tests;

public sealed class NamesTests
{
    [Fact]
    public void They_are_a_set_in_ordinal_order_equal_by_its_contents()
    {
        var names = Names.From(["b", "a", "B", "a"]);

        names.Should().Equal("B", "a", "b");
        names.Equals(Names.From(["a", "b", "B"])).Should().BeTrue();
        names.GetHashCode().Should().Be(Names.From(["a", "b", "B"]).GetHashCode());
        names.Equals(Names.From(["a", "b"])).Should().BeFalse();
        names.Contains("A").Should().BeFalse();
        Names.None.Should().BeEmpty();
    }
}
