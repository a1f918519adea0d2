using System.Text.Json;

namespace EventSourcedStreams.EventStoreServer.Tests;

/// <summary>One call as it was recorded against a real server.</summary>
/// <param name="Requests">The messages' bytes; null where one was too long to be kept.</param>
/// <param name="Responses">The messages' bytes.</param>
public sealed record Recording(
    string File,
    string Name,
    string Path,
    IReadOnlyDictionary<string, string> RequestHeaders,
    IReadOnlyList<byte[]?> Requests,
    IReadOnlyDictionary<string, string>? ResponseHeaders,
    IReadOnlyList<byte[]> Responses,
    IReadOnlyDictionary<string, string>? Trailers)
{
    public const string Streams = "/event_store.client.streams.Streams/";

    public string Id => $"{File}/{Name}";

    /// <summary>Otherwise the call was still open when the client cancelled it.</summary>
    public bool EndedByServer =>
        Trailers is not null || ResponseHeaders is not null && (ResponseHeaders.ContainsKey("grpc-status") || ResponseHeaders[":status"] != "200");

    public static IReadOnlyList<Recording> All { get; } =
    [
        .. Directory.GetFiles(System.IO.Path.Combine(AppContext.BaseDirectory, "EventStoreRecordings"), "*.json")
            .Order(StringComparer.Ordinal)
            .SelectMany(Read),
    ];

    private static List<Recording> Read(string path)
    {
        var file = System.IO.Path.GetFileNameWithoutExtension(path);
        using var json = JsonDocument.Parse(System.IO.File.ReadAllBytes(path));
        return [.. json.RootElement.GetProperty("cases").EnumerateArray().Select(item => new Recording(
            file,
            item.GetProperty("name").GetString()!,
            item.GetProperty("rpc").GetString()!,
            Texts(item, "request_headers") ?? new Dictionary<string, string>(),
            Messages(item, "requests"),
            Texts(item, "response_headers"),
            [.. Messages(item, "responses").Select(message => message!)],
            Texts(item, "trailers")))];
    }

    private static Dictionary<string, string>? Texts(JsonElement item, string name) =>
        item.TryGetProperty(name, out var texts) && texts.ValueKind == JsonValueKind.Object
            ? texts.EnumerateObject().ToDictionary(text => text.Name, text => text.Value.ToString())
            : null;

    private static List<byte[]?> Messages(JsonElement item, string name) =>
        item.TryGetProperty(name, out var messages) && messages.ValueKind == JsonValueKind.Array
            ? [.. messages.EnumerateArray().Select(message =>
                message.TryGetProperty("base64", out var base64) && base64.ValueKind == JsonValueKind.String ? base64.GetBytesFromBase64() : null)]
            : [];
}
