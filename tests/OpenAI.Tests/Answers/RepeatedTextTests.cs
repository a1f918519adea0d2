using static EventSourcedStreams.OpenAI.Tests.StubProvider;

namespace EventSourcedStreams.OpenAI.Tests.Answers;

/// <summary>Text that a provider sends twice is taken once.</summary>
public sealed class RepeatedTextTests
{
    [Theory]
    [InlineData("Once upon a time.", "Once upon a time.", "Once upon a time.")]
    [InlineData("Once upon a time.\n", "Once upon a time.", "Once upon a time.\n")]
    [InlineData(" Once", "Once upon a time.", " Once upon a time.")]
    [InlineData("a", "a", "a")]
    public async Task A_message_after_deltas_adds_only_what_is_new(string delta, string message, string text)
    {
        var outcome = await AnswerOutcome.OfEventsAsync(Delta(delta), Message(message, "stop"), "[DONE]");

        outcome.Should().BeEquivalentTo(new { Text = text, IsGood = true });
    }

    [Fact]
    public async Task A_message_that_contradicts_the_deltas_is_an_error()
    {
        var outcome = await AnswerOutcome.OfEventsAsync(Delta("Once upon a time."), Message("Twice upon a time.", "stop"), "[DONE]");

        outcome.IsGood.Should().BeFalse();
        outcome.Text.Should().Be("Once upon a time.");
    }

    [Theory]
    [InlineData("Once upon a time.", "On", "ce ", "upon a time.")]
    [InlineData("Once upon a time.", "On", "Once ", "Once upon a ", "Once upon a time.")]
    [InlineData("hahaho", "ha", "ha", "ho")]
    [InlineData("Once upon a time.", "Once upon a time.", "Once upon a time.")]
    [InlineData("Oakley", "Oak", "Oakley")]
    public async Task Messages_without_deltas_are_pieces_or_each_the_whole_so_far(string text, params string[] messages)
    {
        var outcome = await AnswerOutcome.OfEventsAsync([.. messages.Select(message => Message(message)), Finish("stop"), "[DONE]"]);

        outcome.Should().BeEquivalentTo(new { Text = text, IsGood = true });
    }

    [Fact]
    public async Task A_field_beside_deltas_that_holds_all_of_it_is_not_taken_again()
    {
        var outcome = await AnswerOutcome.OfEventsAsync(
            Delta("Once "), Delta("upon."), """{"choices":[{"delta":{},"text":"Once upon.","finish_reason":"stop"}]}""", "[DONE]");

        outcome.Should().BeEquivalentTo(new { Text = "Once upon.", IsGood = true });
    }

    private static string Message(string content, string? reason = null) =>
        $$"""{"choices":[{"index":0,"message":{"role":"assistant","content":{{System.Text.Json.JsonSerializer.Serialize(content)}}},"finish_reason":{{(reason is null ? "null" : $"\"{reason}\"")}}}]}""";
}
