using System.Runtime.CompilerServices;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.AI;
using static EventSourcedStreams.Extensions.AI.Tests.ScriptedChatClient;

namespace EventSourcedStreams.Extensions.AI.Tests;

/// <summary>Calls whose arguments the client tells as they come.</summary>
public sealed class DeltasTests
{
    private readonly RecordingAppender output = new();

    [Fact]
    public async Task Arguments_are_written_as_they_come_and_the_call_is_one()
    {
        var (first, rest) = (new TaskCompletionSource(), new TaskCompletionSource());
        var client = new ScriptedChatClient(AnswerAsync, Updates(Update(new TextContent("Sunny."))));
        var run = ClientRun.Source(client, options => options.AddTool(AIFunctionFactory.Create((string city) => $"sunny in {city}", "weather"))).RunAsync(output, ClientRun.Hello);

        await Eventually.UntilAsync("the call has begun", () => output.Parts.Count == 2);
        output.Parts[1].ToString().Should().Be("""tool-call weather #c1 Json {"executed":"app"} (open)""");
        first.SetResult();
        await Eventually.UntilAsync("arguments have come", () => output.Parts[1].Text.Length > 0);
        output.Parts[1].ToString().Should().Be("""tool-call weather #c1 Json {"executed":"app"} '{ "city":' (open)""");
        rest.SetResult();
        await run;

        output.Parts.Skip(1).Where(part => part.Start.Kind != PartKinds.Step).Select(part => part.ToString()).Should().Equal(
            """tool-call weather #c1 Json {"executed":"app"} '{ "city": "Oslo" }'""", "tool-result of 2 weather #c1 Json '\"sunny in Oslo\"'");
        output.Text.Should().Be("Sunny.");

        async IAsyncEnumerable<ChatResponseUpdate> AnswerAsync([EnumeratorCancellation] CancellationToken ct)
        {
            var begin = new ToolCallDelta(1, "c1", "weather", "");
            yield return Delta(begin);
            await first.Task.WaitAsync(ct);
            yield return Delta(begin with { Arguments = """{ "city":""" });
            await rest.Task.WaitAsync(ct);
            yield return Delta(begin with { Arguments = """ "Oslo" }""" });
            yield return Update(Whole(begin, "Oslo"));
        }
    }

    [Fact]
    public async Task Calls_that_are_told_by_turns_are_kept_apart()
    {
        ToolCallDelta a = new(1, "a", "f", ""), b = new(2, "b", "f", "");

        await RunAsync(Delta(a), Delta(b), Delta(a with { Arguments = "{\"city\":" }), Delta(b with { Arguments = "{\"city\":\"Rome\"}" }), Delta(a with { Arguments = "\"Oslo\"}" }), Update(Whole(a, "Oslo"), Whole(b, "Rome")));

        output.Lines().Skip(1).Should().Equal("""tool-call f #a Json {"executed":"client"} '{"city":"Oslo"}'""", """tool-call f #b Json {"executed":"client"} '{"city":"Rome"}'""");
    }

    [Fact]
    public async Task An_id_that_comes_with_the_whole_call_stands_at_its_end()
    {
        ToolCallDelta begin = new(1, null, "f", "");

        await RunAsync(Delta(begin with { Arguments = "{}" }), Update(new FunctionCallContent("late", "f") { RawRepresentation = begin }));

        output.Lines().Skip(1).Should().Equal("""tool-call f Json {"executed":"client"} '{}' {"callId":"late"}""");
    }

    [Fact]
    public async Task A_whole_call_that_was_made_anew_on_the_way_is_known_by_its_id()
    {
        ToolCallDelta begin = new(1, "c1", "f", "{}");

        await RunAsync(Delta(begin), Update(new FunctionCallContent("c1", "f")), Update(new FunctionCallContent("c2", "f")));

        output.Lines().Skip(1).Should().Equal("""tool-call f #c1 Json {"executed":"client"} '{}'""", """tool-call f #c2 Json {"executed":"client"}""");
    }

    [Fact]
    public async Task A_whole_call_of_which_nothing_was_told_before_is_not_taken_for_one_that_is_counted_from_0()
    {
        ToolCallDelta zero = new(0, "c0", "f", "{\"city\":");

        await RunAsync(
            Delta(zero), Update(new FunctionCallContent("c9", "g", new Dictionary<string, object?> { ["n"] = 1 })),
            Delta(zero with { Arguments = "\"Oslo\"}" }), Update(Whole(zero, "Oslo")));

        output.Lines().Skip(1).Should().Equal("""tool-call f #c0 Json {"executed":"client"} '{"city":"Oslo"}'""", """tool-call g #c9 Json {"executed":"client"} '{"n":1}'""");
    }

    [Theory]
    [InlineData("late")]
    [InlineData("")]
    public async Task A_whole_call_that_was_made_anew_is_known_by_its_name_where_its_id_was_not_known(string id)
    {
        ToolCallDelta named = new(1, null, "f", "{}"), other = new(2, null, "g", "{}");

        await RunAsync(Delta(named), Delta(other), Update(new FunctionCallContent(id, "f")), Update(new FunctionCallContent("c2", "g")));

        output.Lines().Skip(1).Should().Equal(
            $$"""tool-call f Json {"executed":"client"} '{}' {"callId":"{{id}}"}""", """tool-call g Json {"executed":"client"} '{}' {"callId":"c2"}""");
    }

    [Fact]
    public async Task Of_two_open_calls_of_one_name_neither_is_taken_for_a_call_that_may_be_either()
    {
        ToolCallDelta first = new(1, null, "f", "{\"n\":1}"), second = new(2, null, "f", "{\"n\":2}");

        await RunAsync(Delta(first), Delta(second), Update(new FunctionCallContent("c1", "f", new Dictionary<string, object?> { ["n"] = 1 })));

        output.Lines().Skip(1).Should().Equal(
            """tool-call f Json {"executed":"client"} '{"n":1}' (open)""", """tool-call f Json {"executed":"client"} '{"n":2}' (open)""",
            """tool-call f #c1 Json {"executed":"client"} '{"n":1}'""");
    }

    [Fact]
    public async Task A_call_that_the_client_never_finishes_is_cut_off_and_not_taken_for_one_of_the_next_answer()
    {
        ToolCallDelta cut = new(1, "c1", "f", "{\"a\":"), next = new(1, "c2", "g", "{}");

        await RunAsync(Delta(cut), Delta(next, "r2"), new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("c2", "g") { RawRepresentation = next }]));

        output.Lines().Where(line => line.StartsWith("tool-call", StringComparison.Ordinal)).Should().Equal(
            """tool-call f #c1 Json {"executed":"client"} '{"a":' (open)""", """tool-call g #c2 Json {"executed":"client"} '{}'""");
    }

    [Fact]
    public async Task A_call_that_the_provider_runs_says_so_from_its_beginning()
    {
        ToolCallDelta begin = new(1, "c1", "search", "{}") { InformationalOnly = true };

        await RunAsync(Delta(begin), Update(new FunctionCallContent("c1", "search") { RawRepresentation = begin, InformationalOnly = true }));

        output.Lines().Skip(1).Should().Equal("""tool-call search #c1 Json {"executed":"provider"} '{}'""");
    }

    [Fact]
    public async Task What_its_provider_wants_back_with_a_call_is_kept_with_it()
    {
        await RunAsync(Update(new FunctionCallContent("c1", "f") { AdditionalProperties = new() { ["opaque"] = """{"sig":"c2ln"}""" } }));

        output.Lines().Skip(1).Should().Equal("""tool-call f #c1 Json {"executed":"client"}""", """opaque of 2 '{"sig":"c2ln"}'""");
    }

    [Fact]
    public async Task Updates_that_hold_nothing_are_signs_of_life_from_the_first_on_and_are_no_step()
    {
        var go = new TaskCompletionSource();
        var run = ClientRun.Source(new ScriptedChatClient(AnswerAsync)).RunAsync(output, ClientRun.Hello);

        await Eventually.UntilAsync("the client is alive", () => output.SignsOfLife == 2);
        output.Parts.Should().BeEmpty();
        go.SetResult();
        await run;

        output.Lines().Should().Equal("""step {"messageId":"m1","responseId":"r1"}""");
        output.Text.Should().Be("Oak");

        async IAsyncEnumerable<ChatResponseUpdate> AnswerAsync([EnumeratorCancellation] CancellationToken ct)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, []);
            yield return new ChatResponseUpdate(ChatRole.Assistant, []);
            await go.Task.WaitAsync(ct);
            yield return Update(new TextContent("Oak"));
        }
    }

    private Task<SourceResult> RunAsync(params ChatResponseUpdate[] updates) => ClientRun.Source(Saying(updates)).RunAsync(output, ClientRun.Hello);

    private static ChatResponseUpdate Delta(ToolCallDelta delta, string response = "r1") =>
        new(ChatRole.Assistant, []) { MessageId = response.Replace('r', 'm'), ResponseId = response, RawRepresentation = delta };

    private static FunctionCallContent Whole(ToolCallDelta begin, string city) =>
        new(begin.CallId!, begin.Name!, new Dictionary<string, object?> { ["city"] = city }) { RawRepresentation = begin };
}
