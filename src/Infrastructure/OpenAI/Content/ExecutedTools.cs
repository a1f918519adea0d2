using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>Tools that the provider has run itself, each in one object with its result, as
/// <c>executed_tools</c>.</summary>
internal static class ExecutedTools
{
    private static readonly string[] ResultFields = ["output", "result", "search_results", "code_results", "browser_results"];

    public static void Read(List<ChatSaid> said, JsonElement given, int at)
    {
        if (given.ValueKind != JsonValueKind.Array) return;
        foreach (var (tool, place) in given.EnumerateArray().Select((tool, place) => (tool, place)))
        {
            if (tool.ValueKind != JsonValueKind.Object) continue;
            var index = ToolCallFields.IndexOf(tool) ?? place;
            var name = ProviderJson.Text(ProviderJson.Member(tool, "name")) ?? ProviderJson.Text(ProviderJson.Member(tool, "type"));
            said.Add(new ChatSaid.ToolCall(
                index, null, ProviderJson.Text(ProviderJson.Member(tool, "id")), name, ToolCallFields.ArgumentsOf(ProviderJson.Member(tool, "arguments")), IsProviders: true)
            { At = at });
            if (ResultFields.Select(field => ProviderJson.Member(tool, field)).FirstOrDefault(result => result is { } some && !ProviderJson.IsNothing(some)) is not { } found) continue;
            var text = ProviderJson.Text(found);
            said.Add(new ChatSaid.ToolResult(index, null, text is null ? found.GetRawText() : null, text) { At = at });
        }
    }
}
