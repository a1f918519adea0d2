namespace EventSourcedStreams.Domain.Tests;

public sealed class ChainHashTests
{
    [Fact]
    public void A_hash_is_read_as_it_is_written()
    {
        var hash = new ChainHash([.. Enumerable.Range(200, 32).Select(i => (byte)i)]);

        ChainHash.TryParse(hash.ToString(), out var read).Should().BeTrue();
        read.Should().Be(hash);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ")]
    [InlineData("+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("éAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Nothing_else_is_a_hash(string text) => ChainHash.TryParse(text, out _).Should().BeFalse();
}
