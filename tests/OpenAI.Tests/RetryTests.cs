using EventSourcedStreams.TestKit;
using static EventSourcedStreams.OpenAI.Tests.StubProvider;

namespace EventSourcedStreams.OpenAI.Tests;

/// <summary>What is asked for again, and when.</summary>
public sealed class RetryTests
{
    private const string Hello = """{"messages":[{"role":"user","content":"Hello"}]}""";

    private readonly ManualTime time = new();
    private readonly RecordingAppender output = new();

    [Theory]
    [InlineData("""{"error":{"message":"used up","code":"insufficient_quota"}}""")]
    [InlineData("""{"error":{"message":"used up","type":"exceeded_current_quota_error"}}""")]
    public async Task A_quota_that_is_used_up_is_not_asked_again(string body)
    {
        await using var provider = await StartAsync(Refuses(429, body));

        var failure = await Source(provider).RunAsync(output, Hello).FailureAsync();

        failure.Code.Should().Be("provider-refused");
        failure.Message.Should().EndWith("It says: used up");
        provider.Requests.Should().HaveCount(1);
    }

    [Theory]
    [InlineData(429, "false", 1)]
    [InlineData(503, "false", 1)]
    [InlineData(400, "true", 2)]
    [InlineData(400, "perhaps", 1)]
    public async Task A_provider_decides_itself_whether_to_be_asked_again(int status, string says, int requests)
    {
        await using var provider = await StartAsync(Refuses(status, "{}", "x-should-retry", says), Streams(Delta("ok"), Finish("stop"), "[DONE]"));

        var run = Source(provider).RunAsync(output, Hello).AdvancingAsync(time);

        if (requests > 1) await run;
        else await run.FailureAsync();
        provider.Requests.Should().HaveCount(requests);
    }

    [Fact]
    public async Task Milliseconds_to_wait_are_kept()
    {
        await using var provider = await StartAsync(Refuses(429, "{}", "retry-after-ms", "1500"), Streams(Delta("ok"), Finish("stop"), "[DONE]"));

        var run = Source(provider).RunAsync(output, Hello);
        await Eventually.UntilAsync("the source waits", () => time.Armed > 0);
        time.Advance(TimeSpan.FromMilliseconds(1499));
        provider.Requests.Should().HaveCount(1);
        time.Armed.Should().Be(1);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await run;

        provider.Requests.Should().HaveCount(2);
    }

    [Theory]
    [InlineData("application/json", """{"choices":[{"message":{"content":"whole"},"finish_reason":"stop"}]}""")]
    [InlineData("text/event-stream", """{"choices":[{"message":{"content":"whole"},"finish_reason":"stop"}]}""")]
    [InlineData("application/json", "data: {\"choices\":[{\"delta\":{\"content\":\"whole\"},\"finish_reason\":\"stop\"}]}\n\n")]
    [InlineData("text/plain", "data: {\"choices\":[{\"delta\":{\"content\":\"whole\"},\"finish_reason\":\"stop\"}]}\n\n")]
    public async Task An_answer_is_taken_whatever_it_says_of_its_type(string type, string body)
    {
        await using var provider = await StartAsync(Answers(type, body));

        await Source(provider).RunAsync(output, Hello);

        output.Text.Should().Be("whole");
        provider.Requests.Should().HaveCount(1);
    }

    [Theory]
    [InlineData("""{"error":{"message":"no such model"}}""")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n")]
    [InlineData("data: [DONE]\n\n")]
    [InlineData("OK")]
    public async Task An_answer_that_came_whole_is_not_asked_for_again_however_poor(string body)
    {
        await using var provider = await StartAsync(Answers("application/json", body));

        await Source(provider).RunAsync(output, Hello).FailureAsync();

        provider.Requests.Should().HaveCount(1);
    }

    [Fact]
    public async Task Reasoning_that_breaks_off_is_paid_for_and_not_asked_for_again()
    {
        await using var provider = await StartAsync(Breaks(() => output.SignsOfLife > 1, Events("""{"choices":[{"delta":{"reasoning":"hm"}}]}""")));

        (await Source(provider).RunAsync(output, Hello).FailureAsync()).Code.Should().Be("provider-interrupted");

        provider.Requests.Should().HaveCount(1);
    }

    private static Microsoft.AspNetCore.Http.RequestDelegate Answers(string type, string body) => context =>
    {
        context.Response.ContentType = type;
        return SendAsync(context, System.Text.Encoding.UTF8.GetBytes(body));
    };

    private OpenAISource Source(StubProvider provider) => new(new OpenAIOptions { BaseUrl = provider.BaseUrl }, time);
}
