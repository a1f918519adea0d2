using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.AI;
using static EventSourcedStreams.Extensions.AI.Tests.ScriptedChatClient;

namespace EventSourcedStreams.Extensions.AI.Tests.Durable;

/// <summary>Functions that are invoked within an answer that is kept: whatever becomes of them, the next turn has no
/// call without a result.</summary>
public sealed class FunctionTests
{
    private readonly TaskCompletionSource<string> slow = new();
    private readonly TaskCompletionSource begun = new();

    [Fact]
    public async Task Functions_that_run_at_the_same_time_are_stored_as_they_run_and_told_in_the_order_of_their_calls()
    {
        await using var app = await ChatApp.StartAsync();
        var client = app.Client(new ScriptedChatClient(Calling("slow", "quick"), Updates(Update(new TextContent("Done.")))), invokes: true);
        var reading = client.GetStreamingResponseAsync("Hello", Asking()).AllAsync();

        await Eventually.UntilAsync("the quick one is done, and the slow one runs", async () =>
            Parts(await app.EventsAsync()).SequenceEqual(["+step", "+tool-call", "-tool-call", "+tool-call", "-tool-call", "+tool-result", "+tool-result", "-tool-result"]));
        slow.SetResult("at last");
        var told = await reading;

        told.SelectMany(update => update.Contents).OfType<FunctionResultContent>().Select(result => $"{result.CallId} {result.Result}").Should().Equal("c0 at last", "c1 quick");
        for (var count = 1; count < told.Count; count++)
            told.Take(count).Concat(await AnswerTests.Continued(client, told[count - 1]).AllAsync()).Lines().Should().Equal(told.Lines());
    }

    [Fact]
    public async Task A_caller_that_left_while_functions_ran_is_told_their_results_when_it_comes_back()
    {
        await using var app = await ChatApp.StartAsync();
        var client = app.Client(new ScriptedChatClient(Calling("slow", "quick"), Updates(Update(new TextContent("Done.")))), invokes: true);
        var begun = await client.GetStreamingResponseAsync("Hello", Asking()).TakeAsync(1);

        var rest = AnswerTests.Continued(client, begun[0]).AllAsync();
        slow.SetResult("at last");

        (await rest).Lines().Should().Equal(
            """FunctionResultContent {"result":"at last","callId":"c0"}""", """FunctionResultContent {"result":"quick","callId":"c1"}""", "text Done.");
    }

    [Fact]
    public async Task A_function_that_throws_is_told_as_failed_and_its_words_are_not_stored()
    {
        await using var app = await ChatApp.StartAsync();
        var client = app.Client(new ScriptedChatClient(Calling("throws"), Updates(Update(new TextContent("Done.")))), invokes: true);

        var told = await client.GetStreamingResponseAsync("Hello", Asking()).AllAsync();

        told.Lines()[^1].Should().Be("text Done.");
        var result = (await AnswerTests.Continued(client, told[0]).AllAsync()).SelectMany(update => update.Contents).OfType<FunctionResultContent>().Single();
        result.Exception.Should().NotBeNull();
        result.Result!.ToString().Should().NotContain("secret");
        History.Content(await app.EventsAsync()).Items.OfType<ContentItem.Part>().Should().Contain(part => part.Start.Kind == PartKinds.ToolResult && part.State == PartState.Failed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_function_that_never_ends_is_left_with_the_answer_and_the_next_turn_has_a_result_for_it(bool listens)
    {
        using var end = new CancellationTokenSource();
        await using var app = await ChatApp.StartAsync();
        var inner = new ScriptedChatClient(Calling("quick", listens ? "listens" : "slow"), Updates(Update(new TextContent("Yes."))));
        var client = app.Client(inner, invokes: true);
        List<ChatMessage> messages = [new(ChatRole.User, "Hello")];
        var told = new List<ChatResponseUpdate>();
        var reading = Task.Run(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync(messages, new ChatOptions { Tools = Asking().Tools }, end.Token)) told.Add(update);
        });

        await begun.Task.WaitAsync(Eventually.Limit);
        await end.CancelAsync();
        await FluentActions.Awaiting(() => reading).Should().ThrowAsync<OperationCanceledException>();

        await Eventually.UntilAsync("it is cancelled", async () => await app.StatusAsync() == StreamStatus.Cancelled);
        messages.AddRange(told.ToChatResponse().Messages);
        messages.Add(new ChatMessage(ChatRole.User, "Still there?"));
        var before = messages.Select(message => message.Contents.Count).ToList();
        (await client.GetStreamingResponseAsync(messages).AllAsync()).Lines().Should().Equal("text Yes.");
        Dangling(inner.Calls[^1].Messages).Should().BeEmpty();
        messages.Select(message => message.Contents.Count).Should().Equal(before, "the caller's messages stay as they are");
    }

    [Fact]
    public async Task A_function_that_runs_for_long_keeps_the_answer_alive()
    {
        var time = new ManualTime();
        await using var app = await ChatApp.StartAsync(clock: time);
        var client = app.Client(new ScriptedChatClient(Calling("slow"), Updates(Update(new TextContent("Done.")))), options => options.IdleTimeout = TimeSpan.FromSeconds(5), invokes: true);
        var reading = client.GetStreamingResponseAsync("Hello", Asking()).AllAsync();
        await begun.Task.WaitAsync(Eventually.Limit);
        time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.UntilAsync("what was told is saved", async () => Parts(await app.EventsAsync()).Contains("+tool-result"));

        var seconds = 0;
        await Eventually.UntilAsync("a minute has passed", () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return ++seconds == 60;
        });

        slow.SetResult("at last");

        (await reading.WaitAsync(Eventually.Limit)).Lines()[^1].Should().Be("text Done.");
    }

    [Fact]
    public async Task A_function_that_needs_approval_is_asked_for_and_runs_on_the_next_turn()
    {
        var ran = 0;
        await using var app = await ChatApp.StartAsync();
        var options = new ChatOptions { AllowBackgroundResponses = true, Tools = [new ApprovalRequiredAIFunction(AIFunctionFactory.Create(() => ++ran, "delete"))] };
        var client = app.Client(new ScriptedChatClient(Calling("delete"), Updates(Update(new TextContent("Deleted.")))), invokes: true);
        List<ChatMessage> messages = [new(ChatRole.User, "Delete it.")];

        var asked = await client.GetStreamingResponseAsync(messages, options).AllAsync();
        var again = await AnswerTests.Continued(client, new ChatResponseUpdate { ContinuationToken = new AnswerToken(await app.OnlyAsync(), ContentMark.None).Write(null) }).AllAsync();
        again.Lines().Should().Equal(asked.Lines());
        messages.AddRange(again.ToChatResponse().Messages);
        messages.Add(new ChatMessage(ChatRole.User, [again.SelectMany(update => update.Contents).OfType<ToolApprovalRequestContent>().Single().CreateResponse(true)]));
        var told = await client.GetStreamingResponseAsync(messages, options).AllAsync();

        ran.Should().Be(1);
        told.Lines()[^1].Should().Be("text Deleted.");
    }

    private ChatOptions Asking() => new()
    {
        AllowBackgroundResponses = true,
        Tools =
        [
            Tool("slow", async () =>
            {
                begun.TrySetResult();
                return await slow.Task;
            }),
            Tool("quick", () => Task.FromResult("quick")), Tool("throws", () => throw new InvalidOperationException("secret words")),
            AIFunctionFactory.Create(async (CancellationToken ct) =>
            {
                begun.TrySetResult();
                await Task.Delay(Timeout.Infinite, ct);
            }, "listens"),
        ],
    };

    private static AIFunction Tool(string name, Func<Task<string>> body) => AIFunctionFactory.Create(body, name);

    private static Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> Calling(params string[] names) =>
        Updates(Update([.. names.Select((name, i) => new FunctionCallContent($"c{i}", name, new Dictionary<string, object?>()))]));

    private static IEnumerable<string> Parts(IEnumerable<RecordedEvent> events)
    {
        var kinds = new Dictionary<int, string>();
        foreach (var recorded in events)
        {
            if (recorded.Event is StreamEvent.PartStarted e) yield return $"+{kinds[e.Part] = e.Start.Kind}";
            else if (recorded.Event is StreamEvent.PartEnded end) yield return $"-{kinds[end.Part]}";
        }
    }

    /// <summary>Calls that a provider would refuse: without a result right behind them.</summary>
    private static IEnumerable<string> Dangling(IReadOnlyList<ChatMessage> messages)
    {
        for (var at = 0; at < messages.Count; at++)
        {
            var results = at + 1 < messages.Count ? messages[at + 1].Contents.OfType<FunctionResultContent>().Select(result => result.CallId).ToList() : [];
            foreach (var call in messages[at].Contents.OfType<FunctionCallContent>().Where(call => !results.Contains(call.CallId))) yield return call.CallId;
        }
    }
}
