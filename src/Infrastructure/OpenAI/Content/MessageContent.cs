using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>What a message or a delta says beside its text, in its order: reasoning before the text, calls and files
/// after it, but for lists of parts, whose order is theirs.</summary>
internal static class MessageContent
{
    private static readonly IReadOnlyList<ChatSaid> Nothing = [];

    /// <param name="text">The message's own.</param>
    public static IReadOnlyList<ChatSaid> Of(JsonElement? message, string? text)
    {
        if (message is { ValueKind: JsonValueKind.Array } list)
        {
            var parts = new List<ChatSaid>();
            ContentParts.Read(parts, list, at: 0);
            return parts;
        }

        return message is { ValueKind: JsonValueKind.Object } given && SaysMore(given) ? OfObject(given, text?.Length ?? 0) : Nothing;
    }

    private static bool SaysMore(JsonElement message)
    {
        foreach (var member in message.EnumerateObject())
        {
            if (member.Value.ValueKind is not JsonValueKind.Null && member.Name is not ("role" or "refusal" or "id" or "type" or "name" or "model")
                && (member.Name is not "content" || member.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object))
                return true;
        }

        return false;
    }

    private static List<ChatSaid> OfObject(JsonElement message, int end)
    {
        var said = new List<ChatSaid>();
        ReasoningFields.Read(said, message);
        foreach (var member in message.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null) continue;
            switch (member.Name)
            {
                case "content" or "parts":
                    ContentParts.Read(said, member.Value, at: 0);
                    break;
                case "function_call" when ProviderJson.Member(message, "tool_calls") is { } calls && !ProviderJson.IsNothing(calls):
                    break;                                                               // the same in the older way
                case "tool_calls" or "toolCalls" or "tool_call" or "function_call" or "functionCall":
                    ToolCallFields.Read(said, member.Value, end);
                    break;
                case "executed_tools":
                    ExecutedTools.Read(said, member.Value, end);
                    break;
                case "images" or "image":
                    FileFields.ReadAll(said, member.Value, end);
                    break;
                case "audio":
                    FileFields.ReadSound(said, member.Value, end);
                    break;
                case "annotations" or "citations" or "citation":
                    SourceFields.Read(said, member.Value, end);
                    break;
                case "extra_content" when !ProviderJson.IsNothing(member.Value):
                    said.Add(new ChatSaid.Opaque(ProviderJson.Object(member)) { At = end });
                    break;
            }
        }

        return said;
    }
}
