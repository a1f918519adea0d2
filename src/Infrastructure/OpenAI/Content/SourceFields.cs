using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>Where an answer says that its words are from: annotations of a message, citations beside it.</summary>
internal static class SourceFields
{
    private static readonly string[] Holders = ["url_citation", "file_citation", "citation"];

    /// <param name="given">A list of sources, or one; a string is an address.</param>
    public static void Read(List<ChatSaid> said, JsonElement given, int at)
    {
        if (given.ValueKind == JsonValueKind.Array) foreach (var source in given.EnumerateArray()) Add(said, source, at);
        else Add(said, given, at);
    }

    private static void Add(List<ChatSaid> said, JsonElement source, int at)
    {
        var url = ProviderJson.Text(source);
        if (url is null && source.ValueKind != JsonValueKind.Object) return;
        var inner = Holders.Select(holder => ProviderJson.Member(source, holder)).FirstOrDefault(held => held is { ValueKind: JsonValueKind.Object }) ?? source;
        url ??= First(inner, "url", "uri");
        var file = First(inner, "file_id", "fileId", "document_id");
        var title = First(inner, "title", "document_title", "filename", "name");
        if (string.IsNullOrWhiteSpace(url) && file is null && title is null) return;
        said.Add(new ChatSaid.Source(
            url, file, title, First(inner, "cited_text", "content", "quote", "snippet"), Number(inner, "start_index"), Number(inner, "end_index"))
        { At = at });
    }

    private static string? First(JsonElement of, params string[] fields) =>
        fields.Select(field => ProviderJson.Text(ProviderJson.Member(of, field))).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));

    private static int? Number(JsonElement of, string field) =>
        ProviderJson.Member(of, field) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var given) && given >= 0 ? given : null;
}
