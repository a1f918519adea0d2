using System.Net;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.AI;
using static EventSourcedStreams.Extensions.AI.Tests.ScriptedChatClient;

namespace EventSourcedStreams.Extensions.AI.Tests;

/// <summary>What is asked for again, and when.</summary>
public sealed class RetryTests
{
    private readonly RecordingAppender output = new();
    private readonly ManualTime time = new();

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(null)]
    public async Task A_call_that_fails_before_its_first_content_is_tried_again(HttpStatusCode? status)
    {
        var broken = Updates([new ChatResponseUpdate { Role = ChatRole.Assistant, MessageId = "m0" }], new HttpRequestException("away", null, status));
        var client = new ScriptedChatClient(broken, broken, Updates(Update(new TextContent("at last"))));

        await ClientRun.Source(client, time: time).RunAsync(output, ClientRun.Hello).AdvancingAsync(time);

        output.Text.Should().Be("at last");
        client.Calls.Should().HaveCount(3);
    }

    [Fact]
    public async Task A_call_whose_content_has_begun_is_not()
    {
        var client = new ScriptedChatClient(Updates([Update(new TextReasoningContent("Hm"))], new IOException("away")), Updates(Update(new TextContent("twice"))));

        (await ClientRun.Source(client, time: time).RunAsync(output, ClientRun.Hello).FailureAsync()).Code.Should().Be("provider-interrupted");

        client.Calls.Should().HaveCount(1);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, 2, "provider-refused")]
    [InlineData(HttpStatusCode.InternalServerError, 0, "provider-error")]
    public async Task What_will_not_go_better_or_is_not_to_be_tried_fails_at_once(HttpStatusCode status, int retries, string code)
    {
        var client = new ScriptedChatClient(Updates([], new HttpRequestException("away", null, status)));

        (await ClientRun.Source(client, options => options.Retries = retries, time).RunAsync(output, ClientRun.Hello).FailureAsync()).Code.Should().Be(code);

        client.Calls.Should().HaveCount(1);
    }

    [Fact]
    public async Task A_later_call_of_the_model_is_tried_again_without_running_the_function_again()
    {
        var ran = 0;
        var client = new ScriptedChatClient(
            Updates(Update(new FunctionCallContent("c1", "f", new Dictionary<string, object?>()))), Updates([], new HttpRequestException("away")), Updates(Update(new TextContent("Done."))));

        await ClientRun.Source(client, options => options.AddTool(AIFunctionFactory.Create(() => ++ran, "f")), time).RunAsync(output, ClientRun.Hello).AdvancingAsync(time);

        ran.Should().Be(1);
        output.Text.Should().Be("Done.");
        client.Calls.Should().HaveCount(3);
    }

    [Fact]
    public async Task The_status_of_another_packages_exception_is_seen()
    {
        var client = new ScriptedChatClient(Updates([], new ForeignException { Status = 429 }), Updates(Update(new TextContent("ok"))));

        await ClientRun.Source(client, time: time).RunAsync(output, ClientRun.Hello).AdvancingAsync(time);

        output.Text.Should().Be("ok");
    }

    private sealed class ForeignException : Exception
    {
        public int Status { get; init; }
    }
}
