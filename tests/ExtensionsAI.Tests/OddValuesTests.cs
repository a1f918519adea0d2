using System.Text.Json;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.AI;
using static EventSourcedStreams.Extensions.AI.Tests.ScriptedChatClient;

namespace EventSourcedStreams.Extensions.AI.Tests;

/// <summary>Values that no JSON can be made of cost no answer.</summary>
public sealed class OddValuesTests
{
    private sealed class Odd
    {
        public string Words => throw new NotImplementedException("secret words");

        public override string ToString() => "odd";
    }

    [Fact]
    public async Task Arguments_that_cannot_be_written_are_their_own_words()
    {
        var loop = new List<object>();
        loop.Add(loop);
        var half = JsonElement.Parse("\"\\ud83d\"");
        var output = await ClientRun.RunAsync(Saying(
            new FunctionCallContent("c1", "f", new Dictionary<string, object?> { ["a"] = 1, ["b"] = half, ["c"] = new Odd(), ["d"] = loop, ["e"] = double.NaN }),
            new TextContent("On.")));

        output.Text.Should().Be("On.");
        output.Parts[1].Text.Should().StartWith("{\"a\":1,\"b\":\"\\ud83d\",\"c\":\"odd\",\"d\":\"");
        JsonElement.Parse(output.Parts[1].Text).ValueKind.Should().Be(JsonValueKind.Object);
    }

    [Fact]
    public async Task Results_that_cannot_be_written_are_their_own_words()
    {
        var output = await ClientRun.RunAsync(Saying(
            new FunctionCallContent("c1", "f"), new FunctionResultContent("c1", new Odd()), new FunctionCallContent("c2", "f"), new FunctionResultContent("c2", double.NaN),
            new FunctionCallContent("c3", "f"), new FunctionResultContent("c3", JsonElement.Parse("{\"\\ud83d\":1}")), new TextContent("On.")));

        output.Text.Should().Be("On.");
        output.Parts.Where(part => part.Start.Kind == PartKinds.ToolResult).Select(part => part.Text).Should().Equal("\"odd\"", "\"NaN\"", "{\"\\ud83d\":1}");
    }

    [Fact]
    public async Task Names_ids_and_usage_with_half_a_surrogate_pair_go_on_as_text()
    {
        const string Half = "a\ud83d";
        var output = new RecordingAppender();

        var result = await ClientRun.Source(Saying(
            new ChatResponseUpdate(ChatRole.Assistant, "One. ") { MessageId = Half, ResponseId = Half, ModelId = Half, AuthorName = Half, ConversationId = Half },
            new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent(Half, Half), new ErrorContent(Half) { ErrorCode = Half, Details = Half }]) { MessageId = Half, ResponseId = Half },
            new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails { AdditionalCounts = new() { [Half] = 1 } })])
            { MessageId = Half, ResponseId = Half, FinishReason = new ChatFinishReason(Half) })).RunAsync(output, ClientRun.Hello);

        output.Text.Should().Be("One. ");
        result.Usage.Should().Contain("additionalCounts");
        output.Parts.Should().OnlyContain(part => part.End != null);
    }
}
