using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>Calls of tools, as the fields of a message or as a part of its content.</summary>
internal static class ToolCallFields
{
    private static readonly string[] ArgumentFields = ["arguments", "args", "input", "parameters"];

    /// <summary>What a provider may want back with a call, though it names it its own way.</summary>
    private static readonly string[] OpaqueFields = ["extra_content", "provider_specific_fields", "thought_signature", "thoughtSignature", "signature"];

    /// <param name="given">A list of calls, or one.</param>
    public static void Read(List<ChatSaid> said, JsonElement given, int at)
    {
        if (given.ValueKind == JsonValueKind.Object) Add(said, given, at, null, null);
        if (given.ValueKind != JsonValueKind.Array) return;
        var isOne = given.GetArrayLength() == 1;
        foreach (var (call, place) in given.EnumerateArray().Select((call, place) => (call, place))) Add(said, call, at, null, isOne ? null : place);
    }

    /// <param name="index">Of the part of the content, where the call itself has none.</param>
    public static void ReadPart(List<ChatSaid> said, JsonElement part, int at, int? index) => Add(said, part, at, index, null);

    /// <summary>A piece of arguments by itself.</summary>
    public static void ReadArguments(List<ChatSaid> said, JsonElement? piece, int? index, string? id, bool isText = false)
    {
        if (piece is { ValueKind: JsonValueKind.String } && ProviderJson.Text(piece) is { Length: > 0 } text)
            said.Add(new ChatSaid.ToolCall(index, null, id, null, text, isText));
    }

    /// <summary>As JSON: a string holds it, anything else is it.</summary>
    public static string? ArgumentsOf(JsonElement? given) => given switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => ProviderJson.Text(text),
        { } value => value.GetRawText(),
    };

    public static int? IndexOf(JsonElement call) =>
        ProviderJson.Member(call, "index") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var given) ? given : null;

    private static void Add(List<ChatSaid> said, JsonElement call, int at, int? index, int? place)
    {
        if (call.ValueKind != JsonValueKind.Object) return;
        var function = ProviderJson.Member(call, "function") ?? ProviderJson.Member(call, "custom") ?? call;
        var type = ProviderJson.Text(ProviderJson.Member(call, "type"));
        var id = ProviderJson.Text(ProviderJson.Member(call, "call_id") ?? ProviderJson.Member(call, "id"));
        var name = ProviderJson.Text(ProviderJson.Member(function, "name"));
        var arguments = ArgumentsOf(ArgumentFields.Select(field => ProviderJson.Member(function, field)).FirstOrDefault(given => given is not null));
        var opaque = ProviderJson.Object(call.EnumerateObject().Where(member => OpaqueFields.Contains(member.Name) && !ProviderJson.IsNothing(member.Value)));
        if (string.IsNullOrEmpty(id) && string.IsNullOrEmpty(name) && string.IsNullOrEmpty(arguments) && opaque == "{}") return;
        said.Add(new ChatSaid.ToolCall(
            IndexOf(call) ?? index, place, string.IsNullOrEmpty(id) ? null : id, string.IsNullOrEmpty(name) ? null : name, arguments,
            IsText: type is "custom" or "custom_tool_call", IsProviders: type is "server_tool_use" or "mcp_tool_use", opaque == "{}" ? null : opaque)
        { At = at });
    }
}
