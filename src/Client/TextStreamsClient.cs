using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.Client;

/// <summary>Text streams over HTTP. One for an app: it keeps nothing of a stream. Added by
/// <c>AddTextStreamsClient</c>, or made over an <see cref="HttpClient"/> of the caller's own, which then decides on
/// tries.</summary>
public sealed class TextStreamsClient
{
    private readonly ApiSender api;
    private readonly TextStreamsClientOptions options;
    private readonly ILogger logger;

    /// <param name="http">Without a timeout of its own, which would end following: <see cref="HttpClient.Timeout"/> is
    /// infinite.</param>
    /// <exception cref="ArgumentException"><see cref="TextStreamsClientOptions.BaseAddress"/> is not set.</exception>
    public TextStreamsClient(HttpClient http, TextStreamsClientOptions options) : this(() => http, options, NullLogger.Instance) =>
        ArgumentNullException.ThrowIfNull(http);

    internal TextStreamsClient(Func<HttpClient> http, TextStreamsClientOptions options, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        var address = options.BaseAddress is { IsAbsoluteUri: true, Scheme: "http" or "https" } given
            ? given
            : throw new ArgumentException("BaseAddress is where streams are served, as https://streams.example.com/v1/streams.", nameof(options));
        (this.options, this.logger) = (options, logger);
        api = new ApiSender(http, address, options);
    }

    /// <summary>Creates a stream. The same again finds the same stream.</summary>
    /// <exception cref="TextStreamsException">The server refuses it.</exception>
    public Task<TextStream> CreateAsync(NewTextStream stream, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return api.SendAsync(HttpMethod.Post, "", null, ClientJson.Default.TextStream, ct, ApiSender.Json(CreateBody.Of(stream), ClientJson.Default.CreateBody));
    }

    /// <summary>Claims a stream and has its source run; gives its text as it comes, and its end. Where another drives
    /// it, or the connection is lost, it is followed: leaving ends nothing.</summary>
    /// <exception cref="TextStreamsException">The server refuses it.</exception>
    public IAsyncEnumerable<StreamUpdate> DriveAsync(string id, CancellationToken ct = default) => Follower(id).DriveAsync(ct);

    /// <summary>Follows a stream to its end, which is the last update. Nothing comes of one that has ended and is known
    /// to its end.</summary>
    /// <param name="after">The <see cref="StreamUpdate.Cursor"/> behind which to go on; null: from the
    /// beginning.</param>
    /// <exception cref="TextStreamsException">The server refuses it, at once or when it is come to again.</exception>
    public IAsyncEnumerable<StreamUpdate> FollowAsync(string id, long? after = null, CancellationToken ct = default) => Follower(id).FollowAsync(after, ct);

    /// <summary>A stream as it is, or was.</summary>
    /// <param name="withText">Whether its text is read, too.</param>
    /// <param name="at">A revision, or a time (RFC 3339); null: now.</param>
    /// <exception cref="TextStreamsException">The server refuses it.</exception>
    public Task<TextStream> QueryAsync(string id, bool withText = true, string? at = null, CancellationToken ct = default)
    {
        string[] asked = [.. withText ? [] : (string[])["text=false"], .. at is null ? [] : (string[])[$"at={Uri.EscapeDataString(at)}"]];
        return api.SendAsync(HttpMethod.Get, $"/{Checked(id)}{(asked is [] ? "" : "?")}{string.Join('&', asked)}", id, ClientJson.Default.TextStream, ct);
    }

    /// <summary>A stream's text so far.</summary>
    /// <exception cref="TextStreamsException">The server refuses it.</exception>
    public async Task<StreamText> GetTextAsync(string id, CancellationToken ct = default)
    {
        using var limit = api.Limited(ct);
        using var response = await api.SendAsync(HttpMethod.Get, $"/{Checked(id)}/text", id, limit.Token).ConfigureAwait(false);
        var bytes = await response.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false);
        var tag = response.Headers.ETag?.Tag.Trim('"');
        long? revision = long.TryParse(tag, NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? known : null;
        return new StreamText(Encoding.UTF8.GetString(bytes), revision);         // as it is, a byte-order mark of its own included
    }

    /// <summary>Ends a stream that runs; one that has ended stays as it is. Returns once that is durable.</summary>
    /// <param name="reason">At most 4 KiB.</param>
    /// <exception cref="TextStreamsException">The server refuses it.</exception>
    public Task<TextStream> CancelAsync(string id, string? reason = null, CancellationToken ct = default) => api.SendAsync(
        HttpMethod.Post, $"/{Checked(id)}/cancel", id, ClientJson.Default.TextStream, ct, ApiSender.Json(new CancelBody(reason), ClientJson.Default.CancelBody));

    /// <summary>Removes a stream for ever; one that is gone already stays so.</summary>
    /// <exception cref="TextStreamsException">The server refuses it.</exception>
    public async Task DeleteAsync(string id, CancellationToken ct = default)
    {
        using var limit = api.Limited(ct);
        try
        {
            using var response = await api.SendAsync(HttpMethod.Delete, $"/{Checked(id)}", id, limit.Token).ConfigureAwait(false);
        }
        catch (TextStreamsException e) when (e.Problem.Code == "deleted")
        {
            // Also where this call's first try did it and its answer was lost.
        }
    }

    /// <summary>Streams, newest first, of all pages.</summary>
    /// <exception cref="TextStreamsException">The server refuses it.</exception>
    public async IAsyncEnumerable<TextStream> ListAsync(StreamListQuery? query = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        string? cursor = null;
        do
        {
            var page = await ListPageAsync(query, cursor, ct).ConfigureAwait(false);
            foreach (var stream in page.Items) yield return stream;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    /// <summary>One page of a list.</summary>
    /// <param name="cursor">The <see cref="StreamList.NextCursor"/> of the page before; null: the first.</param>
    /// <exception cref="TextStreamsException">The server refuses it.</exception>
    public Task<StreamList> ListPageAsync(StreamListQuery? query = null, string? cursor = null, CancellationToken ct = default) =>
        api.SendAsync(HttpMethod.Get, ListAddress.Of(query, ("cursor", cursor)), null, ClientJson.Default.StreamList, ct);

    /// <summary>The first page of a list, and it again as often as it is another; without end.</summary>
    /// <exception cref="TextStreamsException">The server refuses it.</exception>
    public async IAsyncEnumerable<StreamList> WatchListAsync(StreamListQuery? query = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        StreamList? last = null;
        while (true)
        {
            var wait = $"{(int)options.PageWait.TotalSeconds}";
            var list = await api.SendAsync(
                HttpMethod.Get, ListAddress.Of(query, ("wait", wait), ("position", last?.Position)), null, ClientJson.Default.StreamList, ct).ConfigureAwait(false);
            if (last is null || Bytes(list) != Bytes(last)) yield return list;
            last = list;
        }

        static string Bytes(StreamList list) => JsonSerializer.Serialize(list with { Position = null }, ClientJson.Default.StreamList);
    }

    /// <summary>Makes a token for one stream, for a browser that may have no key; of a server that has keys for
    /// that.</summary>
    /// <param name="rights"><c>drive</c>, <c>read</c>, <c>cancel</c>, <c>delete</c>.</param>
    /// <param name="lifetime">In whole seconds, 1 s to 1 day; null: 15 minutes.</param>
    /// <param name="subject">For whom it is, for the record.</param>
    /// <exception cref="TextStreamsException">The server refuses it.</exception>
    public Task<StreamToken> CreateTokenAsync(
        string id, IReadOnlyList<string> rights, TimeSpan? lifetime = null, string? subject = null, CancellationToken ct = default) => api.SendAsync(
        HttpMethod.Post, $"/{Checked(id)}/tokens", id, ClientJson.Default.StreamToken, ct,
        ApiSender.Json(new MintBody(rights, lifetime is { } known ? (long)known.TotalSeconds : null, subject), ClientJson.Default.MintBody));

    private StreamFollower Follower(string id) => new(api, Checked(id), options, logger);

    private static string Checked(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Uri.EscapeDataString(id);
    }
}
