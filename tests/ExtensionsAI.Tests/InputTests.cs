using EventSourcedStreams.TestKit;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI.Tests;

/// <summary>The input of a stream: what it may say, and what the client gets of it.</summary>
public sealed class InputTests
{
    [Theory]
    [InlineData(null, "input")]
    [InlineData("[]", "input")]
    [InlineData("{}", "input.messages")]
    [InlineData("""{"messages":[]}""", "input.messages")]
    [InlineData("""{"messages":[{"content":"a"}]}""", "input.messages[0]")]
    [InlineData("""{"messages":[{"role":"robot","content":"a"}]}""", "input.messages[0].role")]
    [InlineData("""{"messages":[{"role":"user"}]}""", "input.messages[0]")]
    [InlineData("""{"messages":[{"role":"user","content":7}]}""", "input.messages[0].content")]
    [InlineData("""{"messages":[{"role":"user","content":"a","colour":"red"}]}""", "input.messages[0].colour")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"a"}]}]}""", "input.messages[0].content[0]")]
    [InlineData("""{"messages":[{"role":"user","content":[{"kind":"input-file","mediaType":"image/png","text":"?"}]}]}""", "input.messages[0].content[0]")]
    [InlineData("""{"messages":[{"role":"user","content":[{"kind":"file","href":"/v1/streams/a/parts/1"}]}]}""", "input.messages[0].content[0]")]
    [InlineData("""{"messages":[{"role":"user","content":[{"kind":"approval-response","detail":{"requestId":"none","approved":true}}]}]}""", "input.messages[0].content[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"\ud83d"}]}""", "input.messages[0].content")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"\ud83d":1}""", "input")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"stream":true}""", "input.stream")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"model":"large"}""", "input.model")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"tools":["delete"]}""", "input.tools[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"temperature":3}""", "input.temperature")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"maxOutputTokens":0}""", "input.maxOutputTokens")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"stop":[]}""", "input.stop")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"reasoning":{"effort":"some"}}""", "input.reasoning.effort")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"responseFormat":"xml"}""", "input.responseFormat")]
    public void Wrong_input_is_refused_by_name(string? input, string field) =>
        ClientRun.Source(ScriptedChatClient.Saying(new TextContent("a")), options => options.Models.Add("small")).RefusedField(input).Should().Be(field);

    [Fact]
    public async Task The_client_gets_what_the_input_and_the_app_say()
    {
        var client = ScriptedChatClient.Saying(new TextContent("a"));

        await ClientRun.Source(client, options =>
        {
            options.Model = "small";
            options.Models.Add("large");
            options.Instructions = "Be brief.";
            options.Defaults = new ChatOptions { Temperature = 1, TopP = 0.5f };
            options.AddTool(AIFunctionFactory.Create(() => 1, "one")).AddTool(AIFunctionFactory.Create(() => 2, "two"));
        }).RunAsync(new RecordingAppender(), """
            {"messages":[{"role":"system","content":"Hm."},{"role":"user","content":"Hello","author":"Ada"}],"model":"large","tools":["two"],"toolMode":"two","temperature":0.2,"topK":5,
             "maxOutputTokens":9,"frequencyPenalty":-1,"presencePenalty":1,"seed":7,"stop":["x"],"responseFormat":"json","reasoning":{"effort":"low","output":"summary"},"conversationId":"c1"}
            """);

        var (messages, asked) = client.Calls.Single();
        messages.Select(message => $"{message.Role} {message.AuthorName} {message.Text}").Should().Equal("system  Hm.", "user Ada Hello");
        asked.Should().BeEquivalentTo(new
        {
            ModelId = "large",
            Instructions = "Be brief.",
            Temperature = 0.2f,
            TopP = 0.5f,
            TopK = 5,
            MaxOutputTokens = 9,
            FrequencyPenalty = -1f,
            PresencePenalty = 1f,
            Seed = 7L,
            StopSequences = new[] { "x" },
            ConversationId = "c1",
            ToolMode = ChatToolMode.RequireSpecific("two"),
            ResponseFormat = ChatResponseFormat.Json,
            Reasoning = new { Effort = ReasoningEffort.Low, Output = ReasoningOutput.Summary },
        });
        asked!.Tools!.Select(tool => tool.Name).Should().Equal("two");
    }

    [Fact]
    public void Without_a_choice_all_tools_are_offered_and_an_empty_one_offers_none()
    {
        var options = new ChatClientSourceOptions().AddTool(AIFunctionFactory.Create(() => 1, "one"));

        Tools("""{"messages":[{"role":"user","content":"a"}]}""").Should().Equal("one");
        Tools("""{"messages":[{"role":"user","content":"a"}],"tools":[]}""").Should().BeEmpty();

        IEnumerable<string> Tools(string input) =>
            (ChatInput.Read(SourceRun.Json(input), "assistant", options).OptionsWith(options, name => options.Tools[name](null!), tool => tool).Tools ?? []).Select(tool => tool.Name);
    }

    [Fact]
    public void Calls_are_followed_by_their_results_in_messages_of_their_own()
    {
        Shown("""
            [{"kind":"text","text":"I look. "},{"part":2,"kind":"tool-call","name":"a","callId":"c1","value":{}},{"part":3,"kind":"tool-call","name":"b","callId":"c2","value":{}},
             {"part":4,"kind":"tool-result","of":3,"callId":"c2","value":2},{"part":5,"kind":"tool-result","of":2,"callId":"c1","value":1},
             {"part":6,"kind":"step","detail":{"messageId":"m2"}},{"kind":"text","text":"Done."}]
            """).Should().Equal("assistant: I look. call a c1 call b c2", "tool: result c2 2 result c1 1", "assistant: Done.");
    }

    [Fact]
    public void A_call_without_a_result_gets_one_and_what_was_cut_off_is_left_out()
    {
        Shown("""
            [{"part":1,"kind":"tool-call","name":"a","callId":"c1","value":{}},{"part":2,"kind":"tool-call","name":"b","callId":"c2","text":"{\"x\":","state":"cut"},
             {"part":3,"kind":"tool-call","name":"c","callId":"c3","value":{}},{"part":4,"kind":"tool-result","of":3,"callId":"c3","state":"cut"},{"part":5,"kind":"tool-result","of":2,"callId":"c2","value":1}]
            """).Should().Equal("assistant: call a c1 call c c3", $"tool: result c3 {ToolPairs.NotRun} result c1 {ToolPairs.NotRun}");
    }

    [Fact]
    public void Ids_that_are_empty_or_stand_for_two_calls_are_told_apart_for_the_client()
    {
        Shown("""
            [{"part":1,"kind":"tool-call","name":"a","callId":"","value":{}},{"part":2,"kind":"tool-call","name":"b","value":{}},{"part":3,"kind":"tool-call","name":"c","callId":"x","value":{}},
             {"part":4,"kind":"tool-call","name":"d","callId":"x","value":{}},{"part":5,"kind":"tool-result","of":1,"value":1},{"part":6,"kind":"tool-result","of":2,"value":2},
             {"part":7,"kind":"tool-result","of":3,"callId":"x","value":3},{"part":8,"kind":"tool-result","of":4,"callId":"x","value":4}]
            """).Should().Equal("assistant: call a call-1 call b call-2 call c x call d x-1", "tool: result call-1 1 result call-2 2 result x 3 result x-1 4");
    }

    [Fact]
    public void A_result_may_come_in_a_message_of_its_own()
    {
        Messages("""
            [{"role":"assistant","content":[{"part":1,"kind":"tool-call","name":"a","callId":"c1","value":{}}]},
             {"role":"tool","content":[{"kind":"tool-result","callId":"c1","text":"sunny"}]},{"role":"user","content":"And?"}]
            """).Should().Equal("assistant: call a c1", "tool: result c1 sunny", "user: And?");
    }

    [Fact]
    public async Task Input_that_the_app_no_longer_allows_ends_the_stream_with_words()
    {
        var failure = await ClientRun.Source(ScriptedChatClient.Saying(new TextContent("a")))
            .RunAsync(new RecordingAppender(), """{"messages":[{"role":"user","content":"a"}],"model":"gone"}""").FailureAsync();

        failure.Code.Should().Be("invalid-input");
        failure.Message.Should().Contain("not opened this model");
    }

    [Fact]
    public async Task A_file_of_an_answer_of_which_nothing_was_kept_is_left_out_and_a_relative_address_stays_one()
    {
        var client = ScriptedChatClient.Saying(new TextContent("a"));

        await ClientRun.Source(client).RunAsync(new RecordingAppender(), """
            {"messages":[{"role":"assistant","content":[{"part":1,"kind":"file","mediaType":"image/png","state":"done"},
             {"part":2,"kind":"file","mediaType":"image/png","detail":{"url":"/files/a.png"}}]},{"role":"user","content":"Hello"}]}
            """);

        client.Calls.Single().Messages[0].Contents.Should().ContainSingle().Which.Should().BeOfType<UriContent>().Which.Uri.OriginalString.Should().Be("/files/a.png");
    }

    private static IEnumerable<string> Shown(string content) => Messages($$"""[{"role":"assistant","content":{{content}}}]""");

    private static IEnumerable<string> Messages(string messages) =>
        ChatInput.Read(SourceRun.Json($$"""{"messages":{{messages}}}"""), "assistant", new ChatClientSourceOptions()).Messages
            .Select(message => $"{message.Role}: {string.Join(' ', message.Contents.Select(Shown))}");

    private static string Shown(AIContent content) => content switch
    {
        TextContent text => text.Text.Trim(),
        FunctionCallContent call => $"call {call.Name} {call.CallId}",
        FunctionResultContent result => $"result {result.CallId} {result.Result}",
        _ => content.GetType().Name,
    };
}
