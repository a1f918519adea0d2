using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace EventSourcedStreams.Client;

/// <summary>One request that follows or drives a stream, and what comes of it.</summary>
internal sealed class Connection(ApiSender api, string stream, TextStreamsClientOptions options, bool withParts)
{
    private const string Events = "text/event-stream";

    /// <summary>The stream has ended, and there is nothing behind the cursor.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The server has begun to answer.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Nothing at all came in time: what is in between may gather the answer until it is whole.</summary>
    public bool WasSilent { get; private set; }

    /// <exception cref="TextStreamsException">The server refuses.</exception>
    /// <exception cref="IOException">The connection was lost, or went quiet.</exception>
    /// <exception cref="HttpRequestException">It did not come about.</exception>
    public IAsyncEnumerable<ReceivedEvent> DriveAsync(CancellationToken ct) => EventsAsync(HttpMethod.Post, $"/{stream}/drive{Asked(null)}", ct);

    /// <inheritdoc cref="DriveAsync"/>
    public IAsyncEnumerable<ReceivedEvent> FollowAsync(long? after, CancellationToken ct) => EventsAsync(HttpMethod.Get, $"/{stream}/events{Asked(after)}", ct);

    /// <summary>The same by one document, for which the server waits.</summary>
    public async IAsyncEnumerable<ReceivedEvent> PageAsync(long? after, [EnumeratorCancellation] CancellationToken ct)
    {
        using var quiet = new Deadline(options.PageWait + options.QuietLimit, options.TimeProvider, ct);
        var path = $"/{stream}/events{Asked(after, $"wait={(int)options.PageWait.TotalSeconds}")}";
        using var response = await InTimeAsync(api.SendAsync(HttpMethod.Get, path, stream, quiet.Token, accept: "application/json"), quiet, null, ct).ConfigureAwait(false);
        IsOver = response.StatusCode is HttpStatusCode.NoContent;
        if (IsOver) yield break;
        var page = await InTimeAsync(ApiSender.ReadAsync(response, ClientJson.Default.EventPage, quiet.Token), quiet, null, ct).ConfigureAwait(false);
        foreach (var (name, data, id) in page.Events ?? throw ApiSender.Foreign(response, "a page without events"))
            yield return Read(response, name, Encoding.UTF8.GetBytes(data?.GetRawText() ?? "null")) with { Id = id };
    }

    private async IAsyncEnumerable<ReceivedEvent> EventsAsync(HttpMethod method, string path, [EnumeratorCancellation] CancellationToken ct)
    {
        using var quiet = new Deadline(options.QuietLimit, options.TimeProvider, ct);
        using var response = await InTimeAsync(api.SendAsync(method, path, stream, quiet.Token, accept: Events), quiet, null, ct).ConfigureAwait(false);
        (HasAnswered, IsOver) = (true, response.StatusCode is HttpStatusCode.NoContent);
        if (IsOver) yield break;
        if (!ApiSender.IsOf(response, Events)) throw ApiSender.Foreign(response, $"{response.Content.Headers.ContentType}");

        using var body = new QuietStream(await response.Content.ReadAsStreamAsync(quiet.Token).ConfigureAwait(false), quiet);
        var parser = SseParser.Create(body, (name, data) => Read(response, name, data));
        await using var events = parser.EnumerateAsync(quiet.Token).GetAsyncEnumerator(quiet.Token);
        while (await InTimeAsync(events.MoveNextAsync().AsTask(), quiet, body, ct).ConfigureAwait(false))
        {
            var next = events.Current;
            long? id = long.TryParse(next.EventId, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null;
            yield return next.Data with { Id = id };
        }
    }

    private string Asked(long? after, string? more = null)
    {
        string?[] all = [more, after is { } cursor ? $"after={cursor}" : null, withParts ? "parts=true" : null];
        var asked = string.Join('&', all.Where(each => each is not null));
        return asked.Length == 0 ? "" : $"?{asked}";
    }

    private static ReceivedEvent Read(HttpResponseMessage response, string name, ReadOnlySpan<byte> data)
    {
        try
        {
            return name switch
            {
                "status" or "text" or "saved" or "end" => new ReceivedEvent(name, null, Data: JsonSerializer.Deserialize(data, ClientJson.Default.EventData)),
                "part" or "part-text" or "part-end" => new ReceivedEvent(name, null, Part: JsonSerializer.Deserialize(data, ClientJson.Default.PartData)),
                _ => new ReceivedEvent(name, null),
            };
        }
        catch (JsonException e)
        {
            throw ApiSender.Foreign(response, e.Message);
        }
    }

    private async Task<T> InTimeAsync<T>(Task<T> work, Deadline quiet, QuietStream? body, CancellationToken ct)
    {
        try
        {
            return await work.ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (quiet.IsOver && !ct.IsCancellationRequested)
        {
            WasSilent = body is null or { HasBegun: false };
            throw new IOException("Nothing has come for too long.", e);
        }
    }
}
