using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Infrastructure.Tests;

public sealed class StreamPrefixTests
{
    [Fact]
    public void Names_stand_beside_each_other()
    {
        var prefix = StreamPrefix.Parse("chat2-");

        prefix.Text(new StreamId("a/b")).Should().Be("chat2-a/b");
        prefix.Node("web-1").Should().Be("chat2.node-web-1");
        prefix.Requests.Should().Be("chat2.requests");
        prefix.Log.Should().Be("chat2.log");
        prefix.Ended("billing").Should().Be("chat2.ended-billing");
    }

    [Fact]
    public void The_default_is_text()
    {
        StreamPrefix.Parse("text-").Should().Be(StreamPrefix.Default);
        StreamPrefix.Default.ToString().Should().Be("text-");
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("text")]
    [InlineData("te-xt-")]
    [InlineData("text--")]
    [InlineData("text.-")]
    [InlineData("téxt-")]
    public void Anything_else_is_no_prefix(string text)
    {
        var parse = () => StreamPrefix.Parse(text);

        parse.Should().Throw<FormatException>();
    }

    [Fact]
    public void A_texts_name_gives_its_id_and_no_other_name_does()
    {
        StreamPrefix.Default.TryGetText("text-a-b", out var id).Should().BeTrue();
        id.Should().Be(new StreamId("a-b"));
        StreamPrefix.Default.TryGetText("text-", out _).Should().BeFalse();
        StreamPrefix.Default.TryGetText("text.node-a", out _).Should().BeFalse();
        StreamPrefix.Default.TryGetText("$$text-a", out _).Should().BeFalse();
        StreamPrefix.Default.TryGetText("text-" + new string('x', StreamId.MaxChars + 1), out _).Should().BeFalse();
    }
}
