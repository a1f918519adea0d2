using System.Text;
using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>Pictures and other files, and sound, in the shapes that providers send them in.</summary>
internal static class FileFields
{
    private static readonly string[] Holders = ["image_url", "inlineData", "inline_data", "fileData", "file_data", "source", "file", "image", "video_url", "input_audio"];

    /// <summary>These make a file of a part that has no type.</summary>
    private static readonly string[] SureHolders = ["image_url", "inlineData", "inline_data", "fileData"];

    private static readonly string[] MediaTypeFields = ["mimeType", "mime_type", "media_type", "mediaType"];

    private static readonly string[] NameFields = ["filename", "file_name", "displayName", "name"];

    private static readonly string[] BytesFields = ["b64_json", "data", "file_data", "result"];

    private static readonly string[] AddressFields = ["url", "fileUri", "file_uri", "uri"];

    public static bool IsFile(string type, JsonElement part) =>
        type.Contains("image", StringComparison.Ordinal) || type.Contains("video", StringComparison.Ordinal) || type is "file" or "document" or "audio" or "output_audio"
        || (type.Length == 0 && SureHolders.Any(holder => ProviderJson.Member(part, holder) is { ValueKind: JsonValueKind.Object }));

    /// <param name="given">A list of files, or one.</param>
    public static void ReadAll(List<ChatSaid> said, JsonElement given, int at)
    {
        if (given.ValueKind == JsonValueKind.Array) foreach (var file in given.EnumerateArray()) Read(said, file, at);
        else Read(said, given, at);
    }

    public static void Read(List<ChatSaid> said, JsonElement part, int at)
    {
        if (Of(part, depth: 0) is { } file) said.Add(file with { At = at });
    }

    public static void ReadSound(List<ChatSaid> said, JsonElement audio, int at)
    {
        if (ProviderJson.Text(ProviderJson.Member(audio, "data")) is { Length: > 0 } data) said.Add(new ChatSaid.Sound(data) { At = at });
    }

    private static ChatSaid.File? Of(JsonElement part, int depth)
    {
        if (ProviderJson.Text(part) is { } address) return OfAddress(address, null, null);
        if (part.ValueKind != JsonValueKind.Object) return null;
        var mediaType = First(part, MediaTypeFields);
        var name = First(part, NameFields);
        if (First(part, BytesFields) is { } bytes)
            return bytes.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? OfAddress(bytes, mediaType, name) : new(mediaType, name, bytes, null);
        if (First(part, AddressFields) is { } url) return OfAddress(url, mediaType, name);
        if (depth > 2) return null;
        return Holders.Select(holder => ProviderJson.Member(part, holder) is { } held ? Of(held, depth + 1) : null).FirstOrDefault(held => held is not null) is { } inner
            ? inner with { MediaType = inner.MediaType ?? mediaType, Name = inner.Name ?? name }
            : null;
    }

    private static ChatSaid.File? OfAddress(string address, string? mediaType, string? name)
    {
        if (string.IsNullOrWhiteSpace(address)) return null;
        if (!address.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return new(mediaType, name, null, address);
        var comma = address.IndexOf(',');
        if (comma < 0) return null;
        var head = address[5..comma].Split(';', StringSplitOptions.TrimEntries);
        var type = head[0].Length > 0 ? head[0] : mediaType;
        return head.Contains("base64", StringComparer.OrdinalIgnoreCase)
            ? new(type, name, address[(comma + 1)..], null)
            : new(type ?? "text/plain", name, Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address[(comma + 1)..]))), null);
    }

    private static string? First(JsonElement part, string[] fields) =>
        fields.Select(field => ProviderJson.Text(ProviderJson.Member(part, field))).FirstOrDefault(text => !string.IsNullOrEmpty(text));
}
