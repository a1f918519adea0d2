using System.Text;
using static EventSourcedStreams.OpenAI.Tests.StubProvider;

namespace EventSourcedStreams.OpenAI.Tests.Answers;

/// <summary>Events are found however they are parted, and what is none of them is passed over.</summary>
public sealed class FramingTests
{
    private const string Oak = """{"choices":[{"delta":{"content":"Oak"}}]}""";
    private const string Elm = """{"choices":[{"delta":{"content":" Elm"}}]}""";
    private const string Stop = """{"choices":[{"delta":{},"finish_reason":"stop"}]}""";

    [Theory]
    [InlineData($"data: {Oak}\n\ndata: {Elm}\n\ndata: {Stop}\n\ndata: [DONE]\n\n")]
    [InlineData($"data: {Oak}\r\n\r\ndata: {Elm}\r\n\r\ndata: {Stop}\r\n\r\ndata: [DONE]\r\n\r\n")]
    [InlineData($"data: {Oak}\r\rdata: {Elm}\r\rdata: {Stop}\r\rdata: [DONE]\r\r")]
    [InlineData($"data: {Oak}\ndata: {Elm}\ndata: {Stop}\ndata: [DONE]\n")]
    [InlineData($"data: {Oak}{Elm}{Stop}[DONE]\n\n")]
    [InlineData($"data: {Oak} {Elm}, {Stop}\n\n")]
    [InlineData($"data: [{Oak},{Elm},{Stop}]\n\n")]
    [InlineData($"data:{Oak}\n\ndata:{Elm}\n\ndata:{Stop}")]
    [InlineData($"DATA: {Oak}\n\n data: {Elm}\n\ndata: data: {Stop}\n\n")]
    [InlineData($"\uFEFFdata: {Oak}\n\n\0\0\ndata: {Elm}\n\ndata: {Stop}\n\n")]
    [InlineData($": hello\n\nid: 1\nretry: 5\ndata: {Oak}\n\n:\n\nevent: ping\ndata: keepalive\n\ndata: {Elm}\n\ndata:\n\ndata: {Stop}\n\n")]
    [InlineData($"event: chat.completion.chunk\ndata: {Oak}\n\nevent: heartbeat\ndata: {{}}\n\nevent: x\ndata: {Elm}\n\nevent: done\ndata: {{}}\n\n")]
    [InlineData($"event: ping\ndata: keepalive\ndata: {Oak}\ndata: {Elm}\ndata: {Stop}\n")]
    [InlineData($"data: ping\n\ndata: {Oak}\n\ndata: [HEARTBEAT]\n\ndata: null\n\ndata: []\n\ndata: \"\"\n\ndata: : keep-alive\n\ndata: {Elm}\n\ndata: {Stop}\n\n")]
    [InlineData($"data: {Oak}\n\nevent: billing.summary\ndata: {{\"cost\":1,\"text\":\"a bill\",\"error\":\"\"}}\n\ndata: {{\"queue_position\":3}}\n\ndata: {Elm}\n\ndata: {Stop}\n\n")]
    [InlineData($"data: {Oak}\n\nnonsense\n<b>\n\ndata: {Elm}\n\ndata: {Stop}\n\n")]
    [InlineData($"{Oak}\n{Elm}\n{Stop}\n")]
    [InlineData($"{Oak}{Elm}{Stop}")]
    [InlineData($"[{Oak},\n{Elm},\n{Stop}]")]
    [InlineData($"  {{\n\"choices\": [\n{{\"message\": {{\"content\":\n\n\"Oak Elm\"}}, \"finish_reason\": \"stop\"}}]\n}}\n")]
    [InlineData("data: {\ndata: \"choices\": [{\"message\": {\"content\":\ndata: \"Oak Elm\"}, \"finish_reason\": \"stop\"}]}\n\n")]
    [InlineData("data: {\n  \"choices\": [{\"message\":\n{\"content\": \"Oak Elm\"}, \"finish_reason\": \"stop\"}]\n}\n\n")]
    public async Task Events_are_found(string body)
    {
        (await AnswerOutcome.OfAsync(body)).Should().BeEquivalentTo(new { Text = "Oak Elm", IsGood = true });

        var bytes = Encoding.UTF8.GetBytes(body);
        (await AnswerOutcome.OfAsync(bytes.Select(each => new[] { each }))).Should().BeEquivalentTo(new { Text = "Oak Elm", IsGood = true });
    }

    [Theory]
    [InlineData("data: {not json\n\n")]
    [InlineData("data: [1]\n\n")]
    [InlineData("data: \"Oak\"\n\n")]
    [InlineData("data: Bad Gateway\n\n")]
    [InlineData("event: text\ndata: Oak\n\n")]
    [InlineData("data: {\"choices\":[}\n\n")]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"\\ud8\"}}]}\n\n")]
    [InlineData("{\"choices\":[\n\n")]
    public async Task What_is_no_chunk_and_no_heartbeat_is_an_error(string sent)
    {
        var outcome = await AnswerOutcome.OfAsync(Events(Oak) + sent + Events(Elm, "[DONE]"));

        outcome.Should().BeEquivalentTo(new { Text = "Oak", Code = "provider-interrupted" });
    }

    [Fact]
    public async Task A_page_or_a_line_of_text_is_no_answer()
    {
        var page = await AnswerOutcome.OfAsync("\n<!doctype html>\n<title>It works</title>\ndata: {}\n");
        var line = await AnswerOutcome.OfAsync("no healthy upstream");

        page.Should().BeEquivalentTo(new { Code = "provider-error", MayRetry = false });
        page.Message.Should().Contain("OpenAI:BaseUrl").And.NotContain("It works");
        line.Should().BeEquivalentTo(new { Code = "provider-error", MayRetry = false });
        line.Message.Should().EndWith("It says: no healthy upstream");
    }

    [Fact]
    public async Task An_event_of_megabytes_is_read_and_one_past_the_bound_is_an_error_in_words()
    {
        var image = $$$"""data: {"choices":[{"delta":{"content":"","images":[{"url":"{{{new string('A', 5_000_000)}}}"}]}}]}""" + "\n\n";
        (await AnswerOutcome.OfAsync(Events(Oak) + image + Events(Elm, Stop))).Should().BeEquivalentTo(new { Text = "Oak Elm", IsGood = true });

        foreach (var start in (string[])["data: {\"x\":\"", "{\"x\":\"", ": "])
        {
            var large = await AnswerOutcome.OfAsync(Events(Oak) + start + new string('A', EventSplitter.MaxEventBytes + 1));
            large.Should().BeEquivalentTo(new { Text = "Oak", Code = "provider-interrupted" });
            large.Message.Should().Contain("more than 16 MiB");
        }
    }
}
