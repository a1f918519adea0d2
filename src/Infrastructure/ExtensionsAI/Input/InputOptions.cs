using System.Text.Json;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>What an input says of how its answer is made.</summary>
internal static class InputOptions
{
    private const int MaxStops = 16;
    private const int MaxStopChars = 1024;

    public static ChatOptions Read(InputValue input, string? model) => new()
    {
        ModelId = model,
        ConversationId = input["conversationId"]?.Text(1024),
        Temperature = input["temperature"]?.Number(0, 2),
        TopP = input["topP"]?.Number(0, 1),
        TopK = input["topK"]?.Whole(1, 1_000_000),
        MaxOutputTokens = input["maxOutputTokens"]?.Whole(1, int.MaxValue),
        FrequencyPenalty = input["frequencyPenalty"]?.Number(-2, 2),
        PresencePenalty = input["presencePenalty"]?.Number(-2, 2),
        Seed = input["seed"]?.Long(),
        StopSequences = input["stop"] is { } stop ? Stops(stop) : null,
        ToolMode = input["toolMode"] is { } mode ? ModeOf(mode) : null,
        ResponseFormat = input["responseFormat"] is { } format ? FormatOf(format) : null,
        Reasoning = input["reasoning"] is { } reasoning ? ReasoningOf(reasoning) : null,
    };

    /// <summary>What is given wins.</summary>
    public static void Over(ChatOptions options, ChatOptions given)
    {
        options.ConversationId = given.ConversationId ?? options.ConversationId;
        options.Temperature = given.Temperature ?? options.Temperature;
        options.TopP = given.TopP ?? options.TopP;
        options.TopK = given.TopK ?? options.TopK;
        options.MaxOutputTokens = given.MaxOutputTokens ?? options.MaxOutputTokens;
        options.FrequencyPenalty = given.FrequencyPenalty ?? options.FrequencyPenalty;
        options.PresencePenalty = given.PresencePenalty ?? options.PresencePenalty;
        options.Seed = given.Seed ?? options.Seed;
        options.StopSequences = given.StopSequences ?? options.StopSequences;
        options.ToolMode = given.ToolMode ?? options.ToolMode;
        options.ResponseFormat = given.ResponseFormat ?? options.ResponseFormat;
        options.Reasoning = given.Reasoning ?? options.Reasoning;
    }

    private static List<string> Stops(InputValue stop)
    {
        var stops = stop.Kind == JsonValueKind.String ? [stop.Text(MaxStopChars)] : stop.List().Items.Select(each => each.Text(MaxStopChars)).ToList();
        return stops.Count is >= 1 and <= MaxStops ? stops : throw stop.Wrong($"1 to {MaxStops} strings are expected here.");
    }

    private static ChatToolMode ModeOf(InputValue mode) => mode.Text(256) switch
    {
        "auto" => ChatToolMode.Auto,
        "none" => ChatToolMode.None,
        "required" => ChatToolMode.RequireAny,
        var name => ChatToolMode.RequireSpecific(name),
    };

    private static ChatResponseFormat FormatOf(InputValue format)
    {
        if (format.Kind == JsonValueKind.String) return format.OneOf("text", "json") == "json" ? ChatResponseFormat.Json : ChatResponseFormat.Text;
        var schema = format.Object("schema", "name", "description")["schema"] ?? throw format.Wrong("text, json, or an object with a schema is expected here.");
        return ChatResponseFormat.ForJsonSchema(schema.Json.Clone(), format["name"]?.Text(256), format["description"]?.Text(4096));
    }

    private static ReasoningOptions ReasoningOf(InputValue reasoning)
    {
        reasoning.Object("effort", "output");
        return new ReasoningOptions
        {
            Effort = reasoning["effort"]?.OneOf("none", "low", "medium", "high", "extra-high") switch
            {
                "none" => ReasoningEffort.None,
                "low" => ReasoningEffort.Low,
                "medium" => ReasoningEffort.Medium,
                "high" => ReasoningEffort.High,
                "extra-high" => ReasoningEffort.ExtraHigh,
                _ => null,
            },
            Output = reasoning["output"]?.OneOf("none", "summary", "full") switch
            {
                "none" => ReasoningOutput.None,
                "summary" => ReasoningOutput.Summary,
                "full" => ReasoningOutput.Full,
                _ => null,
            },
        };
    }
}
