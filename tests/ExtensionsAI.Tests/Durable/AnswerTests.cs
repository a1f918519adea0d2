using System.Text.Json;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using Microsoft.Extensions.AI;
using static EventSourcedStreams.Extensions.AI.Tests.ScriptedChatClient;

namespace EventSourcedStreams.Extensions.AI.Tests.Durable;

/// <summary>Answers of a client that are kept: what the caller is told, what is stored, and how a caller comes
/// back.</summary>
public sealed class AnswerTests
{
    private static readonly ChatResponseUpdate[] Script =
    [
        new(ChatRole.Assistant, [new TextReasoningContent("Hm")]) { MessageId = "m1", ResponseId = "r1", ModelId = "small" },
        new(ChatRole.Assistant, "Grüße, ") { MessageId = "m1", AdditionalProperties = new() { ["raw"] = 7 } },
        new(ChatRole.Assistant, "世界.") { MessageId = "m1" },
        new(ChatRole.Assistant, [new UsageContent(new UsageDetails { InputTokenCount = 3, OutputTokenCount = 4 })]) { MessageId = "m1", FinishReason = ChatFinishReason.Stop },
    ];

    [Fact]
    public async Task Updates_are_the_clients_own_and_the_answer_is_stored()
    {
        await using var app = await ChatApp.StartAsync();

        var told = await app.Client(new ScriptedChatClient(Updates(Script))).GetStreamingResponseAsync("Hello").AllAsync();

        told.Should().OnlyContain(update => update.ContinuationToken == null);
        told[1].AdditionalProperties.Should().Contain("raw", 7);
        told[1].Contents.Should().Equal(Script[1].Contents);
        told.Lines().Should().Equal(Script.Lines());
        told.ToChatResponse().FinishReason.Should().Be(ChatFinishReason.Stop);
        told.ToChatResponse().Usage!.OutputTokenCount.Should().Be(4);
        told.ToChatResponse().Messages.Should().ContainSingle();
        var body = (await app.TextStreams.FindAsync(await app.OnlyAsync()))!;
        body.Text.ToString().Should().Be("Grüße, 世界.");
        body.Summary.Should().BeEquivalentTo(new { Source = "chat-client", Status = StreamStatus.Done, FinishReason = "stop", Parts = 2 });
    }

    [Fact]
    public async Task Each_update_but_the_last_has_a_token_and_from_each_the_answer_goes_on_in_another_process()
    {
        var log = new InMemoryStore(TimeProvider.System);
        await using var app = await ChatApp.StartAsync(log);
        await using var other = await ChatApp.StartAsync(log);
        var told = await app.Client(new ScriptedChatClient(Updates(Script))).GetStreamingResponseAsync("Hello", ChatApp.Background).AllAsync();

        told.SkipLast(1).Should().OnlyContain(update => update.ContinuationToken != null);
        told[^1].ContinuationToken.Should().BeNull();
        for (var count = 1; count < told.Count; count++)
        {
            var rest = await Continued(other.Client(new ScriptedChatClient()), told[count - 1]).AllAsync();
            told.Take(count).Concat(rest).Lines().Should().Equal(Script.Lines());
            rest[^1].ContinuationToken.Should().BeNull();
            rest[^1].FinishReason.Should().Be(ChatFinishReason.Stop);
        }
    }

    [Theory]
    [MemberData(nameof(RoundTripTests.Contents), MemberType = typeof(RoundTripTests))]
    public async Task Each_kind_of_content_is_told_and_comes_back_from_the_log_as_it_was(string name)
    {
        await using var app = await ChatApp.StartAsync();
        var said = RoundTripTests.Cases[name];
        var client = app.Client(Saying(said));

        var told = await client.GetStreamingResponseAsync("Hello", ChatApp.Background).AllAsync();
        var all = await Continued(client, new ChatResponseUpdate { ContinuationToken = new AnswerToken(await app.OnlyAsync(), ContentMark.None).Write(null) }).AllAsync();

        told.Lines().Should().Equal(Told.Lines(said));
        all.Lines().Should().Equal(Told.Lines(said));
        for (var count = 1; count < told.Count; count++)
            told.Take(count).Concat(await Continued(client, told[count - 1]).AllAsync()).Lines().Should().Equal(told.Lines());
    }

    [Fact]
    public async Task Arguments_and_results_that_are_deep_or_say_a_name_twice_or_no_text_do_not_keep_a_caller_from_coming_back()
    {
        await using var app = await ChatApp.StartAsync();
        var deep = $"{{\"a\":{new string('[', 200)}{new string(']', 200)}}}";
        AIContent[] said =
        [
            new FunctionCallContent("c1", "f"), new FunctionResultContent("c1", JsonElement.Parse(deep, new JsonDocumentOptions { MaxDepth = 300 })),
            new FunctionCallContent("c2", "f"), new FunctionResultContent("c2", JsonElement.Parse("{\"a\":1,\"a\":2}")),
            new FunctionCallContent("c3", "f"), new FunctionResultContent("c3", JsonElement.Parse("{\"a\":\"\\ud83d\"}")),
            new FunctionCallContent("c4", "f", new Dictionary<string, object?> { ["a"] = JsonElement.Parse("\"\\ud83d\"") }),
            new TextContent("On."),
        ];
        var client = app.Client(Saying(said));
        var told = await client.GetStreamingResponseAsync("Hello", ChatApp.Background).AllAsync();

        var all = await Continued(client, new ChatResponseUpdate { ContinuationToken = new AnswerToken(await app.OnlyAsync(), ContentMark.None).Write(null) }).AllAsync();

        var contents = all.SelectMany(update => update.Contents).ToList();
        contents.OfType<TextContent>().Single().Text.Should().Be("On.");
        contents.OfType<FunctionCallContent>().Should().HaveCount(4);
        contents.OfType<FunctionResultContent>().Select(result => $"{result.Result}").Should().Equal(deep, "{\"a\":1,\"a\":2}", "{\"a\":\"\\ud83d\"}");
        told.Should().HaveCountGreaterThan(1);
    }

    [Fact]
    public async Task A_caller_that_comes_back_while_the_answer_is_made_is_told_what_comes()
    {
        var go = new TaskCompletionSource();
        var log = new InMemoryStore(TimeProvider.System);
        await using var app = await ChatApp.StartAsync(log);
        await using var other = await ChatApp.StartAsync(log);
        var begun = await app.Client(new ScriptedChatClient(_ => Waits(go))).GetStreamingResponseAsync("Hello", ChatApp.Background).TakeAsync(1);

        var rest = Continued(other.Client(new ScriptedChatClient()), begun[0]).AllAsync();
        go.SetResult();

        begun.Concat(await rest).Lines().Should().Equal("text One. Two.");
    }

    [Fact]
    public async Task An_answer_is_asked_for_until_it_is_there()
    {
        var go = new TaskCompletionSource();
        await using var app = await ChatApp.StartAsync();
        var client = app.Client(new ScriptedChatClient(_ => Waits(go)));

        var first = await client.GetResponseAsync("Hello", ChatApp.Background);
        first.ContinuationToken.Should().NotBeNull();
        first.Messages.Should().BeEmpty();
        var second = await client.GetResponseAsync([], new ChatOptions { ContinuationToken = first.ContinuationToken });
        second.ContinuationToken!.ToBytes().ToArray().Should().Equal(first.ContinuationToken!.ToBytes().ToArray());
        go.SetResult();
        var last = second;
        await TestKit.Eventually.UntilAsync("the answer is there", async () =>
            (last = await client.GetResponseAsync([], new ChatOptions { ContinuationToken = last.ContinuationToken })).ContinuationToken is null);

        last.Text.Should().Be("One. Two.");
    }

    [Fact]
    public async Task The_client_gets_a_copy_of_the_options_without_what_is_the_streams_matter()
    {
        await using var app = await ChatApp.StartAsync();
        var inner = new ScriptedChatClient(Updates(Script));
        var options = new ChatOptions { AllowBackgroundResponses = true, Temperature = 0.5f };

        await app.Client(inner).GetStreamingResponseAsync("Hello", options).AllAsync();

        var asked = inner.Calls.Single().Options!;
        asked.Should().NotBeSameAs(options);
        (asked.AllowBackgroundResponses, asked.ContinuationToken, asked.Temperature).Should().Be((null, null, 0.5f));
        options.AllowBackgroundResponses.Should().BeTrue();
    }

    [Fact]
    public async Task Half_of_a_surrogate_pair_is_told_with_its_other_half()
    {
        await using var app = await ChatApp.StartAsync();
        var script = new[] { Update(new TextContent("a\ud83d")), Update(new TextContent("\ude00b")), Update(new TextReasoningContent("c\ud83d")), Update(new TextContent("d\ud83d")) };
        var client = app.Client(new ScriptedChatClient(Updates(script)));

        var told = await client.GetStreamingResponseAsync("Hello", ChatApp.Background).AllAsync();

        told.Lines().Should().Equal("text a😀b", "thought c\uFFFD", "text d\uFFFD");
        for (var count = 1; count < told.Count; count++)
            told.Take(count).Concat(await Continued(client, told[count - 1]).AllAsync()).Lines().Should().Equal(told.Lines());
    }

    [Fact]
    public async Task A_reader_that_falls_behind_goes_on_in_the_log()
    {
        await using var app = await ChatApp.StartAsync();
        var script = Enumerable.Range(0, 40).Select(number => Update(new TextContent($"{number} {new string('x', 64 * 1024)}"))).ToArray();
        var client = app.Client(new ScriptedChatClient(Updates(script)));

        await using var answer = client.GetStreamingResponseAsync("Hello").GetAsyncEnumerator();
        await answer.MoveNextAsync();
        var told = new List<ChatResponseUpdate> { answer.Current };
        await TestKit.Eventually.UntilAsync("the answer is made", async () => await app.StatusAsync() == StreamStatus.Done);
        while (await answer.MoveNextAsync()) told.Add(answer.Current);

        told.Lines().Should().Equal(script.Lines());
        told.Should().OnlyContain(update => update.ContinuationToken == null);
        told.Count.Should().NotBe(script.Length + 1);
    }

    [Fact]
    public async Task Where_parts_are_switched_off_no_answer_is_begun()
    {
        await using var app = await ChatApp.StartAsync(configure: options => options.Streams.Parts = false);

        var asking = () => app.Client(new ScriptedChatClient(Updates(Script))).GetStreamingResponseAsync("Hello").AllAsync();

        (await asking.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*Streams:Parts*");
    }

    internal static IAsyncEnumerable<ChatResponseUpdate> Continued(IChatClient client, ChatResponseUpdate last) =>
        client.GetStreamingResponseAsync([], new ChatOptions { AllowBackgroundResponses = true, ContinuationToken = last.ContinuationToken });

    private static async IAsyncEnumerable<ChatResponseUpdate> Waits(TaskCompletionSource go)
    {
        yield return Update(new TextContent("One. "));
        await go.Task;
        yield return Update(new TextContent("Two."));
    }
}
