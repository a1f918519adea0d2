using static EventSourcedStreams.OpenAI.Tests.StubProvider;

namespace EventSourcedStreams.OpenAI.Tests.Answers;

/// <summary>Text in whatever shape it comes is text; what cannot be read is an error, and never nothing.</summary>
public sealed class TextShapesTests
{
    [Theory]
    [InlineData("""{"delta":{"content":[{"type":"text","text":"Oak"}]}}""")]
    [InlineData("""{"delta":{"content":["O","ak"]}}""")]
    [InlineData("""{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"Oak"}]}}""")]
    [InlineData("""{"delta":{"content":[{"type":"output_text","text":{"value":"Oak"}},{"type":"image_url","image_url":{"url":"data:"}}]}}""")]
    [InlineData("""{"delta":{"content":{"type":"text","text":"Oak"}}}""")]
    [InlineData("""{"delta":{"content":{"parts":[{"text":"hm","thought":true},{"text":"Oak"}]}}}""")]
    [InlineData("""{"delta":{"content":[{"type":"future","content":"Oak"}]}}""")]
    [InlineData("""{"delta":{"content":"","refusal":"Oak"}}""")]
    [InlineData("""{"delta":{"content":"O","refusal":"ak"}}""")]
    [InlineData("""{"delta":{"content":[],"refusal":[{"type":"refusal","refusal":"Oak"}]}}""")]
    [InlineData("""{"delta":{"content":null,"audio":{"id":"a","data":"AAAA","transcript":"Oak"}}}""")]
    [InlineData("""{"delta":{"text":"Oak"}}""")]
    [InlineData("""{"delta":"Oak"}""")]
    [InlineData("""{"delta":[{"content":"Oak"}]}""")]
    [InlineData("""{"message":{"role":"assistant","content":"Oak"}}""")]
    [InlineData("""{"message":{"content":"","refusal":"Oak"}}""")]
    [InlineData("""{"message":"Oak"}""")]
    [InlineData("""{"delta":{"content":"Oak"},"message":{"content":"Oak"},"text":"Oak"}""")]
    [InlineData("""{"delta":{"content":""},"message":{"content":"Oak"}}""")]
    [InlineData("""{"text":"Oak"}""")]
    [InlineData("""{"delta":{},"text":"Oak"}""")]
    [InlineData("""{"delta":null,"text":"Oak"}""")]
    [InlineData("""{"index":3,"delta":{"content":"Oak"}}""")]
    [InlineData("""{"index":0,"delta":{}},{"index":1,"delta":{"content":"Oak"}}""")]
    [InlineData("""{"index":1,"delta":{"content":"Elm"}},{"index":0,"delta":{"content":"Oak"}}""")]
    [InlineData("""{"index":0,"delta":{"content":"O"}},{"index":0,"delta":{"content":"ak"}}""")]
    public async Task A_choice_of_any_shape_gives_its_text_once(string choices)
    {
        var outcome = await AnswerOutcome.OfEventsAsync($$"""{"choices":[{{choices}}]}""", Finish("stop"), "[DONE]");

        outcome.Text.Should().Be("Oak");
        outcome.IsGood.Should().BeTrue(outcome.Message);
    }

    [Theory]
    [InlineData("""{"delta":{"content":[{"type":"hologram","rays":"Oak"}]}}""")]
    [InlineData("""{"delta":{"content":{"riddle":"Oak"}}}""")]
    [InlineData("""{"delta":{"utterance":"Oak"}}""")]
    public async Task Content_that_may_be_text_and_cannot_be_read_is_an_error(string choice)
    {
        var outcome = await AnswerOutcome.OfEventsAsync($$"""{"choices":[{{choice}}]}""", Finish("stop"), "[DONE]");

        outcome.IsGood.Should().BeFalse();
    }

    [Theory]
    [InlineData("""{"delta":{"content":42}}""", "42")]
    [InlineData("""{"delta":{"content":false}}""", "")]
    [InlineData("""{"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{}"}}]}}""", "")]
    [InlineData("""{"delta":{"content":"","images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}}""", "")]
    [InlineData("""{"delta":{"reasoning_content":"thinking"}}""", "")]
    public async Task What_is_no_text_adds_none(string choice, string text)
    {
        var outcome = await AnswerOutcome.OfEventsAsync($$"""{"choices":[{{choice}}]}""", Finish("tool_calls"), "[DONE]");

        outcome.Should().BeEquivalentTo(new { Text = text, Reason = "tool_calls", IsGood = true });
    }

    [Theory]
    [InlineData("""{"message":{"role":"assistant","content":"Oak"},"done":false}""", """{"message":{"content":""},"done":true,"done_reason":"stop"}""")]
    [InlineData("""{"response":"Oak","done":false}""", """{"response":"","done":true,"done_reason":"stop"}""")]
    [InlineData("""{"type":"content_block_delta","delta":{"type":"text_delta","text":"Oak"}}""", """{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""")]
    [InlineData("""{"type":"response.output_text.delta","delta":"Oak"}""", """{"type":"response.completed","response":{"status":"completed","output":[]}}""")]
    [InlineData("""{"candidates":[{"content":{"role":"model","parts":[{"text":"Oak"}]}}]}""", """{"candidates":[{"content":{"role":"model"},"finishReason":"STOP"}]}""")]
    [InlineData("""{"result":{"choices":[{"delta":{"content":"Oak"}}]}}""", """{"choices":{"delta":{},"finish_reason":"stop"}}""")]
    public async Task Other_ways_to_stream_are_read_too(string piece, string end)
    {
        (await AnswerOutcome.OfEventsAsync(piece, end)).Should().BeEquivalentTo(new { Text = "Oak", IsGood = true });
        (await AnswerOutcome.OfAsync($"{piece}\n{end}\n")).Should().BeEquivalentTo(new { Text = "Oak", IsGood = true });
    }
}
