using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Check;

/// <summary>A running server's API, read only.</summary>
internal sealed class ServerApi : IDisposable
{
    private const int PageStreams = 200;
    private const int Tries = 4;

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
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address };
        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !http.DefaultRequestHeaders.TryAddWithoutValidation(header[..colon].Trim(), header[(colon + 1)..].Trim()))
                throw new AuditException("--header is a name and a value, as \"Authorization: Bearer …\"; one of those given is not.");
        }
    }

    public Uri Address => http.BaseAddress!;

    /// <summary>Every stream that the server lists, newest first.</summary>
    public async IAsyncEnumerable<ServerStream> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        string? cursor = null;
        do
        {
            var path = $"v1/streams?limit={PageStreams}{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}";
            var answer = await GetAsync(path, ct);
            if (answer.Status != HttpStatusCode.OK) throw new AuditException($"{Address}{path} answers {answer.Said}: is this the server?");
            var page = Read(answer, ServerJson.Default.ServerList);
            foreach (var stream in page.Items) yield return stream;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    /// <param name="at">As it was at a revision; null for as it is.</param>
    public async Task<(ServerAnswer Answer, ServerStream? Stream)> StreamAsync(StreamId id, Revision? at, CancellationToken ct)
    {
        var answer = await GetAsync($"v1/streams/{Uri.EscapeDataString(id.Value)}{(at is { } revision ? $"?at={revision}" : "")}", ct);
        return (answer, answer.Status == HttpStatusCode.OK ? Read(answer, ServerJson.Default.ServerStream) : null);
    }

    /// <summary>The text's bytes and the revision that they are of.</summary>
    public async Task<(ServerAnswer Answer, long? Revision)> TextAsync(StreamId id, CancellationToken ct)
    {
        var answer = await GetAsync($"v1/streams/{Uri.EscapeDataString(id.Value)}/text", ct);
        return (answer, long.TryParse(answer.Tag?.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null);
    }

    public void Dispose() => http.Dispose();

    private async Task<ServerAnswer> GetAsync(string path, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await OnceAsync(path, ct);
            if (answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                throw new AuditException($"{Address} answers {answer.Said}: sign in with --key, or --header \"Authorization: …\".");
            if (answer.Status is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)) return answer;
            if (attempt == Tries) throw new AuditException($"{Address}{path} answers {answer.Said} again and again.");
            await Task.Delay(answer.Wait < LongestWait ? answer.Wait : LongestWait, time, ct);
        }
    }

    private async Task<ServerAnswer> OnceAsync(string path, CancellationToken ct)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(path, UriKind.Relative), ct);
            return new ServerAnswer(
                response.StatusCode,
                await response.Content.ReadAsByteArrayAsync(ct),
                response.Headers.ETag?.Tag,
                response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            throw new AuditException($"{Address} cannot be reached: {e.Message}", inner: e);
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
            throw new AuditException($"{Address} answers what is not of this API: {e.Message}", inner: e);
        }
    }
}

/// <param name="Tag">The strong ETag, quotes and all.</param>
/// <param name="Wait">How long it wants to be left alone.</param>
internal sealed record ServerAnswer(HttpStatusCode Status, byte[] Body, string? Tag, TimeSpan Wait)
{
    /// <summary>The status, and the problem's type where the answer is one.</summary>
    public string Said
    {
        get
        {
            try
            {
                return $"{(int)Status} {JsonSerializer.Deserialize(Body, ServerJson.Default.ServerProblem)?.Type}".TrimEnd();
            }
            catch (JsonException)
            {
                return $"{(int)Status}";
            }
        }
    }

    public string Text => Encoding.UTF8.GetString(Body);
}
