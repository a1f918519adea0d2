using System.Text.Json;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>What tools gave, as JSON. Whatever it is, it costs no answer: what cannot be written is its own
/// words.</summary>
internal static class ToolResults
{
    public static string Json(object? result) => result switch
    {
        null => "null",
        JsonElement { ValueKind: JsonValueKind.Undefined } => "null",
        JsonElement json => TryWrite(json.GetRawText) ?? "null",
        AIContent content => Json(content),
        IEnumerable<AIContent> contents => Json(contents),
        _ => Written(result),
    };

    public static string Json(AIContent content) => TryWrite(() => JsonSerializer.Serialize(content, CompactJson.Options)) ?? Words(content);

    public static string Json(IEnumerable<AIContent>? contents) => $"[{string.Join(',', (contents ?? []).Select(Json))}]";

    /// <summary>Null where it is not known how to write it, as with types of a package's own.</summary>
    public static string? TryJson(object value) => TryWrite(() => JsonSerializer.Serialize(value, CompactJson.Options.GetTypeInfo(value.GetType())));

    /// <summary>Null where it throws: what is written are an app's own types, which may throw anything.</summary>
    public static string? TryWrite(Func<string> write)
    {
        try
        {
            return write();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static string Written(object result) => TryJson(result) ?? Words(result);

    private static string Words(object result) => TryWrite(() => JsonSerializer.Serialize(result.ToString(), CompactJson.Options)) ?? "null";
}
