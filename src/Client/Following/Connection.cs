using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace EventSourcedStreams.Client;

/// <summary>One event, however it came.</summary>
/// <param name="Id">The cursor behind it; null: it has none.</param>
/// <param name="Data">Null: an event of a kind that this client does not know.</param>
internal readonly record struct ReceivedEvent(string Name, long? Id, EventData? Data);

/// <summary>One request that follows or drives a stream, and what comes of it.</summary>
internal sealed class Connection(ApiSender api, string stream, TextStreamsClientOptions options)
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
    public async IAsyncEnumerable<ReceivedEvent> EventsAsync(HttpMethod method, string path, [EnumeratorCancellation] CancellationToken ct)
    {
        using var quiet = new Deadline(options.QuietLimit, options.TimeProvider, ct);
        using var response = await InTimeAsync(api.SendAsync(method, path, stream, quiet.Token, accept: Events), quiet, null, ct).ConfigureAwait(false);
        (HasAnswered, IsOver) = (true, response.StatusCode is HttpStatusCode.NoContent);
        if (IsOver) yield break;
        if (response.Content.Headers.ContentType?.MediaType is not Events) throw ApiSender.Foreign(response, $"{response.Content.Headers.ContentType}");

        using var body = new QuietStream(await response.Content.ReadAsStreamAsync(quiet.Token).ConfigureAwait(false), quiet);
        var parser = SseParser.Create(body, (name, data) => Parse(response, name, data));
        await using var events = parser.EnumerateAsync(quiet.Token).GetAsyncEnumerator(quiet.Token);
        while (await InTimeAsync(events.MoveNextAsync().AsTask(), quiet, body, ct).ConfigureAwait(false))
        {
            var next = events.Current;
            long? id = long.TryParse(next.EventId, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null;
            yield return new ReceivedEvent(next.EventType, id, next.Data);
        }
    }

    /// <summary>The same by one document, for which the server waits.</summary>
    public async IAsyncEnumerable<ReceivedEvent> PageAsync(long? after, [EnumeratorCancellation] CancellationToken ct)
    {
        using var quiet = new Deadline(options.PageWait + options.QuietLimit, options.TimeProvider, ct);
        var path = $"/{stream}/events?wait={(int)options.PageWait.TotalSeconds}{(after is { } cursor ? $"&after={cursor}" : "")}";
        using var response = await InTimeAsync(api.SendAsync(HttpMethod.Get, path, stream, quiet.Token, accept: "application/json"), quiet, null, ct).ConfigureAwait(false);
        IsOver = response.StatusCode is HttpStatusCode.NoContent;
        if (IsOver) yield break;
        var page = await InTimeAsync(ApiSender.ReadAsync(response, ClientJson.Default.EventPage, quiet.Token), quiet, null, ct).ConfigureAwait(false);
        foreach (var next in page.Events) yield return new ReceivedEvent(next.Event, next.Id, next.Data);
    }

    private static EventData? Parse(HttpResponseMessage response, string name, ReadOnlySpan<byte> data)
    {
        if (name is not ("status" or "text" or "saved" or "end")) return null;
        try
        {
            return JsonSerializer.Deserialize(data, ClientJson.Default.EventData);
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
