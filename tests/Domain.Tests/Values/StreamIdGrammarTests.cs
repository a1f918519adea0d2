namespace EventSourcedStreams.Domain.Tests;

public sealed class StreamIdGrammarTests
{
    [Theory]
    [InlineData("a~1", true)]
    [InlineData("a~007", true)]
    [InlineData("a~b~12", true)]
    [InlineData("1~1", true)]
    [InlineData("a~", false)]
    [InlineData("a~~1", false)]
    [InlineData("a~1a", false)]
    [InlineData("a~b", false)]
    [InlineData("a1", false)]
    [InlineData("42", false)]
    public void What_ends_in_one_tilde_and_digits_is_kept(string id, bool isKept)
    {
        StreamIdGrammar.IsKept(id).Should().Be(isKept);
        StreamIdGrammar.Allows(id).Should().BeTrue("what is there already is served");
    }
}
