using System.Text.Json;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.AI;
using static EventSourcedStreams.OpenAI.Tests.StubProvider;

namespace EventSourcedStreams.OpenAI.Tests.Chat;

/// <summary>The reader of the source, as a chat client.</summary>
public sealed class ChatClientTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Providers");

    private readonly ManualTime time = new();

    public static TheoryData<string> Cases => [.. Directory.EnumerateFiles(Folder, "*.sse").Select(file => Path.GetFileNameWithoutExtension(file)).Where(name => name != "cut-in-arguments").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_real_providers_send_is_told_as_contents(string name)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(Folder, $"{name}.sse"));
        var expected = await File.ReadAllLinesAsync(Path.Combine(Folder, $"{name}.txt"));
        await using var provider = await StartAsync(context => SendAsync(context, bytes));
        using var client = Client(provider);

        var contents = (await client.GetResponseAsync("Hello")).Messages.SelectMany(message => message.Contents).ToList();

        string.Concat(contents.OfType<TextContent>().Select(text => text.Text)).Should().Be(Texts("body: "));
        string.Concat(contents.OfType<TextReasoningContent>().Select(thought => thought.Text)).Should().Be(Texts("reasoning: "));
        contents.OfType<FunctionCallContent>().Select(call => $"{call.Name} {call.InformationalOnly}").Should().Equal(
            Lines("tool-call ").Select(line => $"{(line.Split(' ')[1] is "json" or "#" ? "" : line.Split(' ')[1])} {line.Contains("\"provider\"")}"));
        contents.OfType<FunctionCallContent>().Select(call => call.CallId).Should().OnlyHaveUniqueItems().And.NotContain("");
        contents.Count(content => content is DataContent or UriContent).Should().Be(Lines("file ").Count());
        contents.SelectMany(content => content.Annotations ?? []).Should().HaveCount(Lines("source ").Count());

        IEnumerable<string> Lines(string start) => expected.Where(line => line.StartsWith(start, StringComparison.Ordinal));
        string Texts(string start) => string.Concat(Lines(start).Select(line => line[start.Length..]));
    }

    [Fact]
    public async Task Ids_usage_and_reason_are_told()
    {
        await using var provider = await StartAsync(Streams(
            """{"id":"r1","model":"m","choices":[{"delta":{"content":"Oak"}}]}""", Finish("stop"),
            """{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"prompt_tokens_details":{"cached_tokens":1},"completion_tokens_details":{"reasoning_tokens":1}}}""", "[DONE]"));
        using var client = Client(provider);

        var response = await client.GetResponseAsync("Hello");

        response.Should().BeEquivalentTo(new { ResponseId = "r1", ModelId = "m", FinishReason = ChatFinishReason.Stop, Text = "Oak" });
        response.Usage.Should().BeEquivalentTo(new { InputTokenCount = 3, OutputTokenCount = 2, TotalTokenCount = 5, CachedInputTokenCount = 1, ReasoningTokenCount = 1 });
        client.GetService<ChatClientMetadata>().Should().BeEquivalentTo(new { ProviderName = "127.0.0.1", DefaultModelId = "small" });
    }

    [Fact]
    public async Task Arguments_are_told_as_they_come_and_then_as_a_whole_call()
    {
        await using var provider = await StartAsync(Streams(
            """{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{\"a\":"}}]}}]}""",
            """{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]},"finish_reason":"tool_calls"}]}""", "[DONE]"));
        using var client = Client(provider);

        var updates = await client.GetStreamingResponseAsync("Hello").ToListAsync();

        updates.Select(update => update.RawRepresentation).OfType<ToolCallDelta>().Should().Equal(
            new ToolCallDelta(1, "c1", "f", ""), new ToolCallDelta(1, "c1", "f", "{\"a\":"), new ToolCallDelta(1, "c1", "f", "1}"));
        var call = updates.SelectMany(update => update.Contents).OfType<FunctionCallContent>().Single();
        JsonSerializer.Serialize(call.Arguments, CompactJson.Options).Should().Be("""{"a":1}""");
        updates[^1].FinishReason.Should().Be(ChatFinishReason.ToolCalls);
    }

    [Fact]
    public async Task What_only_the_provider_reads_goes_back_to_it_where_it_came_from()
    {
        await using var provider = await StartAsync(
            Streams(
                """{"choices":[{"delta":{"reasoning":"Hm.","reasoning_details":[{"type":"reasoning.text","text":"Hm.","index":0}]}}]}""",
                """{"choices":[{"delta":{"reasoning_details":[{"type":"reasoning.text","signature":"c2ln","index":0}]}}]}""",
                """{"choices":[{"delta":{"tool_calls":[{"id":"c1","extra_content":{"google":{"thought_signature":"dGg="}},"function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""", "[DONE]"),
            Streams(Delta("Done."), Finish("stop"), "[DONE]"));
        using var client = Client(provider);
        List<ChatMessage> messages = [new(ChatRole.User, "Hello")];
        messages.AddMessages(await client.GetResponseAsync(messages));
        messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c1", "sunny")]));

        (await client.GetResponseAsync(messages)).Text.Should().Be("Done.");

        using var sent = JsonDocument.Parse(provider.Requests[1].Body);
        sent.RootElement.GetProperty("messages").EnumerateArray().Select(message => message.GetRawText()).Should().Equal(
            """{"role":"user","content":"Hello"}""",
            """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"dGg="}}}],"reasoning_details":[{"type":"reasoning.text","signature":"c2ln","index":0,"text":"Hm."}]}""",
            """{"role":"tool","tool_call_id":"c1","content":"sunny"}""");
    }

    [Fact]
    public async Task A_request_says_what_the_options_say()
    {
        await using var provider = await StartAsync(Streams(Delta("a"), Finish("stop"), "[DONE]"));
        using var client = Client(provider);
        ChatMessage user = new(ChatRole.User, [new TextContent("See"), new DataContent(new byte[] { 1 }, "image/png"), new HostedFileContent("file-1")]) { AuthorName = "Ada" };

        await client.GetResponseAsync([user], new ChatOptions
        {
            ModelId = "large",
            Instructions = "Be brief.",
            Temperature = 0.5f,
            TopP = 0.25f,
            MaxOutputTokens = 9,
            StopSequences = ["x"],
            Seed = 7,
            ToolMode = ChatToolMode.RequireSpecific("one"),
            Tools = [AIFunctionFactory.CreateDeclaration("one", "Gives one.", JsonElement.Parse("""{"type":"object","properties":{}}"""))],
            ResponseFormat = ChatResponseFormat.Json,
            Reasoning = new ReasoningOptions { Effort = ReasoningEffort.Low },
            AdditionalProperties = new() { ["user"] = "u1" },
        });

        provider.Requests.Single().Body.Should().Be("""
            {"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"See"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AQ=="}},{"type":"file","file":{"file_id":"file-1"}}],"name":"Ada"}],
            "model":"large","temperature":0.5,"top_p":0.25,"max_tokens":9,"seed":7,"stop":["x"],"reasoning_effort":"low","response_format":{"type":"json_object"},
            "tools":[{"type":"function","function":{"name":"one","description":"Gives one.","parameters":{"type":"object","properties":{}}}}],
            "tool_choice":{"type":"function","function":{"name":"one"}},"user":"u1",
            "stream":true,"stream_options":{"include_usage":true}}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task What_the_app_says_in_the_providers_own_words_goes_out_and_wins()
    {
        await using var provider = await StartAsync(Streams(Delta("a"), Finish("stop"), "[DONE]"));
        using var client = Client(provider);
        IChatClient? asked = null;

        await client.GetResponseAsync("Hello", new ChatOptions
        {
            Temperature = 0.5f,
            TopP = 0.25f,
            RawRepresentationFactory = of =>
            {
                asked = of;
                return new System.Text.Json.Nodes.JsonObject { ["temperature"] = 1, ["web_search_options"] = new System.Text.Json.Nodes.JsonObject() };
            },
        });

        asked.Should().BeSameAs(client);
        provider.Requests.Single().Body.Should().Be(
            """{"temperature":1,"web_search_options":{},"messages":[{"role":"user","content":"Hello"}],"model":"small","top_p":0.25,"stream":true,"stream_options":{"include_usage":true}}""");
    }

    [Fact]
    public async Task A_raw_representation_that_is_no_request_is_refused()
    {
        await using var provider = await StartAsync(Streams(Finish("stop")));
        using var client = Client(provider);

        await FluentActions.Awaiting(() => client.GetResponseAsync("Hello", new ChatOptions { RawRepresentationFactory = _ => "{}" }))
            .Should().ThrowAsync<InvalidOperationException>().WithMessage("*JsonObject*");
        provider.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("/files/a%20b.png")]
    [InlineData("files/a.png")]
    [InlineData("https://a.example.org/a.png")]
    public async Task A_file_and_a_source_keep_their_address_as_it_came(string url)
    {
        await using var provider = await StartAsync(Streams(
            $$$"""{"choices":[{"delta":{"content":"See","images":[{"image_url":{"url":"{{{url}}}"},"mime_type":"image/png"}],"annotations":[{"url_citation":{"url":"{{{url}}}"}}]}}]}""",
            Finish("stop"), "[DONE]"));
        using var client = Client(provider);

        var contents = (await client.GetResponseAsync("Hello")).Messages.Single().Contents;

        contents.OfType<UriContent>().Single().Should().BeEquivalentTo(new { Uri = new { OriginalString = url }, MediaType = "image/png" });
        contents.SelectMany(content => content.Annotations ?? []).OfType<CitationAnnotation>().Single().Url!.OriginalString.Should().Be(url);
    }

    [Theory]
    [InlineData("no base64 at all", "text/plain", "no base64 at all", "text/plain")]
    [InlineData("AQI=", "no type", "\u0001\u0002", "application/octet-stream")]
    public async Task A_file_that_is_no_base64_or_of_no_type_is_a_file_all_the_same(string data, string type, string bytes, string told)
    {
        await using var provider = await StartAsync(Streams(
            $$$"""{"choices":[{"delta":{"images":[{"type":"image","data":"{{{data}}}","mime_type":"{{{type}}}"}]}}]}""", Finish("stop"), "[DONE]"));
        using var client = Client(provider);

        var file = (await client.GetResponseAsync("Hello")).Messages.Single().Contents.OfType<DataContent>().Single();

        System.Text.Encoding.UTF8.GetString(file.Data.Span).Should().Be(bytes);
        file.MediaType.Should().Be(told);
    }

    [Fact]
    public async Task A_file_whose_address_is_too_long_is_told_as_an_error_that_the_answer_goes_on_after()
    {
        await using var provider = await StartAsync(Streams(
            $$$"""{"choices":[{"delta":{"images":[{"image_url":{"url":"https://a.example.org/{{{new string('x', 8192)}}}"}}]}}]}""", "[DONE]"));
        using var client = Client(provider);

        var contents = (await client.GetResponseAsync("Hello")).Messages.Single().Contents;

        contents.Should().ContainSingle().Which.Should().BeOfType<ErrorContent>().Which.ErrorCode.Should().Be("parts-left-out");
    }

    [Fact]
    public async Task Calls_with_one_id_are_told_apart_from_their_beginning()
    {
        await using var provider = await StartAsync(Streams(
            """{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{}"}},{"index":1,"id":"c1","function":{"name":"g","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""", "[DONE]"));
        using var client = Client(provider);

        var updates = await client.GetStreamingResponseAsync("Hello").ToListAsync();

        var calls = updates.SelectMany(update => update.Contents).OfType<FunctionCallContent>().ToList();
        calls.Select(call => $"{call.Name} {call.CallId}").Should().Equal("f c1", "g c1-1");
        calls.Select(call => call.RawRepresentation).Should().Equal(new ToolCallDelta(1, "c1", "f", ""), new ToolCallDelta(2, "c1-1", "g", ""));
        updates.Select(update => update.RawRepresentation).OfType<ToolCallDelta>().Where(delta => delta.Arguments == "").Should().Equal(calls.Select(call => call.RawRepresentation).OfType<ToolCallDelta>());
    }

    [Fact]
    public async Task A_thought_that_is_not_shown_is_a_first_token_too()
    {
        var rest = new TaskCompletionSource();
        await using var provider = await StartAsync(async context =>
        {
            await SendAsync(context, System.Text.Encoding.UTF8.GetBytes(Events("""{"choices":[{"delta":{"sketch":{"lines":3}}}]}""")));
            await rest.Task;
            await SendAsync(context, System.Text.Encoding.UTF8.GetBytes(Events(Delta("b"), Finish("stop"), "[DONE]")));
        });
        using var client = new OpenAICompatibleChatClient(new OpenAIEndpointOptions { BaseUrl = provider.BaseUrl, FirstTokenTimeout = TimeSpan.FromSeconds(10) }, time);

        var asked = client.GetResponseAsync("Hello");
        await Eventually.UntilAsync("the token has come", () => provider.Requests.Count == 1 && time.Armed == 0);
        time.Advance(TimeSpan.FromMinutes(1));
        rest.SetResult();

        (await asked).FinishReason.Should().Be(ChatFinishReason.Stop);
    }

    [Fact]
    public async Task What_goes_wrong_is_told_with_its_code_and_tried_again_only_before_anything_has_come()
    {
        await using var provider = await StartAsync(
            Refuses(503, "{}"), Streams(Delta("at last"), Finish("stop"), "[DONE]"), Refuses(400, """{"error":{"message":"no such model"}}"""), Streams(Delta("half")));
        using var client = Client(provider);

        var first = client.GetResponseAsync("Hello");
        await Eventually.UntilAsync("the client waits", () => time.Armed > 0);
        time.Advance(TimeSpan.FromSeconds(10));
        (await first).Text.Should().Be("at last");
        (await FluentActions.Awaiting(() => client.GetResponseAsync("Hello")).Should().ThrowAsync<SourceFailedException>().WithMessage("*no such model")).Which.Code.Should().Be("provider-refused");
        (await FluentActions.Awaiting(() => client.GetResponseAsync("Hello")).Should().ThrowAsync<SourceFailedException>()).Which.Code.Should().Be("provider-interrupted");
        provider.Requests.Should().HaveCount(4);
    }

    [Fact]
    public void Options_without_an_endpoint_are_refused() =>
        FluentActions.Invoking(() => new OpenAICompatibleChatClient(new OpenAIEndpointOptions())).Should().Throw<ArgumentException>().WithMessage("Set ApiKey*");

    private OpenAICompatibleChatClient Client(StubProvider provider) => new(new OpenAIEndpointOptions { BaseUrl = provider.BaseUrl, Model = "small" }, time);
}
