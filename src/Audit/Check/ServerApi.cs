using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Check;

/// <summary>A running server's API, read only.</summary>
internal sealed class ServerApi : IDisposable
{
    private const int PageStreams = 200;
    private const int Tries = 4;

    /// <summary>A page of the list: 200 streams with the longest labels that there can be.</summary>
    private const long PageBytes = 32 << 20;

    /// <summary>All of a stream but its text.</summary>
    private const long FieldBytes = 1 << 20;

    /// <summary>A byte of text is at most six in JSON.</summary>
    private const int Escaped = 6;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly HttpClient http;
    private readonly TimeProvider time;

    /// <param name="url">Where <c>/v1/streams</c> stands, as <c>http://127.0.0.1:5280</c>.</param>
    /// <param name="headers">Each a name and a value, as <c>Authorization: Bearer …</c>; none is ever shown.</param>
    /// <exception cref="AuditException">No address, or no header.</exception>
    public ServerApi(string url, IReadOnlyList<string> headers, TimeProvider time)
    {
        this.time = time;
        if (!Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new AuditException($"--server is an address, as http://127.0.0.1:5280; '{url}' is not.");
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !http.DefaultRequestHeaders.TryAddWithoutValidation(header[..colon].Trim(), header[(colon + 1)..].Trim()))
                throw new AuditException("--header is a name and a value, as \"Authorization: Bearer …\"; one of those given is not.");
        }
    }

    public Uri Address => http.BaseAddress!;

    /// <summary>A page of the list, newest first.</summary>
    public async Task<ServerList> PageAsync(string? cursor, CancellationToken ct)
    {
        var path = $"v1/streams?limit={PageStreams}{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}";
        var answer = await GetAsync(path, PageBytes, ct);
        if (answer.Status != HttpStatusCode.OK) throw new AuditException($"{Address}{path} answers {answer.Said}: is this the server?");
        var page = Read(answer, ServerJson.Default.ServerList);
        return page.Items.All(item => item is { IsUnread: true } or { IsWhole: true })
            ? page
            : throw Foreign("an item of the list has no status, source or time of creation.");
    }

    /// <param name="at">As it was at a revision; null for as it is.</param>
    /// <param name="textBytes">The most that its text can have.</param>
    public async Task<(ServerAnswer Answer, ServerStream? Stream)> StreamAsync(StreamId id, long? at, long textBytes, CancellationToken ct)
    {
        var path = $"v1/streams/{Uri.EscapeDataString(id.Value)}{(at is { } revision ? $"?at={revision}" : "")}";
        var answer = await GetAsync(path, FieldBytes + (Escaped * textBytes), ct);
        if (answer.Status != HttpStatusCode.OK) return (answer, null);
        return Read(answer, ServerJson.Default.ServerStream) is { IsWhole: true } stream
            ? (answer, stream)
            : throw Foreign("a stream has no status, source or time of creation.");
    }

    /// <summary>The text's bytes and the revision that they are of.</summary>
    public async Task<(ServerAnswer Answer, long? Revision)> TextAsync(StreamId id, long textBytes, CancellationToken ct)
    {
        var answer = await GetAsync($"v1/streams/{Uri.EscapeDataString(id.Value)}/text", FieldBytes + textBytes, ct);
        return (answer, long.TryParse(answer.Tag?.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null);
    }

    public void Dispose() => http.Dispose();

    private async Task<ServerAnswer> GetAsync(string path, long most, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await http.GetAsync(path, most, time, ct);
            if (answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                throw new AuditException($"{Address} answers {answer.Said}: sign in with --key, or --header \"Authorization: …\".");
            if (answer.Status is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)) return answer;
            if (attempt == Tries) throw new AuditException($"{Address}{path} answers {answer.Said} again and again.");
            await Task.Delay(answer.Wait < LongestWait ? answer.Wait : LongestWait, time, ct);
        }
    }

    private T Read<T>(ServerAnswer answer, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body, type) ?? throw new JsonException("it is null.");
        }
        catch (JsonException e)
        {
            throw Foreign(e.Message, e);
        }
    }

    private AuditException Foreign(string what, Exception? inner = null) =>
        new($"{Address} answers what is not of this API: {what}", inner: inner);
}
