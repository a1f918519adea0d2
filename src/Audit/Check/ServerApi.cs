using System.Net;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Client;

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

    private readonly BoundedAnswers bounds;
    private readonly HttpClient http;
    private readonly TextStreamsClient client;
    private readonly TimeProvider time;

    /// <param name="url">Where <c>/v1/streams</c> stands, as <c>http://127.0.0.1:5280</c>.</param>
    /// <param name="headers">Each a name and a value, as <c>Authorization: Bearer …</c>; none is ever shown.</param>
    /// <exception cref="AuditException">No address, or no header.</exception>
    public ServerApi(string url, IReadOnlyList<string> headers, TimeProvider time)
    {
        this.time = time;
        if (!Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new AuditException($"--server is an address, as http://127.0.0.1:5280; '{url}' is not.");
        Address = address;
        bounds = new BoundedAnswers(time, new SocketsHttpHandler { AllowAutoRedirect = false });
        http = new HttpClient(bounds) { Timeout = Timeout.InfiniteTimeSpan };
        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !http.DefaultRequestHeaders.TryAddWithoutValidation(header[..colon].Trim(), header[(colon + 1)..].Trim()))
                throw new AuditException("--header is a name and a value, as \"Authorization: Bearer …\"; one of those given is not.");
        }

        // How long an answer may take is bounded below it.
        client = new TextStreamsClient(http, new TextStreamsClientOptions { BaseAddress = new Uri(address, "v1/streams"), RequestTimeout = Timeout.InfiniteTimeSpan });
    }

    public Uri Address { get; }

    /// <summary>A page of the list, newest first.</summary>
    public async Task<ServerList> PageAsync(string? cursor, CancellationToken ct)
    {
        var (answer, page) = await AskAsync(PageBytes, () => client.ListPageAsync(new StreamListQuery { Limit = PageStreams }, cursor, ct), ct);
        if (page is null) throw new AuditException($"{Address}v1/streams answers {answer.Said}: is this the server?");
        return page.Items.All(item => item is not null && ServerStream.Of(item) is { IsUnread: true } or { IsWhole: true })
            ? new ServerList([.. page.Items.Select(ServerStream.Of)], page.NextCursor)
            : throw Foreign("an item of the list has no status, source or time of creation.");
    }

    /// <param name="at">As it was at a revision; null for as it is.</param>
    /// <param name="textBytes">The most that its text can have.</param>
    public async Task<(ServerAnswer Answer, ServerStream? Stream)> StreamAsync(StreamId id, long? at, long textBytes, CancellationToken ct)
    {
        var (answer, stream) = await AskAsync(FieldBytes + (Escaped * textBytes), () => client.QueryAsync(id.Value, at: at?.ToString(), ct: ct), ct);
        if (stream is null) return (answer, null);
        return ServerStream.Of(stream) is { IsWhole: true } whole
            ? (answer, whole)
            : throw Foreign("a stream has no status, source or time of creation.");
    }

    /// <summary>The text and the revision that it is of.</summary>
    public async Task<(ServerAnswer Answer, long? Revision)> TextAsync(StreamId id, long textBytes, CancellationToken ct)
    {
        var (answer, text) = await AskAsync(FieldBytes + textBytes, () => client.GetTextAsync(id.Value, ct), ct);
        return (text is null ? answer : answer with { Text = text.Text }, text?.Revision);
    }

    public void Dispose() => http.Dispose();

    /// <returns>Null: the server answers otherwise than well.</returns>
    private async Task<(ServerAnswer Answer, T? Value)> AskAsync<T>(long most, Func<Task<T>> ask, CancellationToken ct) where T : class
    {
        bounds.Bound(most);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return (new ServerAnswer(HttpStatusCode.OK, "200"), await ask());
            }
            catch (TextStreamsException e)
            {
                var answer = ServerAnswer.Of(e.Problem);
                if (e.Problem.Code == "not-this-api") throw Foreign(e.Problem.Detail ?? "", e);
                if (answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                    throw new AuditException($"{Address} answers {answer.Said}: sign in with --key, or --header \"Authorization: …\".");
                if (answer.Status is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)) return (answer, null);
                if (attempt == Tries) throw new AuditException($"{Address} answers {answer.Said} again and again.");
                var wait = e.RetryAfter ?? TimeSpan.FromSeconds(1);
                await Task.Delay(wait < LongestWait ? wait : LongestWait, time, ct);
            }
        }
    }

    private AuditException Foreign(string what, Exception? inner = null) =>
        new($"{Address} answers what is not of this API: {what}", inner: inner);
}

/// <param name="Said">The status, and the problem's type where the answer is one.</param>
internal sealed record ServerAnswer(HttpStatusCode Status, string Said)
{
    /// <summary>Of a text that was answered.</summary>
    public string Text { get; init; } = "";

    public static ServerAnswer Of(StreamProblem problem) =>
        new((HttpStatusCode)problem.Status, problem.Type == "about:blank" ? $"{problem.Status}" : $"{problem.Status} {problem.Type}");
}
