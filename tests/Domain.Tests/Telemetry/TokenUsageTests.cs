namespace EventSourcedStreams.Domain.Tests.Telemetry;

public sealed class TokenUsageTests
{
    [Theory]
    [InlineData("""{"prompt_tokens":12,"completion_tokens":34,"total_tokens":46}""", 12L, 34L)]
    [InlineData("""{"input_tokens":12,"output_tokens":34}""", 12L, 34L)]
    [InlineData("""{"inputTokenCount":12,"outputTokenCount":34}""", 12L, 34L)]
    [InlineData("""{"output_tokens":34}""", null, 34L)]
    [InlineData("""{"prompt_tokens":-1,"completion_tokens":1e99}""", null, null)]
    [InlineData("""{"prompt_tokens":"12"}""", null, null)]
    [InlineData("[1,2]", null, null)]
    [InlineData("""{"prompt_tokens":12,"compl""", null, null)]
    [InlineData("", null, null)]
    [InlineData("\ud83d", null, null)]
    [InlineData("""{"\ud83d":1,"prompt_tokens":"12"}""", null, null)]
    [InlineData(null, null, null)]
    public void What_a_provider_says_of_tokens_is_found_or_left_out(string? usage, long? input, long? output) =>
        TokenUsage.Of(usage).Should().Be(new TokenUsage(input, output));

    [Fact]
    public void However_deep_a_usage_is_its_tokens_are_found()
    {
        var deep = $"{{\"details\":{new string('[', 200)}{new string(']', 200)},\"input_tokens\":12}}";

        TokenUsage.Of(deep).Should().Be(new TokenUsage(12, null));
    }
}
