using EventSourcedStreams.TestKit;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using static EventSourcedStreams.Extensions.AI.Tests.ScriptedChatClient;

namespace EventSourcedStreams.Extensions.AI.Tests;

/// <summary>Functions that run while an answer waits for them.</summary>
public sealed class ToolsTests
{
    private readonly RecordingAppender output = new();
    private readonly ManualTime time = new();

    [Fact]
    public async Task A_function_is_seen_running_before_it_is_seen_done_and_keeps_the_stream_alive()
    {
        var weather = new TaskCompletionSource<string>();
        var client = new ScriptedChatClient(Calling(("c1", "weather")), Updates(Update(new TextContent("Sunny then."))));
        var run = ClientRun.Source(client, options => options.AddTool(Function("weather", () => weather.Task)), time).RunAsync(output, ClientRun.Hello);

        await Eventually.UntilAsync("the function runs", () => output.Parts.Any(part => part.Start.Kind == PartKinds.ToolResult));
        output.Lines().Skip(1).Should().Equal("""tool-call weather #c1 Json {"executed":"app"} '{}'""", "tool-result of 2 weather #c1 Json (open)");
        await Eventually.UntilAsync("it is waited for by the clock", () => time.Armed > 0);
        var before = output.SignsOfLife;
        time.Advance(TimeSpan.FromSeconds(4));
        await Eventually.UntilAsync("it has shown that it lives, more than once", () => output.SignsOfLife > before + 1);
        weather.SetResult("sunny");
        await run;

        output.Parts[2].ToString().Should().Be("tool-result of 2 weather #c1 Json '\"sunny\"'");
        output.Text.Should().Be("Sunny then.");
        client.Calls[1].Messages[^1].Contents.OfType<FunctionResultContent>().Single().CallId.Should().Be("c1");
        time.Armed.Should().Be(0);
    }

    [Fact]
    public async Task Functions_that_run_at_the_same_time_keep_their_results_apart()
    {
        var (first, second) = (new TaskCompletionSource<string>(), new TaskCompletionSource<string>());
        var inner = new ScriptedChatClient(Calling(("c1", "a"), ("c2", "b")), Updates(Update(new TextContent("Done."))));
        var client = new FunctionInvokingChatClient(inner) { AllowConcurrentInvocation = true };
        var run = ClientRun.Source(client, options => options.AddTool(Function("a", () => first.Task)).AddTool(Function("b", () => second.Task))).RunAsync(output, ClientRun.Hello);

        await Eventually.UntilAsync("both run", () => output.Parts.Count(part => part.Start.Kind == PartKinds.ToolResult) == 2);
        second.SetResult("2");
        await Eventually.UntilAsync("the second is done", () => output.Parts.Any(part => part is { Start.CallId: "c2", Start.Kind: PartKinds.ToolResult, End: not null }));
        first.SetResult("1");
        await run;

        output.Lines().Where(line => line.StartsWith("tool-result", StringComparison.Ordinal)).Should().BeEquivalentTo("tool-result of 2 a #c1 Json '\"1\"'", "tool-result of 3 b #c2 Json '\"2\"'");
    }

    [Fact]
    public async Task A_function_that_throws_is_a_failed_result_and_the_answer_goes_on()
    {
        var client = new ScriptedChatClient(Calling(("c1", "weather")), Updates(Update(new TextContent("No weather."))));

        await ClientRun.Source(client, options => options.AddTool(Function("weather", () => throw new InvalidOperationException("secret words")))).RunAsync(output, ClientRun.Hello);

        output.Parts[2].End!.Error.Should().Be("The tool failed.");
        output.Parts[2].Text.Should().NotContain("secret");
        output.Text.Should().Be("No weather.");
    }

    [Fact]
    public async Task A_stream_that_is_cancelled_while_a_function_runs_leaves_its_result_open()
    {
        using var end = new CancellationTokenSource();
        var client = new ScriptedChatClient(Calling(("c1", "forever")));
        var forever = AIFunctionFactory.Create(async (CancellationToken ct) => await Task.Delay(Timeout.Infinite, ct), "forever");

        var run = ClientRun.Source(client, options => options.AddTool(forever), time).RunAsync(output, ClientRun.Hello, ct: end.Token);
        await Eventually.UntilAsync("the function runs", () => output.Parts.Count == 3);
        await end.CancelAsync();

        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
        output.Parts[2].End.Should().BeNull();
        time.Armed.Should().Be(0);
    }

    [Fact]
    public async Task A_function_that_needs_approval_is_asked_for_and_runs_on_the_next_turn()
    {
        var ran = 0;
        var tool = new ApprovalRequiredAIFunction(Function("delete", () => Task.FromResult($"{++ran}")));
        await ClientRun.Source(new ScriptedChatClient(Calling(("c1", "delete"))), options => options.AddTool(tool)).RunAsync(output, ClientRun.Hello);

        output.Parts.Select(part => part.Start.Kind).Should().Equal("step", "tool-call", "approval-request");
        ran.Should().Be(0);

        var request = System.Text.Json.Nodes.JsonNode.Parse(output.Parts[2].Start.Detail!)!["requestId"]!.GetValue<string>();
        var input = new System.Text.Json.Nodes.JsonObject
        {
            ["messages"] = new System.Text.Json.Nodes.JsonArray(
                new System.Text.Json.Nodes.JsonObject { ["role"] = "user", ["content"] = "Delete it." },
                new System.Text.Json.Nodes.JsonObject { ["role"] = "assistant", ["content"] = QueryContent.Of(output) },
                new System.Text.Json.Nodes.JsonObject
                {
                    ["role"] = "user",
                    ["content"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject
                    {
                        ["kind"] = "approval-response",
                        ["detail"] = new System.Text.Json.Nodes.JsonObject { ["requestId"] = request, ["approved"] = true },
                    }),
                }),
        };
        var next = new RecordingAppender();
        await ClientRun.Source(new ScriptedChatClient(Updates(Update(new TextContent("Deleted.")))), options => options.AddTool(tool)).RunAsync(next, input.ToJsonString());

        ran.Should().Be(1);
        next.Text.Should().Be("Deleted.");
        next.Parts.Where(part => part.Start.Kind == PartKinds.ToolResult).Should().ContainSingle().Which.Text.Should().Be("\"1\"");
    }

    [Fact]
    public async Task A_tool_that_the_app_did_not_open_is_the_clients_to_run()
    {
        await ClientRun.Source(new ScriptedChatClient(Calling(("c1", "unknown")))).RunAsync(output, ClientRun.Hello);

        output.Parts[1].Start.Detail.Should().Be("""{"executed":"client"}""");
    }

    [Fact]
    public async Task Services_of_a_tool_live_as_long_as_the_answer()
    {
        var services = new ServiceCollection().AddScoped<Disposed>();
        var client = new ScriptedChatClient(Calling(("c1", "look")), Updates(Update(new TextContent("Done."))));
        Disposed? seen = null;

        await ClientRun.Source(
            provider =>
            {
                seen = provider.GetRequiredService<Disposed>();
                return client;
            },
            options => options.AddTool("look", provider => AIFunctionFactory.Create(() => $"{ReferenceEquals(provider.GetRequiredService<Disposed>(), seen)} {seen!.Is}", "look")),
            services: services).RunAsync(output, ClientRun.Hello);

        output.Parts[2].Text.Should().Be("\"True False\"");
        seen!.Is.Should().BeTrue();
    }

    private static AIFunction Function(string name, Func<Task<string>> body) => AIFunctionFactory.Create(body, name);

    private static Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> Calling(params (string Id, string Name)[] calls) =>
        Updates(Update([.. calls.Select(call => new FunctionCallContent(call.Id, call.Name, new Dictionary<string, object?>()))]));

    private sealed class Disposed : IDisposable
    {
        public bool Is { get; private set; }

        public void Dispose() => Is = true;
    }
}
