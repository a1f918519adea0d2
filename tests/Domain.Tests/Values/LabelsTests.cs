namespace EventSourcedStreams.Domain.Tests;

public sealed class LabelsTests
{
    [Fact]
    public void They_are_equal_by_their_contents_in_whatever_order_they_came()
    {
        var labels = Labels.From([new("b", "2"), new("a", "1"), new("B", "3")]);
        var same = Labels.From([new("a", "1"), new("B", "3"), new("b", "2")]);

        labels.Select(l => l.Key + l.Value).Should().Equal("B3", "a1", "b2");
        labels.Equals(same).Should().BeTrue();
        labels.GetHashCode().Should().Be(same.GetHashCode());
        labels.Equals(Labels.From([new("a", "1"), new("B", "3"), new("b", "9")])).Should().BeFalse();
        labels.Equals(Labels.None).Should().BeFalse();
        Labels.From([]).Equals(Labels.None).Should().BeTrue();
    }

    [Fact]
    public void A_value_is_found_by_its_exact_name()
    {
        var labels = Labels.From([new("a", "1")]);

        labels["a"].Should().Be("1");
        labels["A"].Should().BeNull();
        labels.Count.Should().Be(1);
    }

    [Fact]
    public void A_name_with_two_values_is_refused() =>
        FluentActions.Invoking(() => Labels.From([new("a", "1"), new("a", "2")])).Should().Throw<ArgumentException>();
}
