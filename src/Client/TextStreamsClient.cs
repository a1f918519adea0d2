using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
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
    /// <param name="withParts">Whether parts come beside the text (<see cref="StreamUpdate.Part"/>).</param>
    /// <exception cref="TextStreamsException">The server refuses it.</exception>
    public IAsyncEnumerable<StreamUpdate> DriveAsync(string id, bool withParts = false, CancellationToken ct = default) => Follower(id, withParts).DriveAsync(ct);

    /// <summary>Follows a stream to its end, which is the last update. Nothing comes of one that has ended and is known
    /// to its end.</summary>
    /// <param name="after">The <see cref="StreamUpdate.Cursor"/> behind which to go on; null: from the
    /// beginning.</param>
    /// <param name="withParts">Whether parts come beside the text (<see cref="StreamUpdate.Part"/>).</param>
    /// <exception cref="TextStreamsException">The server refuses it, at once or when it is come to again.</exception>
    public IAsyncEnumerable<StreamUpdate> FollowAsync(string id, long? after = null, bool withParts = false, CancellationToken ct = default) =>
        Follower(id, withParts, after).FollowAsync(ct);

    /// <summary>Has the text of a stream of the source <c>upload</c> come from here, and ends it well. Goes on after
    /// any cut with what is not durable yet; nothing is lost, and nothing is twice.</summary>
    /// <param name="text">UTF-8, in pieces of any size; what there is goes out at once.</param>
    /// <returns>The stream as it has ended, without its text.</returns>
    /// <exception cref="TextStreamsException">The server refuses it, or the stream has ended otherwise. What throws in
    /// <paramref name="text"/> passes: then the stream stays open, until it is cancelled or idle for too
    /// long.</exception>
    public Task<TextStream> UploadAsync(string id, Stream text, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new StreamUpload(api, Checked(id), options, logger).RunAsync(text, ct);
    }

    /// <inheritdoc cref="UploadAsync(string, Stream, CancellationToken)"/>
    /// <param name="text">As it is made; a lone surrogate becomes U+FFFD.</param>
    public async Task<TextStream> UploadAsync(string id, IAsyncEnumerable<string> text, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        await using var bytes = new PieceStream(text, ct);
        return await UploadAsync(id, bytes, ct).ConfigureAwait(false);
    }

    /// <summary>A stream as it is, or was.</summary>
    /// <param name="withText">Whether its text is read, too.</param>
    /// <param name="at">A revision, or a time (RFC 3339); null: now.</param>
    /// <param name="withParts">Whether <see cref="TextStream.Content"/> is read.</param>
    /// <exception cref="TextStreamsException">The server refuses it.</exception>
    public Task<TextStream> QueryAsync(string id, bool withText = true, string? at = null, bool withParts = false, CancellationToken ct = default)
    {
        string[] asked =
        [
            .. withText ? [] : (string[])["text=false"],
            .. at is null ? [] : (string[])[$"at={Uri.EscapeDataString(at)}"],
            .. withParts ? (string[])["parts=true"] : [],
        ];
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
        // As it is, a byte-order mark of its own included.
        return new StreamText(Encoding.UTF8.GetString(bytes), revision);
    }

    /// <summary>The bytes of one part, such as a file: base64 decoded; of one that is open as far as it has
    /// come.</summary>
    /// <exception cref="TextStreamsException">The server refuses it; <c>unknown-part</c>: there is none of this
    /// number.</exception>
    public async Task<PartContent> GetPartAsync(string id, int part, CancellationToken ct = default)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/{Checked(id)}/parts/{part}");
        var quiet = new Deadline(options.QuietLimit, options.TimeProvider, ct);
        HttpResponseMessage? response = null;
        try
        {
            response = await api.SendAsync(HttpMethod.Get, path, id, quiet.Token).ConfigureAwait(false);
            return new PartContent(response, await response.Content.ReadAsStreamAsync(quiet.Token).ConfigureAwait(false), quiet);
        }
        catch
        {
            response?.Dispose();
            quiet.Dispose();
            throw;
        }
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

    /// <summary>The first page of a list, and it again as often as it is another; without end, over any cut.</summary>
    /// <exception cref="TextStreamsException">The server refuses it.</exception>
    public IAsyncEnumerable<StreamList> WatchListAsync(StreamListQuery? query = null, CancellationToken ct = default) => new ListWatch(api, options).WatchAsync(query, ct);

    /// <summary>Makes a token for one stream, for a browser that may have no key; of a server that has keys for
    /// that.</summary>
    /// <param name="rights"><c>drive</c>, <c>read</c>, <c>cancel</c>, <c>delete</c>.</param>
    /// <param name="lifetime">In whole seconds, 1 s to 1 day; null: 15 minutes.</param>
    /// <param name="subject">For whom it is, for the record.</param>
    /// <exception cref="TextStreamsException">The server refuses it.</exception>
    public Task<StreamToken> CreateTokenAsync(
        string id, IReadOnlyList<string> rights, TimeSpan? lifetime = null, string? subject = null, CancellationToken ct = default) => api.SendAsync(
        HttpMethod.Post, $"/{Checked(id)}/tokens", id, ClientJson.Default.StreamToken, ct, ApiSender.Json(MintBody.Of(null, rights, lifetime, subject), ClientJson.Default.MintBody));

    /// <summary>Makes a token for all streams that have a label; those that are created with it get the
    /// label.</summary>
    /// <param name="rights"><c>create</c>, <c>drive</c>, <c>read</c>, <c>cancel</c>, <c>delete</c>,
    /// <c>list</c>.</param>
    /// <inheritdoc cref="CreateTokenAsync(string, IReadOnlyList{string}, TimeSpan?, string?, CancellationToken)"/>
    public Task<StreamToken> CreateTokenAsync(
        KeyValuePair<string, string> label, IReadOnlyList<string> rights, TimeSpan? lifetime = null, string? subject = null, CancellationToken ct = default) => api.SendAsync(
        HttpMethod.Post, "/../tokens", null, ClientJson.Default.StreamToken, ct,
        ApiSender.Json(MintBody.Of($"{label.Key}:{label.Value}", rights, lifetime, subject), ClientJson.Default.MintBody));

    private StreamFollower Follower(string id, bool withParts, long? after = null) => new(api, Checked(id), options, logger, withParts, after);

    private static string Checked(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Uri.EscapeDataString(id);
    }
}
