using System.Text.Json;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Calls of tools and their results, read from an input.</summary>
internal static class InputCalls
{
    public static ToolCallContent ReadCall(InputPart item, string id) => item.Detail("tool") switch
    {
        ToolKinds.Mcp => new McpServerToolCallContent(id, item.Name ?? "", item.Detail("server")) { Arguments = Arguments(item) },
        ToolKinds.CodeInterpreter => new CodeInterpreterToolCallContent(id) { Inputs = Contents(item) },
        ToolKinds.ImageGeneration => new ImageGenerationToolCallContent(id),
        ToolKinds.WebSearch => new WebSearchToolCallContent(id)
        {
            Queries = item.Json is { ValueKind: JsonValueKind.Array } queries ? [.. queries.EnumerateArray().Select(query => query.ToString())] : null,
        },
        null => new FunctionCallContent(id, item.Name ?? "", Arguments(item)) { InformationalOnly = item.Detail("executed") == "provider" },
        _ => new ToolCallContent(id),
    };

    public static ToolResultContent ReadResult(InputPart item, string id) => item.Detail("tool") switch
    {
        ToolKinds.Mcp => new McpServerToolResultContent(id) { Outputs = Contents(item) },
        ToolKinds.CodeInterpreter => new CodeInterpreterToolResultContent(id) { Outputs = Contents(item) },
        ToolKinds.ImageGeneration => new ImageGenerationToolResultContent(id) { Outputs = Contents(item) },
        ToolKinds.WebSearch => new WebSearchToolResultContent(id) { Outputs = Contents(item) },
        null => new FunctionResultContent(id, ResultOf(item)) { Exception = item.IsFailed ? new InvalidOperationException("The tool failed.") : null },
        _ => new ToolResultContent(id),
    };

    private static object? ResultOf(InputPart item) => item.Json switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { } value => value,
    };

    /// <summary>Text that is no object was kept, and is told as it is.</summary>
    private static Dictionary<string, object?>? Arguments(InputPart item) => item.Json switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => MembersOf(value),
        { ValueKind: JsonValueKind.String } text when text.GetString() is "" => null,
        { } other => new Dictionary<string, object?> { ["arguments"] = other },
    };

    /// <summary>Of two of the same name the last stands, as where they were said.</summary>
    private static Dictionary<string, object?> MembersOf(JsonElement value)
    {
        var members = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject()) members[member.Name] = member.Value;
        return members;
    }

    private static IList<AIContent>? Contents(InputPart item)
    {
        if (item.Json is not { ValueKind: JsonValueKind.Array } value) return null;
        try
        {
            return value.Deserialize<IList<AIContent>>(CompactJson.Options);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw item.Wrong("Its value is no list of contents.");
        }
    }
}
