using System.Runtime.CompilerServices;
using System.Text.Json;

namespace EventSourcedStreams.Client;

/// <summary>The first page of a list, each time that it is another, by requests that the server waits with.</summary>
internal sealed class ListWatch(ApiSender api, TextStreamsClientOptions options)
{
    /// <summary>An answer that says nothing new has been waited for; one that comes sooner is something in
    /// between.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(1);

    private readonly ReconnectDelay delay = new(options);

    public async IAsyncEnumerable<StreamList> WatchAsync(StreamListQuery? query, [EnumeratorCancellation] CancellationToken ct)
    {
        StreamList? last = null;
        while (true)
        {
            var asked = options.TimeProvider.GetTimestamp();
            var (list, fault) = await AskAsync(query, last?.Position, ct).ConfigureAwait(false);
            var isAnother = list is not null && (last is null || Bytes(list) != Bytes(last));
            last = list ?? last;
            if (isAnother || (fault is null && options.TimeProvider.GetElapsedTime(asked) >= Early))
            {
                delay.Reset();
                if (isAnother) yield return list!;
                continue;
            }

            if (!await delay.PassAsync((fault as TextStreamsException)?.RetryAfter, ct).ConfigureAwait(false))
                throw fault ?? new IOException("The list is answered without having been waited for.");
        }
    }

    private async Task<(StreamList? List, Exception? Fault)> AskAsync(StreamListQuery? query, string? position, CancellationToken ct)
    {
        var path = ListAddress.Of(query, ("wait", $"{(int)options.PageWait.TotalSeconds}"), ("position", position));
        try
        {
            return (await api.SendAsync(HttpMethod.Get, path, null, ClientJson.Default.StreamList, ct).ConfigureAwait(false), null);
        }
        catch (Exception e) when (!ct.IsCancellationRequested
            && e is TextStreamsException { IsTransient: true } or IOException or HttpRequestException or OperationCanceledException)
        {
            return (null, e);
        }
    }

    private static string Bytes(StreamList list) => JsonSerializer.Serialize(list with { Position = null }, ClientJson.Default.StreamList);
}
