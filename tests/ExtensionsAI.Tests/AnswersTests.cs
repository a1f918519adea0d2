using EventSourcedStreams.TestKit;
using Microsoft.Extensions.AI;
using static EventSourcedStreams.Extensions.AI.Tests.ScriptedChatClient;

namespace EventSourcedStreams.Extensions.AI.Tests;

/// <summary>What a client says, as the stream is told it.</summary>
public sealed class AnswersTests
{
    private const string LeftOut =
        """error {"code":"parts-left-out"} 'Not all that came beside the text is kept: an address, an id or a detail was too long, or there was too much of one kind.'""";

    [Fact]
    public async Task Each_call_of_the_model_is_a_step_with_its_own_usage_and_the_stream_has_their_sum()
    {
        var output = new RecordingAppender();

        var result = await ClientRun.Source(Saying(
            new ChatResponseUpdate(ChatRole.Assistant, "One. ") { MessageId = "m1", ResponseId = "r1", ModelId = "small" },
            new ChatResponseUpdate(ChatRole.Assistant, [Used(3, 4)]) { MessageId = "m1", FinishReason = ChatFinishReason.ToolCalls },
            new ChatResponseUpdate(ChatRole.Assistant, "Two.") { MessageId = "m2", ResponseId = "r2", AuthorName = "Ada", ConversationId = "c" },
            new ChatResponseUpdate(ChatRole.Assistant, [Used(5, 6)]) { MessageId = "m2", ResponseId = "r2", FinishReason = ChatFinishReason.Stop })).RunAsync(output, ClientRun.Hello);

        output.Text.Should().Be("One. Two.");
        output.Lines().Should().Equal(
            """step {"messageId":"m1","responseId":"r1","model":"small"} {"finishReason":"tool_calls","usage":{"inputTokenCount":3,"outputTokenCount":4}}""",
            """step {"messageId":"m2","responseId":"r2","conversationId":"c","author":"Ada"} {"finishReason":"stop","usage":{"inputTokenCount":5,"outputTokenCount":6}}""");
        output.Parts.Select(part => part.Body).Should().Equal(0, 5);
        result.Should().Be(new SourceResult("stop", """{"inputTokenCount":8,"outputTokenCount":10}"""));
    }

    [Fact]
    public async Task Updates_with_one_long_id_are_one_step()
    {
        var output = new RecordingAppender();
        var id = new string('é', 2000);

        await ClientRun.Source(Saying(
            new ChatResponseUpdate(ChatRole.Assistant, "One. ") { MessageId = id, ResponseId = id },
            new ChatResponseUpdate(ChatRole.Assistant, "Two.") { MessageId = id, ResponseId = id })).RunAsync(output, ClientRun.Hello);

        output.Parts.Should().ContainSingle().Which.Start.Detail.Should().Contain($"\"messageId\":\"{new string('é', 512)}\"");
    }

    [Fact]
    public async Task What_the_first_update_does_not_know_stands_at_the_end_of_the_step()
    {
        var output = await ClientRun.RunAsync(Saying(
            new ChatResponseUpdate(ChatRole.Assistant, "a"), new ChatResponseUpdate(ChatRole.Assistant, "b") { MessageId = "m1", ResponseId = "r1" },
            new ChatResponseUpdate(ChatRole.Assistant, "c") { MessageId = "m1" }));

        output.Lines().Should().Equal("""step {"messageId":"m1","responseId":"r1"}""");
    }

    [Fact]
    public async Task Arguments_are_kept_as_json_without_white_space()
    {
        var output = await ClientRun.RunAsync(Saying(new FunctionCallContent("c1", "f", new Dictionary<string, object?> { ["city"] = "Zürich", ["days"] = new[] { 1, 2 } })));

        output.Parts[1].Text.Should().Be("""{"city":"Zürich","days":[1,2]}""");
    }

    [Fact]
    public async Task A_client_that_breaks_off_leaves_its_step_open()
    {
        var output = new RecordingAppender();
        var client = new ScriptedChatClient(Updates([Update(new TextReasoningContent("Hm")), Update(new TextContent("so far"))], new HttpRequestException("secret words")));

        var failure = await ClientRun.Source(client).RunAsync(output, ClientRun.Hello).FailureAsync();

        failure.Code.Should().Be("provider-interrupted");
        failure.Message.Should().NotContain("secret");
        output.Parts[0].End.Should().BeNull();
        output.Text.Should().Be("so far");
    }

    [Fact]
    public async Task A_clients_own_exception_is_told_by_its_type_alone()
    {
        var client = new ScriptedChatClient(Updates([], new NotSupportedException("secret words")));

        await FluentActions.Awaiting(() => ClientRun.Source(client).RunAsync(new RecordingAppender(), ClientRun.Hello)).Should().ThrowAsync<NotSupportedException>();
    }

    [Fact]
    public async Task A_cancelled_stream_cancels_the_client()
    {
        using var end = new CancellationTokenSource();
        var output = new RecordingAppender();
        var client = new ScriptedChatClient(ct => StaysSilent(ct));

        var run = ClientRun.Source(client).RunAsync(output, ClientRun.Hello, ct: end.Token);
        await Eventually.UntilAsync("text has come", () => output.Text == "a");
        await end.CancelAsync();

        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();

        static async IAsyncEnumerable<ChatResponseUpdate> StaysSilent([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
        {
            yield return Update(new TextContent("a"));
            await Task.Delay(Timeout.Infinite, ct);
        }
    }

    [Fact]
    public async Task The_client_is_not_read_on_while_too_much_is_unsaved()
    {
        var output = new RecordingAppender();
        output.Pause();

        var run = ClientRun.Source(Saying(new TextContent("one"), new TextContent("two"))).RunAsync(output, ClientRun.Hello);
        await Eventually.UntilAsync("text has come", () => output.Pieces.Count > 0);
        output.Pieces.Should().Equal("one");
        output.Resume();
        await run;

        output.Pieces.Should().Equal("one", "two");
    }

    [Fact]
    public async Task Places_of_a_citation_that_reach_over_their_content_are_the_messages()
    {
        var output = await ClientRun.RunAsync(Saying(
            Update(new TextContent("ö")), new ChatResponseUpdate(ChatRole.Assistant, "Grüße ") { MessageId = "m2" },
            new ChatResponseUpdate(ChatRole.Assistant, [new TextContent("hier.")]) { MessageId = "m2" },
            new ChatResponseUpdate(ChatRole.Assistant, [new TextContent("") { Annotations = [new CitationAnnotation { Title = "A", AnnotatedRegions = [new TextSpanAnnotatedRegion { StartIndex = 0, EndIndex = 11 }] }] }]) { MessageId = "m2" }));

        output.Lines().Last().Should().Be("""source {"title":"A","ranges":[{"from":2,"to":15}]}""");
    }

    [Fact]
    public async Task What_is_too_long_for_its_place_is_left_out_alone_and_the_answer_says_so_once()
    {
        var uri = new Uri($"https://a.example.org/{new string('x', 16_400)}");
        var spans = Enumerable.Range(0, 70).Select(AnnotatedRegion (_) => new TextSpanAnnotatedRegion { StartIndex = 0, EndIndex = 1 }).ToList();

        var output = await ClientRun.RunAsync(Saying(
            new TextContent("Oak") { Annotations = [new CitationAnnotation { Url = uri, Title = "A", FileId = new string('f', 1025), ToolName = new string('t', 300) }] },
            new UriContent(uri, "image/png"),
            new HostedFileContent(new string('f', 16_400)) { MediaType = "image/png", SizeInBytes = 7 },
            new ErrorContent("It is late.") { ErrorCode = "late", Details = new string('d', 16_400) },
            new TextContent("") { Annotations = [new CitationAnnotation { Title = "B", AnnotatedRegions = spans }] }));

        output.Lines().Skip(1).SkipLast(1).Should().Equal(
            $$"""source {"title":"A","tool":"{{new string('t', 256)}}"}""", LeftOut, "file image/png", """file image/png {"size":7}""", """error {"code":"late"} 'It is late.'""");
        output.Lines().Last().Should().StartWith("""source {"title":"B","ranges":[{"from":0,"to":1},""");
        output.Parts[^1].Start.Detail!.Split("from").Should().HaveCount(65);
    }

    [Fact]
    public async Task More_places_than_a_source_may_have_are_left_out_and_the_answer_says_so()
    {
        var spans = Enumerable.Range(0, 65).Select(AnnotatedRegion (_) => new TextSpanAnnotatedRegion { StartIndex = 0, EndIndex = 1 }).ToList();

        var output = await ClientRun.RunAsync(Saying(new TextContent("Oak") { Annotations = [new CitationAnnotation { Title = "B", AnnotatedRegions = spans }] }));

        output.Lines().Last().Should().Be(LeftOut);
    }

    private static UsageContent Used(int input, int output) => new(new UsageDetails { InputTokenCount = input, OutputTokenCount = output });
}
