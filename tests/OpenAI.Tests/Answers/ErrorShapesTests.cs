using static EventSourcedStreams.OpenAI.Tests.StubProvider;

namespace EventSourcedStreams.OpenAI.Tests.Answers;

/// <summary>A provider's failure is told as one, in its words, at whatever level and in whatever shape it
/// comes.</summary>
public sealed class ErrorShapesTests
{
    [Theory]
    [InlineData("""{"error":{"message":"out of luck","code":500}}""")]
    [InlineData("""{"error":"out of luck"}""")]
    [InlineData("""{"error":{"detail":"out of luck"}}""")]
    [InlineData("""{"error":{"error":{"message":"out of luck"}}}""")]
    [InlineData("""{"error":true,"message":"out of luck"}""")]
    [InlineData("""{"errors":[{"message":"out of luck"}]}""")]
    [InlineData("""[{"error":{"code":429,"message":"out of luck","status":"RESOURCE_EXHAUSTED"}}]""")]
    [InlineData("""{"error_code":17,"error_msg":"out of luck"}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop","error":{"message":"out of luck"}}]}""")]
    [InlineData("""{"choices":[{"delta":{"error":{"message":"out of luck"}}}]}""")]
    [InlineData("""{"choices":[{"message":{"content":null,"error":"out of luck"}}]}""")]
    [InlineData("""{"choices":[],"metadata":{"upstream":{"error":{"message":"out of luck"}}}}""")]
    [InlineData("""{"object":"error","message":"out of luck","code":400}""")]
    [InlineData("""{"type":"error","message":"out of luck"}""")]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"out of luck"}}""")]
    [InlineData("""{"type":"InternalServerError","message":"out of luck"}""")]
    [InlineData("""{"type":"response.failed","response":{"error":{"message":"out of luck"}}}""")]
    [InlineData("""{"status":"failed","message":"out of luck"}""")]
    [InlineData("""{"success":false,"message":"out of luck"}""")]
    [InlineData("""{"message":"out of luck","code":504}""")]
    [InlineData("""{"code":"Throttling","message":"out of luck","request_id":"r"}""")]
    [InlineData("""{"message":"out of luck"}""")]
    [InlineData("""{"detail":"out of luck"}""")]
    [InlineData("""{"detail":[{"loc":["body"],"msg":"out of luck"}]}""")]
    [InlineData("""{"type":"about:blank","title":"Too Many Requests","status":429,"detail":"out of luck"}""")]
    [InlineData("""{"title":"out of luck","status":503}""")]
    [InlineData("""{"choices":null,"base_resp":{"status_code":1004,"status_msg":"out of luck"}}""")]
    public async Task An_error_in_the_data_is_one_whatever_comes_after_it(string error)
    {
        var outcome = await AnswerOutcome.OfEventsAsync(Delta("Oak"), error, Finish("stop"), "[DONE]");

        outcome.Should().BeEquivalentTo(new { Text = "Oak", Code = "provider-interrupted", MayRetry = false });
        outcome.Message.Should().EndWith("It says: out of luck");
        (await AnswerOutcome.OfAsync(error)).Should().BeEquivalentTo(new { Code = "provider-error", MayRetry = false });
    }

    [Theory]
    [InlineData("event: error\ndata: {\"message\":\"out of luck\"}\n\n")]
    [InlineData("event: error\ndata: out of luck\n\n")]
    [InlineData("event: error\ndata: \"out of luck\"\n\n")]
    [InlineData("event:response.failed\ndata:out of luck\n\n")]
    [InlineData("data: {\"choices\":[]}\nevent: error\ndata: out of luck\n")]
    [InlineData("error: {\"code\":500,\"message\":\"out of luck\"}\n\n")]
    [InlineData("error: out of luck\n\n")]
    [InlineData("{\"error\":{\"message\":\"out of luck\"}}\n")]
    [InlineData("{\n  \"error\": {\n    \"message\": \"out of luck\"\n  }\n}\n\n")]
    [InlineData("data: {\ndata:   \"error\": \"out of luck\"\ndata: }\n\n")]
    public async Task An_error_beside_the_data_is_one_too(string sent)
    {
        var outcome = await AnswerOutcome.OfAsync(Events(Delta("Oak")) + sent + Events(Finish("stop"), "[DONE]"));

        outcome.Should().BeEquivalentTo(new { Text = "Oak", Code = "provider-interrupted" });
        outcome.Message.Should().EndWith("It says: out of luck");
    }

    [Theory]
    [InlineData("event: error\n\n")]
    [InlineData("event: error\ndata:\n\n")]
    [InlineData("event: error\ndata: {broken\n\n")]
    [InlineData("data: {\"choices\":[]}\nevent: error\n\n")]
    public async Task An_event_named_an_error_needs_no_words(string sent) =>
        (await AnswerOutcome.OfAsync(Events(Delta("Oak")) + sent + Events(Finish("stop"), "[DONE]"))).Should().BeEquivalentTo(new { Text = "Oak", IsGood = false });

    [Theory]
    [InlineData("\"\"")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("false")]
    [InlineData("null")]
    [InlineData("{\"message\":\"\",\"code\":null}")]
    public async Task An_error_that_says_nothing_is_none(string error)
    {
        var outcome = await AnswerOutcome.OfAsync(
            $"data: {{\"choices\":[{{\"delta\":{{\"content\":\"Oak\",\"error\":{error}}},\"finish_reason\":\"stop\",\"error\":{error}}}],\"error\":{error}}}\n\nerror: {error}\n\ndata: [DONE]\n\n");

        outcome.Should().BeEquivalentTo(new { Text = "Oak", IsGood = true });
    }

    [Theory]
    [InlineData("""{"choices":[{"delta":{"tool_calls":[{"id":"c","result":{"error":"no such town"}}]}}]}""")]
    [InlineData("""{"choices":[{"content_filter_results":{"error":{"code":"content_filter_error","message":"was not filtered"}},"delta":{}}]}""")]
    [InlineData("""{"choices":[],"prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false}}}]}""")]
    [InlineData("""{"event":"node_started","status":"started","title":"Searching"}""")]
    [InlineData("""{"type":"search","status":200,"title":"Oaks","detail":"their age"}""")]
    public async Task A_failure_within_the_answer_is_not_the_answers(string chunk) =>
        (await AnswerOutcome.OfEventsAsync(Delta("Oak"), chunk, Finish("stop"), "[DONE]")).Should().BeEquivalentTo(new { Text = "Oak", IsGood = true });
}
