using System.Text.Json;

namespace EventStore.Client.Tests.Stub;

/// <summary>A call as it went between a client and EventStoreDB 23.10.6.</summary>
public sealed record RecordedCall(string Name, string Path, IReadOnlyList<Message> Requests, IReadOnlyList<Message> Responses, JsonElement Raw)
{
    public static IReadOnlyList<RecordedCall> Load(string file)
    {
        var path = System.IO.Path.Combine(AppContext.BaseDirectory, "EventStoreRecordings", file + ".json");
        var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray()
            .Where(one => one.TryGetProperty("rpc", out _) && one.TryGetProperty("requests", out _))
            .Select(one => new RecordedCall(
                one.GetProperty("name").GetString()!,
                one.GetProperty("rpc").GetString()!,
                Messages(one.GetProperty("requests")),
                Messages(one.GetProperty("responses")),
                one))];
    }

    public static RecordedCall Load(string file, string name) => Load(file).Single(call => call.Name == name);

    /// <summary>Which calls a theory is about: file and name.</summary>
    public static TheoryData<string, string> Names(Func<RecordedCall, bool> which, params string[] files)
    {
        var names = new TheoryData<string, string>();
        foreach (var file in files)
        {
            foreach (var call in Load(file).Where(which)) names.Add(file, call.Name);
        }

        return names;
    }

    /// <summary>A header of the answer, or a trailer; null for none.</summary>
    public string? Trailer(string name) => In("response_headers", name) ?? In("trailers", name);

    /// <summary>Sends what the server sent. Requests are the caller's to read.</summary>
    public async Task PlayAsync(StubCall call, Func<byte[], byte[]> adapt)
    {
        foreach (var header in Fields("response_headers"))
        {
            if (header.Name is not (":status" or "content-length" or "server")) call.Http.Response.Headers[header.Name] = header.Value.GetString();
        }

        foreach (var response in Responses) await call.WriteAsync(adapt(response.Bytes));
        foreach (var trailer in Fields("trailers")) call.Set(trailer.Name, trailer.Value.GetString()!);
        if (Trailer("grpc-status") is not null) return;
        await call.BeginAsync();
        await call.UntilResetAsync();
    }

    public override string ToString() => Name;

    private string? In(string part, string name) =>
        Fields(part).Where(field => field.Name == name).Select(field => field.Value.GetString()).FirstOrDefault();

    private JsonElement.ObjectEnumerator Fields(string part) =>
        Raw.TryGetProperty(part, out var fields) && fields.ValueKind == JsonValueKind.Object ? fields.EnumerateObject() : default;

    private static Message[] Messages(JsonElement messages) =>
    [
        .. messages.EnumerateArray().Where(one => one.TryGetProperty("base64", out _)).Select(one => new Message(
            one.GetProperty("base64").GetBytesFromBase64(), one.TryGetProperty("decoded", out var decoded) ? decoded : default)),
    ];
}

/// <param name="Decoded">As it was read when it was recorded.</param>
public sealed record Message(byte[] Bytes, JsonElement Decoded);
