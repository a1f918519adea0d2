using System.Text.Json;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.OpenAI;

/// <summary>Calls of tools as a chat client tells them: each whole, with an id of its own.</summary>
internal sealed class ClientCalls
{
    /// <summary>In a call's additional properties: JSON that its provider wants back with it.</summary>
    public const string Opaque = "opaque";

    private readonly Dictionary<ChatPart, ToolCallDelta> begun = [];
    private readonly Dictionary<ChatPart, string> ids = [];
    private readonly HashSet<string> used = new(StringComparer.Ordinal);
    private readonly Dictionary<ChatPart, string> opaques = [];
    private readonly List<(ChatPart Part, FunctionCallContent Call)> ended = [];

    public ToolCallDelta Begin(ChatPart part) => begun[part] = new ToolCallDelta(begun.Count + 1, part.CallId is null ? null : Own(part.CallId), part.Name, "")
    {
        InformationalOnly = part.Detail?.Contains("provider", StringComparison.Ordinal) == true,
    };

    public ToolCallDelta Go(ChatPart part, string arguments) => begun[part] with { Arguments = arguments };

    public void End(ChatPart part, string arguments, string? detail)
    {
        var beginning = begun[part];
        var id = beginning.CallId ?? Own(PartDetail.Json(detail)?["callId"]?.GetValue<string>());
        ids[part] = id;
        var call = FunctionCallContent.CreateFromParsedArguments(
            arguments, id, part.Name ?? "", static json => json.Length == 0 ? null : JsonSerializer.Deserialize<Dictionary<string, object?>>(json, CompactJson.Options));
        call.InformationalOnly = beginning.InformationalOnly;
        call.RawRepresentation = beginning;
        ended.Add((part, call));
        if (opaques.Remove(part, out var opaque)) AddOpaque(part, opaque);
    }

    public void AddOpaque(ChatPart of, string json)
    {
        var call = ended.Find(each => each.Part == of).Call;
        if (call is null) opaques[of] = json;                                            // it is still being said
        else (call.AdditionalProperties ??= [])[Opaque] = json;
    }

    public string IdOf(ChatPart? call, string? given) => call is not null && ids.TryGetValue(call, out var id) ? id : given ?? "";

    /// <summary>Those that have ended since the last time.</summary>
    public IReadOnlyList<AIContent> Taken()
    {
        if (ended.Count == 0) return [];
        AIContent[] taken = [.. ended.Select(each => each.Call)];
        ended.Clear();
        return taken;
    }

    private string Own(string? given)
    {
        var id = given;
        for (var number = 1; string.IsNullOrEmpty(id) || !used.Add(id); number++) id = $"{(string.IsNullOrEmpty(given) ? "call" : given)}-{number}";
        return id;
    }
}
