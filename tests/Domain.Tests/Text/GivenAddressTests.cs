namespace EventSourcedStreams.Domain.Tests.Text;

public sealed class GivenAddressTests
{
    [Theory]
    [InlineData("https://a.example.org/a%20b", true)]
    [InlineData("file:///a.png", true)]
    [InlineData("/a.png", false)]
    [InlineData("//a.example.org/a.png", false)]
    [InlineData("a.png", false)]
    public void An_address_is_absolute_only_where_it_says_so(string given, bool isAbsolute) =>
        GivenAddress.Of(given).Should().BeEquivalentTo(new { OriginalString = given, IsAbsoluteUri = isAbsolute });

    [Theory]
    [InlineData(null)]
    [InlineData("http://[")]
    public void What_can_be_none_is_none(string? given) => GivenAddress.Of(given).Should().BeNull();
}
