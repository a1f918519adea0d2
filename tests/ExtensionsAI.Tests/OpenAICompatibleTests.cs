using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EventSourcedStreams.OpenAI;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.AI;
using static EventSourcedStreams.OpenAI.Tests.StubProvider;

namespace EventSourcedStreams.Extensions.AI.Tests;

/// <summary>What real providers send, by way of our own client and the source over it.</summary>
public sealed partial class OpenAICompatibleTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Providers");

    private readonly RecordingAppender output = new();
    private readonly ManualTime time = new();

    public static TheoryData<string> Cases => [.. Directory.EnumerateFiles(Folder, "*.sse").Select(file => Path.GetFileNameWithoutExtension(file)).Where(name => name != "cut-in-arguments").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_stream_says_what_the_source_openai_says(string name)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(Folder, $"{name}.sse"));
        var expected = await File.ReadAllLinesAsync(Path.Combine(Folder, $"{name}.txt"));
        await using var provider = await StartAsync(context => SendAsync(context, bytes));
        using var client = Client(provider);

        await ClientRun.Source(client, time: time).RunAsync(output, ClientRun.Hello);

        output.Text.Should().Be(Texts("body: "));
        Written("reasoning").Should().Be(Texts("reasoning: "));
        output.Parts.Where(part => part.Start.Kind == PartKinds.ToolCall).Select(part => $"{part.Start.Name} {part.Start.Detail}: {part.Text}").Should().Equal(
            Lines("tool-call ").Select(line => Call().Match(line)).Select(call => $"{call.Groups["name"].Value} {call.Groups["detail"].Value}: {call.Groups["arguments"].Value}"));
        output.Parts.Should().OnlyContain(part => part.End != null);
        foreach (var kind in (string[])["source", "file", "tool-result", "error"]) output.Parts.Count(part => part.Start.Kind == kind).Should().Be(Lines(kind + " ").Count(), kind);

        IEnumerable<string> Lines(string start) => expected.Where(line => line.StartsWith(start, StringComparison.Ordinal));
        string Texts(string start) => string.Concat(Lines(start).Select(line => line[start.Length..])).Replace("\\n", "\n");
        string Written(string kind) => string.Concat(output.Parts.Where(part => part.Start.Kind == kind).Select(part => part.Text));
    }

    [Fact]
    public async Task Arguments_are_seen_while_the_provider_is_still_saying_them()
    {
        var rest = new TaskCompletionSource();
        await using var provider = await StartAsync(async context =>
        {
            await SendAsync(context, Encoding.UTF8.GetBytes(Events(
                """{"id":"r1","choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{\"a\":"}}]}}]}""")));
            await rest.Task;
            await SendAsync(context, Encoding.UTF8.GetBytes(Events(
                """{"id":"r1","choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":" 1}"}}]},"finish_reason":"tool_calls"}]}""", "[DONE]")));
        });
        using var client = Client(provider);
        var run = ClientRun.Source(client, time: time).RunAsync(output, ClientRun.Hello);

        await Eventually.UntilAsync("the beginning has come", () => output.Parts.Any(part => part.Text == "{\"a\":"));
        rest.SetResult();
        await run;

        output.Lines().Skip(1).Should().Equal("""tool-call f #c1 Json {"executed":"client"} '{"a": 1}'""");
    }

    [Fact]
    public async Task A_function_that_was_run_goes_back_with_its_call_and_the_thought_behind_it()
    {
        await using var provider = await StartAsync(
            Streams(
                """{"id":"r1","choices":[{"delta":{"reasoning_content":"I look."}}]}""",
                """{"id":"r1","choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"weather","arguments":"{\"town\":\"Oslo\"}"}}]},"finish_reason":"tool_calls"}]}""", "[DONE]"),
            Streams(Delta("It is fine."), Finish("stop"), "[DONE]"));
        using var client = Client(provider);

        await ClientRun.Source(client, options => options.AddTool(AIFunctionFactory.Create((string town) => $"fine in {town}", "weather")), time).RunAsync(output, ClientRun.Hello);

        output.Text.Should().Be("It is fine.");
        using var sent = JsonDocument.Parse(provider.Requests[1].Body);
        sent.RootElement.GetProperty("messages").EnumerateArray().Select(message => message.GetRawText()).Should().Equal(
            """{"role":"user","content":"Hello"}""",
            """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\u0022town\u0022:\u0022Oslo\u0022}"}}],"reasoning_content":"I look."}""",
            """{"role":"tool","tool_call_id":"c1","content":"fine in Oslo"}""");
    }

    [Fact]
    public async Task A_provider_that_says_only_that_it_is_alive_keeps_the_stream_alive()
    {
        var more = new SemaphoreSlim(0);
        await using var provider = await StartAsync(async context =>
        {
            for (var beat = 0; beat < 3; beat++)
            {
                await SendAsync(context, ": still here\n\n"u8.ToArray());
                await more.WaitAsync(context.RequestAborted);
            }

            await SendAsync(context, Encoding.UTF8.GetBytes(Events(Delta("Oak"), Finish("stop"), "[DONE]")));
        });
        using var client = Client(provider);

        var run = ClientRun.Source(client, time: time).RunAsync(output, ClientRun.Hello);
        for (var beat = 0; beat < 3; beat++)
        {
            await Eventually.UntilAsync("the request has come", () => provider.Requests.Count == 1);
            var signs = output.SignsOfLife;
            time.Advance(TimeSpan.FromSeconds(2));
            more.Release();
            await Eventually.UntilAsync("the source has heard it", () => output.SignsOfLife > signs);
        }

        await run;
        output.Text.Should().Be("Oak");
    }

    private OpenAICompatibleChatClient Client(EventSourcedStreams.OpenAI.Tests.StubProvider provider) =>
        new(new OpenAIEndpointOptions { BaseUrl = provider.BaseUrl, Model = "small" }, time);

    [GeneratedRegex("""^tool-call (?:(?<name>[^#{ ]+) )??(?:#\S+ )?(?:json )?(?<detail>\{[^:]+:"[^"]+"\})(?:: (?<arguments>.*?))?(?: -> .*)?$""")]
    private static partial Regex Call();
}
