using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.OpenAI;

/// <summary>Messages of a request, each result of a tool in one of its own.</summary>
internal static class RequestMessages
{
    public static IEnumerable<JsonObject> Of(IEnumerable<ChatMessage> messages)
    {
        var all = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var answered = all.Where(message => message.Role != ChatRole.Assistant).SelectMany(message => message.Contents).OfType<FunctionResultContent>()
            .Select(result => result.CallId).ToHashSet(StringComparer.Ordinal);
        return all.SelectMany(message => Of(message, answered));
    }

    /// <param name="answered">Ids of the calls whose results are messages of their own. Middleware that has run a
    /// function marks its call as informational: it goes out all the same.</param>
    private static IEnumerable<JsonObject> Of(ChatMessage message, HashSet<string> answered)
    {
        var results = message.Contents.OfType<FunctionResultContent>().ToList();
        var isAssistants = message.Role == ChatRole.Assistant;
        var own = message.Contents.Where(content => content is not FunctionResultContent).ToList();
        if (isAssistants && own.Count > 0) yield return AssistantsOf(own, answered);
        else if (own.Count > 0 && message.Role != ChatRole.Tool) yield return Named(new JsonObject { ["role"] = message.Role.Value, ["content"] = RequestContent.Of(own) }, message.AuthorName);
        // Results beside calls that the provider ran itself are its own.
        foreach (var result in isAssistants ? [] : results)
            yield return new JsonObject { ["role"] = "tool", ["tool_call_id"] = result.CallId, ["content"] = RequestContent.ResultOf(result.Result) };
    }

    private static JsonObject AssistantsOf(List<AIContent> contents, HashSet<string> answered)
    {
        var text = string.Concat(contents.OfType<TextContent>().Select(content => content.Text));
        var message = new JsonObject { ["role"] = "assistant", ["content"] = text.Length > 0 ? text : null };
        var calls = contents.OfType<FunctionCallContent>().Where(call => !call.InformationalOnly || answered.Contains(call.CallId)).ToList();
        if (calls.Count > 0) message["tool_calls"] = new JsonArray([.. calls.Select(JsonNode (call) => CallOf(call))]);
        var thoughts = contents.OfType<TextReasoningContent>().ToList();
        foreach (var thought in thoughts) RequestOpaque.Merge(message, thought.ProtectedData, thought.Text);
        // Where calls are under way the thought behind them is wanted back; in a finished answer some refuse it.
        if (calls.Count > 0 && thoughts.All(thought => string.IsNullOrEmpty(thought.ProtectedData)) && string.Concat(thoughts.Select(thought => thought.Text)) is { Length: > 0 } thinking)
            message["reasoning_content"] = thinking;
        return message;
    }

    private static JsonObject CallOf(FunctionCallContent call)
    {
        var json = new JsonObject
        {
            ["id"] = call.CallId,
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), CompactJson.Options) },
        };
        RequestOpaque.Merge(json, call.AdditionalProperties?.GetValueOrDefault(ClientCalls.Opaque) as string, text: null);
        return json;
    }

    private static JsonObject Named(JsonObject message, string? author)
    {
        if (!string.IsNullOrEmpty(author)) message["name"] = author;
        return message;
    }
}
