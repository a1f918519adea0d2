using System.Text.Json;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>What tools gave, as JSON.</summary>
internal static class ToolResults
{
    public static string Json(object? result) => result switch
    {
        null => "null",
        JsonElement { ValueKind: JsonValueKind.Undefined } => "null",
        JsonElement json => json.GetRawText(),
        AIContent content => Json(content),
        IEnumerable<AIContent> contents => Json(contents),
        _ => Written(result),
    };

    public static string Json(AIContent content) => JsonSerializer.Serialize(content, CompactJson.Options);

    public static string Json(IEnumerable<AIContent>? contents) => JsonSerializer.Serialize(contents ?? [], CompactJson.Options);

    /// <summary>Null where it is not known how to write it, as with types of a package's own.</summary>
    public static string? TryJson(object value)
    {
        try
        {
            return JsonSerializer.Serialize(value, CompactJson.Options.GetTypeInfo(value.GetType()));
        }
        catch (Exception e) when (e is NotSupportedException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Written(object result) => TryJson(result) ?? JsonSerializer.Serialize(result.ToString(), CompactJson.Options);
}
