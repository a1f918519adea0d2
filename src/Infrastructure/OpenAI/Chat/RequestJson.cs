using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.OpenAI;

/// <summary>The request of a chat client.</summary>
internal static class RequestJson
{
    /// <exception cref="InvalidOperationException">The options' raw representation is no request.</exception>
    public static JsonElement Of(IEnumerable<ChatMessage> messages, ChatOptions? options, OpenAICompatibleChatClient client)
    {
        var endpoint = client.Calls.Endpoint;
        var request = RawOf(options?.RawRepresentationFactory?.Invoke(client));
        if (!request.ContainsKey("messages")) request["messages"] = MessagesOf(messages, options?.Instructions);
        Set(request, "model", options?.ModelId ?? endpoint.Model);
        if (options is not null) Add(request, options, endpoint);
        return JsonSerializer.SerializeToElement(request);
    }

    /// <summary>What the app says in the provider's own words goes out as it is.</summary>
    private static JsonObject RawOf(object? raw) => raw switch
    {
        JsonElement { ValueKind: JsonValueKind.Object } json => JsonObject.Create(json)!,
        JsonObject json => (JsonObject)json.DeepClone(),
        // The middleware of other clients gives their types.
        null or not (JsonElement or JsonNode or string) => [],
        _ => throw new InvalidOperationException("The RawRepresentationFactory of the options gives no request: an object, as JsonObject or JsonElement, is expected."),
    };

    private static JsonArray MessagesOf(IEnumerable<ChatMessage> messages, string? instructions)
    {
        var all = new JsonArray();
        if (!string.IsNullOrEmpty(instructions)) all.Add((JsonNode)new JsonObject { ["role"] = "system", ["content"] = instructions });
        foreach (var message in RequestMessages.Of(messages)) all.Add((JsonNode)message);
        return all;
    }

    private static void Add(JsonObject request, ChatOptions options, ChatEndpoint endpoint)
    {
        Set(request, "temperature", options.Temperature);
        Set(request, "top_p", options.TopP);
        Set(request, "top_k", options.TopK);
        Set(request, endpoint.IsOpenAI ? "max_completion_tokens" : "max_tokens", options.MaxOutputTokens);
        Set(request, "frequency_penalty", options.FrequencyPenalty);
        Set(request, "presence_penalty", options.PresencePenalty);
        Set(request, "seed", options.Seed);
        Set(request, "stop", options.StopSequences is { Count: > 0 } stops ? new JsonArray([.. stops.Select(stop => (JsonNode)stop)]) : null);
        Set(request, "reasoning_effort", options.Reasoning?.Effort is { } effort ? effort == ReasoningEffort.ExtraHigh ? "xhigh" : effort.ToString().ToLowerInvariant() : null);
        Set(request, "response_format", FormatOf(options.ResponseFormat));
        if (options.Tools?.OfType<AIFunctionDeclaration>().ToList() is { Count: > 0 } tools)
        {
            Set(request, "tools", new JsonArray([.. tools.Select(JsonNode (tool) => new JsonObject
            {
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = tool.Name, ["description"] = tool.Description, ["parameters"] = JsonNode.Parse(tool.JsonSchema.GetRawText()) },
            })]));
            Set(request, "tool_choice", ChoiceOf(options.ToolMode));
            Set(request, "parallel_tool_calls", options.AllowMultipleToolCalls);
        }

        foreach (var (name, value) in options.AdditionalProperties ?? [])
        {
            if (!request.ContainsKey(name)) request[name] = JsonSerializer.SerializeToNode(value, CompactJson.Options);
        }
    }

    private static JsonObject? FormatOf(ChatResponseFormat? format) => format switch
    {
        ChatResponseFormatJson { Schema: { } schema } json => new JsonObject
        {
            ["type"] = "json_schema",
            ["json_schema"] = new JsonObject { ["name"] = json.SchemaName ?? "answer", ["description"] = json.SchemaDescription, ["schema"] = JsonNode.Parse(schema.GetRawText()) },
        },
        ChatResponseFormatJson => new JsonObject { ["type"] = "json_object" },
        ChatResponseFormatText => new JsonObject { ["type"] = "text" },
        _ => null,
    };

    private static JsonNode? ChoiceOf(ChatToolMode? mode) => mode switch
    {
        NoneChatToolMode => "none",
        RequiredChatToolMode { RequiredFunctionName: { } name } => new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = name } },
        RequiredChatToolMode => "required",
        AutoChatToolMode => "auto",
        _ => null,
    };

    private static void Set(JsonObject request, string name, JsonNode? value)
    {
        if (value is not null && !request.ContainsKey(name)) request[name] = value;
    }
}
