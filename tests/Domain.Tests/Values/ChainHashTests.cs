namespace EventSourcedStreams.Domain.Tests;

public sealed class ChainHashTests
{
    private static readonly byte[] Bytes = Enumerable.Range(0, 32).Select(i => (byte)(255 - (7 * i))).ToArray();

    [Fact]
    public void It_is_written_as_base64url_and_read_again()
    {
        var hash = new ChainHash(Bytes);
        var text = hash.ToString();

        text.Should().MatchRegex("^[A-Za-z0-9_-]{43}$")
            .And.Be(Convert.ToBase64String(Bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_'));
        ChainHash.TryParse(text, out var read).Should().BeTrue();
        read.Should().Be(hash);
        var copied = new byte[32];
        read.CopyTo(copied);
        copied.Should().Equal(Bytes);
    }

    [Fact]
    public void The_origin_is_32_zero_bytes()
    {
        ChainHash.Origin.Should().Be(new ChainHash(new byte[32]));
        ChainHash.Origin.ToString().Should().Be(new string('A', 43));
        (ChainHash.Origin == new ChainHash(Bytes)).Should().BeFalse();
        (ChainHash.Origin != new ChainHash(Bytes)).Should().BeTrue();
    }

    [Fact]
    public void Another_length_is_refused() =>
        FluentActions.Invoking(() => new ChainHash(new byte[31])).Should().Throw<ArgumentException>();

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA+AAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA/AAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAäAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("A AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")]
    public void Only_the_one_text_of_a_hash_is_taken(string text) => ChainHash.TryParse(text, out _).Should().BeFalse();
}
