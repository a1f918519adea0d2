namespace EventSourcedStreams.OpenAI.Tests.Answers;

/// <summary>One stream holds one answer, though a provider may send several, or count its chunks where choices are
/// counted.</summary>
public sealed class ChoicesTests
{
    [Theory]
    [InlineData("abc", "0a", "0b", "0c")]
    [InlineData("abc", "0a", "1b", "2c")]
    [InlineData("abcd", "5a", "6b", "7c", "8d")]
    [InlineData("abc", "0", "1a", "1b", "1c")]
    [InlineData("abc", "0", "1a", "2b", "3c")]
    [InlineData("ab", "0a", "1x", "0b", "1y")]
    [InlineData("ab", "0a", "0b!", "1x", "1y!")]
    [InlineData("ab", "0a", "1b")]
    [InlineData("ab", "0a", "1b", "0!")]
    [InlineData("a", "0a", "1b", "1!", "0!")]
    [InlineData("abb", "0a", "1b", "1b!")]
    [InlineData("ab", "0a!", "1b!", "2!")]
    public async Task Of_single_choices_those_of_one_answer_are_taken(string text, params string[] choices)
    {
        var outcome = await AnswerOutcome.OfEventsAsync([.. choices.Select(Choice), "[DONE]"]);

        outcome.Should().BeEquivalentTo(new { Text = text, IsGood = true });
    }

    [Theory]
    [InlineData("1a", "0b")]
    [InlineData("0a", "1b", "2c", "0d")]
    [InlineData("0a!", "1b")]
    public async Task Choices_that_cannot_be_told_apart_are_an_error(params string[] choices) =>
        (await AnswerOutcome.OfEventsAsync([.. choices.Select(Choice), "[DONE]"])).IsGood.Should().BeFalse();

    [Fact]
    public async Task A_second_choice_in_the_same_chunks_is_left_out()
    {
        var outcome = await AnswerOutcome.OfEventsAsync(
            """{"choices":[{"index":1,"delta":{"content":"x"}},{"index":0,"delta":{"content":"a"}}]}""",
            """{"choices":[{"index":1,"delta":{"content":"y"},"finish_reason":"stop"}]}""",
            """{"choices":[{"index":0,"delta":{"content":"b"},"finish_reason":"stop"}]}""", "[DONE]");

        outcome.Should().BeEquivalentTo(new { Text = "ab", IsGood = true });
    }

    /// <summary>As <c>0a!</c>: an index, text, and a mark where it finishes.</summary>
    private static string Choice(string given) =>
        $$$"""{"choices":[{"index":{{{given[0]}}},"delta":{"content":"{{{given[1..].TrimEnd('!')}}}"},"finish_reason":{{{(given.EndsWith('!') ? "\"stop\"" : "null")}}}}]}""";
}
