using static EventSourcedStreams.OpenAI.Tests.StubProvider;

namespace EventSourcedStreams.OpenAI.Tests.Answers;

/// <summary>Only a known good end is a good end.</summary>
public sealed class EndingsTests
{
    private const string Text = """{"choices":[{"index":0,"delta":{"content":"Oak"},"finish_reason":null}]}""";
    private const string TextAndStop = """{"choices":[{"index":0,"delta":{"content":"Oak"},"finish_reason":"stop"}]}""";

    [Theory]
    [InlineData("\"stop\"")]
    [InlineData("\"STOP\"")]
    [InlineData("\"length\"")]
    [InlineData("\"max_tokens\"")]
    [InlineData("\"MAX_TOKENS\"")]
    [InlineData("\"length_limit\"")]
    [InlineData("\"content_filter\"")]
    [InlineData("\"tool_calls\"")]
    [InlineData("\"tool_use\"")]
    [InlineData("\"function_call\"")]
    [InlineData("\"eos\"")]
    [InlineData("\"eos_token\"")]
    [InlineData("\"end_turn\"")]
    [InlineData("\"stop_sequence\"")]
    [InlineData("\"Content-Filter\"")]
    [InlineData("\"FINISH_REASON_STOP\"")]
    [InlineData("\"FinishReason.MAX_TOKENS\"")]
    [InlineData("{\"type\":\"stop\",\"matched\":7}")]
    public async Task A_known_reason_is_a_good_end_however_it_is_spelled(string reason)
    {
        var outcome = await AnswerOutcome.OfEventsAsync(Text, Reason(reason), "[DONE]");

        outcome.Should().BeEquivalentTo(new { Text = "Oak", IsGood = true });
        reason.Should().Contain(outcome.Reason);
    }

    [Theory]
    [InlineData("\"error\"")]
    [InlineData("\"abort\"")]
    [InlineData("\"cancelled\"")]
    [InlineData("\"network_error\"")]
    [InlineData("\"insufficient_system_resource\"")]
    [InlineData("\"MALFORMED_FUNCTION_CALL\"")]
    [InlineData("\"something new\"")]
    [InlineData("\"FINISH_REASON_OTHER\"")]
    [InlineData("\"FINISH_REASON\"")]
    [InlineData("7")]
    [InlineData("true")]
    [InlineData("{\"type\":\"abort\"}")]
    public async Task Any_other_reason_is_an_error_that_says_it_and_keeps_the_text(string reason)
    {
        foreach (var end in (string[][])[[Reason(reason), "[DONE]"], [Reason(reason)], [Reason(reason), Reason("\"stop\""), "[DONE]"]])
        {
            var outcome = await AnswerOutcome.OfEventsAsync([Text, .. end]);

            outcome.Should().BeEquivalentTo(new { Text = "Oak", Code = "provider-interrupted", MayRetry = false });
            outcome.Message.Should().Contain("which is no good end");
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"null\"")]
    [InlineData("0")]
    [InlineData("false")]
    [InlineData("{}")]
    public async Task What_says_nothing_is_no_reason(string reason)
    {
        (await AnswerOutcome.OfEventsAsync(Text, Reason(reason), "[DONE]")).Should().BeEquivalentTo(new { Text = "Oak", IsGood = true, Reason = (string?)null });
        (await AnswerOutcome.OfEventsAsync(Text, Reason(reason))).Code.Should().Be("provider-interrupted");
    }

    [Theory]
    [InlineData("[DONE]")]
    [InlineData("[done]")]
    [InlineData("\"[DONE]\"")]
    [InlineData("DONE")]
    [InlineData("[DONE] and then some")]
    [InlineData("[DONE]{\"error\":\"too late\"}")]
    public async Task Done_ends_an_answer_that_has_text(string done) =>
        (await AnswerOutcome.OfAsync($"data:{Text}\n\ndata:{done}\n\ndata: {{broken\n\n")).Should().BeEquivalentTo(new { Text = "Oak", IsGood = true });

    [Fact]
    public async Task Done_with_neither_text_nor_reason_is_an_error_and_is_not_asked_for_again()
    {
        (await AnswerOutcome.OfEventsAsync("[DONE]")).Should().BeEquivalentTo(new { Code = "provider-error", MayRetry = false });
        (await AnswerOutcome.OfEventsAsync("""{"choices":[{"delta":{"role":"assistant"}}]}""", "[DONE]")).Code.Should().Be("provider-error");
        (await AnswerOutcome.OfEventsAsync(Finish("stop"), "[DONE]")).Should().BeEquivalentTo(new { Text = "", Reason = "stop", IsGood = true });
    }

    [Fact]
    public async Task A_reason_in_a_chunk_of_its_own_is_an_end_also_where_the_connection_breaks()
    {
        (await AnswerOutcome.OfBrokenAsync(Events(Text, Finish("stop")))).IsGood.Should().BeTrue();
        (await AnswerOutcome.OfBrokenAsync(Events(Text, TextAndStop))).Should().BeEquivalentTo(new { Text = "OakOak", IsGood = true });
        (await AnswerOutcome.OfBrokenAsync(Events(Text, Finish("stop")) + "data: {\"choices\":[],\"usa")).IsGood.Should().BeTrue();
        (await AnswerOutcome.OfEventsAsync(Text, Finish("stop"), "{broken")).IsGood.Should().BeTrue();
    }

    [Fact]
    public async Task A_reason_that_stands_in_every_chunk_is_none_where_the_connection_breaks()
    {
        (await AnswerOutcome.OfBrokenAsync(Events(TextAndStop))).Should().BeEquivalentTo(new { Text = "Oak", IsGood = false, MayRetry = false });
        (await AnswerOutcome.OfBrokenAsync(Events(TextAndStop, TextAndStop))).IsGood.Should().BeFalse();
        (await AnswerOutcome.OfBrokenAsync(Events(Finish("stop"), TextAndStop))).IsGood.Should().BeFalse();
        (await AnswerOutcome.OfBrokenAsync(Events(TextAndStop, TextAndStop, Finish("stop")))).IsGood.Should().BeFalse();
        (await AnswerOutcome.OfEventsAsync(TextAndStop, TextAndStop)).Should().BeEquivalentTo(new { Text = "OakOak", IsGood = true });
    }

    [Fact]
    public async Task A_body_that_only_its_connection_ends_has_to_say_that_it_is_over()
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(Events(Text, TextAndStop));

        (await AnswerOutcome.OfAsync([bytes], isFramed: false)).IsGood.Should().BeTrue();
        (await AnswerOutcome.OfAsync([System.Text.Encoding.UTF8.GetBytes(Events(TextAndStop, TextAndStop))], isFramed: false)).IsGood.Should().BeFalse();
        (await AnswerOutcome.OfAsync([bytes[..^40]], isFramed: false)).IsGood.Should().BeFalse();
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n: waiting\n\n", true)]
    [InlineData("data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}\n\n", false)]
    [InlineData("data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0}]}}]}\n\n", true)]
    [InlineData("data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"id\":\"c1\"}]}}]}\n\n", false)]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"Oak\"}}]}\n\n", false)]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"Oak", false)]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"Oak\"},\"finish_rea", false)]
    public async Task What_broke_off_is_asked_for_again_only_where_a_model_had_made_nothing(string body, bool mayRetry) =>
        (await AnswerOutcome.OfBrokenAsync(body)).Should().BeEquivalentTo(new { Code = "provider-interrupted", MayRetry = mayRetry });

    [Fact]
    public async Task The_last_usage_counts_wherever_it_stands()
    {
        var outcome = await AnswerOutcome.OfEventsAsync(
            """{"choices":[{"delta":{"content":"Oak"}}],"usage":{"total_tokens":1}}""", Finish("stop"), """{"choices":[],"usage":{"total_tokens":3}}""", """{"choices":[],"usage":null}""", "[DONE]");

        outcome.Usage.Should().Be("""{"total_tokens":3}""");
    }

    private static string Reason(string json) => $$"""{"choices":[{"index":0,"delta":{},"finish_reason":{{json}}}]}""";
}
