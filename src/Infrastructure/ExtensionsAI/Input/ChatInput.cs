using System.Text.Json;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>What a stream's input asks for.</summary>
/// <param name="Tools">Names; null: all that the app opened.</param>
internal sealed record ChatInput(IReadOnlyList<ChatMessage> Messages, ChatOptions Options, IReadOnlyList<string>? Tools)
{
    private const int MaxNameChars = 256;

    private static readonly string[] Fields =
    [
        "messages", "model", "tools", "toolMode", "temperature", "topP", "topK", "maxOutputTokens", "frequencyPenalty", "presencePenalty", "seed", "stop",
        "responseFormat", "reasoning", "conversationId",
    ];

    /// <exception cref="InvalidInputException">Names the field and says what to do.</exception>
    public static ChatInput Read(JsonElement? given, string source, ChatClientSourceOptions options)
    {
        if (given is not { ValueKind: JsonValueKind.Object } json)
            throw new InvalidInputException("input", $$"""The input of the source '{{source}}' is an object with messages, as { "messages": [{ "role": "user", "content": "Hello" }] }.""");
        try
        {
            var input = new InputValue(json, "input").Object(Fields);
            var model = input["model"]?.Text(MaxNameChars);
            if (model is not null && model != options.Model && !options.Models.Contains(model))
                throw new InvalidInputException("input.model", $"The app has not opened this model. {Open(options.Models)}");
            var tools = input["tools"]?.List().Items.Select(tool => ToolOf(tool, options)).Distinct().ToList();
            if (input["messages"] is not { Kind: JsonValueKind.Array } messages || messages.Json.GetArrayLength() == 0)
                throw new InvalidInputException("input.messages", """messages is a list of at least one message, as [{ "role": "user", "content": "Hello" }].""");
            return new ChatInput(InputMessages.Read(messages), InputOptions.Read(input, model), tools);
        }
        catch (InvalidOperationException)
        {
            throw new InvalidInputException("input", "A name in the input holds half of a surrogate pair (as \\ud83d alone): that is JSON, but not text.");
        }
    }

    public static string? ModelOf(JsonElement? input) =>
        input is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String ? model.GetString() : null;

    /// <summary>What the client is asked with.</summary>
    /// <param name="create">Makes a tool that the app opened.</param>
    /// <param name="observed">A tool of the app's defaults, seen while it runs.</param>
    public ChatOptions OptionsWith(ChatClientSourceOptions source, Func<string, AITool> create, Func<AITool, AITool> observed)
    {
        var options = source.Defaults?.Clone() ?? new ChatOptions();
        options.Instructions = source.Instructions ?? options.Instructions;
        options.ModelId = Options.ModelId ?? source.Model ?? options.ModelId;
        InputOptions.Over(options, Options);
        List<AITool> tools = [.. (options.Tools ?? []).Select(observed), .. (Tools ?? [.. source.Tools.Keys]).Select(create)];
        options.Tools = tools.Count == 0 ? null : tools;
        return options;
    }

    private static string ToolOf(InputValue tool, ChatClientSourceOptions options) =>
        tool.Text() is var name && options.Tools.ContainsKey(name) ? name : throw tool.Wrong($"The app has not opened this tool. {Open(options.Tools.Keys)}");

    private static string Open(IEnumerable<string> names) => names.Order(StringComparer.Ordinal).ToList() is { Count: > 0 } open ? $"It opened: {string.Join(", ", open)}." : "It opened none.";
}
