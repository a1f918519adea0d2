using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI.Tests;

/// <summary>What a client says goes into parts, and as the next turn's input comes back as the same contents.</summary>
public sealed class RoundTripTests
{
    private static readonly JsonSerializerOptions Json = AIJsonUtilities.DefaultOptions;

    public static TheoryData<string> Contents => [.. Cases.Keys];

    internal static Dictionary<string, AIContent[]> Cases { get; } = new()
    {
        ["text"] = [new TextContent("Grüße, "), new TextContent("世界 👋.")],
        ["thought"] = [new TextReasoningContent("Let me "), new TextReasoningContent("think."), new TextContent("Yes.")],
        ["signed thoughts"] =
        [
            new TextReasoningContent("One.") { ProtectedData = "c2lnMQ==" }, new TextReasoningContent("Two."), new TextReasoningContent(null) { ProtectedData = "c2lnMg==" },
            new TextReasoningContent(null) { ProtectedData = "ZW5jcnlwdGVk" }, new TextContent("Yes."),
        ],
        ["call and result"] =
        [
            new TextContent("I look. "), new FunctionCallContent("c1", "get_weather", new Dictionary<string, object?> { ["city"] = "Oslo", ["days"] = 2 }),
            new FunctionResultContent("c1", "Sunny"), new TextContent("It is sunny."),
        ],
        ["calls without arguments"] =
        [
            new FunctionCallContent("c1", "a"), new FunctionCallContent("c2", "b", new Dictionary<string, object?>()),
            new FunctionResultContent("c1", null), new FunctionResultContent("c2", JsonSerializer.SerializeToElement(new { ok = true, list = new[] { 1, 2 } })),
        ],
        ["provider's call"] = [new FunctionCallContent("c1", "lookup") { InformationalOnly = true }, new TextContent("Found.")],
        ["code interpreter"] =
        [
            new CodeInterpreterToolCallContent("c1") { Inputs = [new DataContent("print(1)"u8.ToArray(), "text/x-python")] },
            new CodeInterpreterToolResultContent("c1") { Outputs = [new TextContent("1")] },
        ],
        ["web search"] = [new WebSearchToolCallContent("c1") { Queries = ["oak", "elm"] }, new WebSearchToolResultContent("c1") { Outputs = [new UriContent("https://a.example.org/", "text/html")] }],
        ["image generation"] = [new ImageGenerationToolCallContent("c1"), new ImageGenerationToolResultContent("c1") { Outputs = [new DataContent(new byte[] { 1, 2, 3 }, "image/png")] }],
        ["mcp"] =
        [
            new McpServerToolCallContent("c1", "search", "docs") { Arguments = new Dictionary<string, object?> { ["q"] = "oak" } },
            new McpServerToolResultContent("c1") { Outputs = [new TextContent("An oak.")] },
        ],
        ["approval"] =
        [
            new ToolApprovalRequestContent("ask1", new FunctionCallContent("c1", "delete", new Dictionary<string, object?> { ["all"] = true })),
            new ToolApprovalResponseContent("ask1", false, new FunctionCallContent("c1", "delete", new Dictionary<string, object?> { ["all"] = true })) { Reason = "No." },
        ],
        ["files"] =
        [
            new DataContent(new byte[] { 0, 1, 2, 255 }, "image/png") { Name = "dot.png" }, new UriContent("https://files.example.org/a.pdf", "application/pdf"),
            new HostedFileContent("file-1") { MediaType = "text/csv", Name = "a.csv", SizeInBytes = 7, CreatedAt = DateTimeOffset.UnixEpoch }, new HostedVectorStoreContent("vs-1"),
        ],
        ["error"] = [new ErrorContent("The search failed.") { ErrorCode = "search", Details = "Try later." }, new TextContent("Without it, then.")],
        ["citations"] =
        [
            new TextContent("Zü 👋: ")
            {
                Annotations = [new CitationAnnotation { Url = new Uri("https://a.example.org/"), Title = "A", Snippet = "Zü", AnnotatedRegions = [new TextSpanAnnotatedRegion { StartIndex = 0, EndIndex = 5 }] }],
            },
            new TextContent("an oak.")
            {
                Annotations = [new CitationAnnotation { FileId = "file-1", ToolName = "search", AnnotatedRegions = [new TextSpanAnnotatedRegion { StartIndex = 3, EndIndex = 6 }] }],
            },
        ],
    };

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task What_a_client_says_comes_back_as_it_was(string name)
    {
        var said = Cases[name];
        var output = await ClientRun.RunAsync(ScriptedChatClient.Saying(said));

        var back = Read(new JsonArray(new JsonObject { ["role"] = "assistant", ["content"] = QueryContent.Of(output) }, User()));

        var expected = said.Select(content => ScriptedChatClient.Update(content)).ToChatResponse().Messages.SelectMany(message => message.Contents);
        Shown(back.SkipLast(1).SelectMany(message => message.Contents)).Should().Equal(Shown(expected));
    }

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task What_a_client_says_comes_back_from_the_log_as_it_was(string name)
    {
        var said = Cases[name];
        var client = ScriptedChatClient.Saying(said);
        var store = new InMemoryEventStore(new InMemoryStore(TimeProvider.System));
        await using var node = await EngineNode.StartAsync(store, TimeProvider.System, [ClientRun.Source(client)]);
        var create = new StreamCommand.Create(
            new StreamId(name.Replace(' ', '-').Replace("'", "")), "assistant", ClientRun.Hello, "text/plain; charset=utf-8", TimeSpan.FromMinutes(20), null, Labels.None, Names.From(["id"]))
        { At = TimeProvider.System.GetUtcNow() };
        await node.Engine.Creation.CreateAsync(create, Caller.Anonymous, default);
        await (await node.DriveAsync(create.Id)).Finished;

        var content = QueryContent.Of((await node.ContentAsync(create.Id)).Items);

        var back = Read(new JsonArray(new JsonObject { ["role"] = "assistant", ["content"] = content }, User()));
        var expected = said.Select(each => ScriptedChatClient.Update(each)).ToChatResponse().Messages.SelectMany(message => message.Contents);
        Shown(back.SkipLast(1).SelectMany(message => message.Contents)).Should().Equal(Shown(expected));
    }

    [Fact]
    public async Task A_type_that_is_not_known_is_kept_with_its_name()
    {
        var output = await ClientRun.RunAsync(ScriptedChatClient.Saying(new Hologram { Rays = 7 }));

        output.Parts[1].Start.Should().BeEquivalentTo(new { Kind = "data", Name = "Hologram", Encoding = PartEncoding.Json });
        Read(new JsonArray(new JsonObject { ["role"] = "assistant", ["content"] = QueryContent.Of(output) }))
            .Single().Contents.Single().AdditionalProperties.Should().Contain("name", "Hologram");
    }

    [Fact]
    public void Each_type_of_content_has_its_case()
    {
        var known = Cases.Values.SelectMany(contents => contents).Select(content => content.GetType())
            .Concat([typeof(UsageContent), typeof(AIContent), typeof(ToolCallContent), typeof(ToolResultContent), typeof(InputRequestContent), typeof(InputResponseContent)]);

        typeof(AIContent).Assembly.GetExportedTypes().Where(type => typeof(AIContent).IsAssignableFrom(type)).Except(known).Should().BeEmpty();
    }

    private static JsonObject User() => new() { ["role"] = "user", ["content"] = "And now?" };

    private static IReadOnlyList<ChatMessage> Read(JsonArray messages) =>
        ChatInput.Read(JsonSerializer.SerializeToElement(new JsonObject { ["messages"] = messages }), "assistant", new ChatClientSourceOptions()).Messages;

    private static IEnumerable<string> Shown(IEnumerable<AIContent> contents) => contents.Select(content => JsonSerializer.Serialize(content, Json));

    private sealed class Hologram : AIContent
    {
        public int Rays { get; init; }
    }
}
