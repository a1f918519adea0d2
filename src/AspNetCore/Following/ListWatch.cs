using System.Security.Cryptography;
using System.Text.Json;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A list of streams as soon as it is another than a client has, or after a time as it is.</summary>
internal sealed class ListWatch(EngineAccess access, CatalogQuery query)
{
    /// <summary>How long what happens in a row is gathered, before it is looked whether the list is another.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);

    /// <param name="known">The position of what the client has; null: it has nothing.</param>
    /// <exception cref="LogUnavailableException">The list is being made anew, or the server stops.</exception>
    public async Task<StreamListView> NextAsync(HttpContext http, LogPosition? known, TimeSpan wait)
    {
        http.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, access.Cleared);
        try
        {
            return await NextAsync(access.Current, known, wait, over.Token);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            throw new LogUnavailableException("The server is stopping.");
        }
    }

    private async Task<StreamListView> NextAsync(StreamEngine engine, LogPosition? known, TimeSpan wait, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(wait, engine.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var (at, moved) = engine.ListPosition;                                   // before the list, so that nothing is missed after it
        var list = await engine.ListAsync(query, ct);

        // The list may be of a moment later than its position, which then has changed already for the client.
        var listed = (await engine.Directory.CheckpointAsync(ct))?.Position ?? LogPosition.Start;
        if (known is null || known < at || known < listed) return StreamListView.Of(list, ListPosition.Text(at));

        // A node whose list is behind the client's has nothing to compare with until it has come as far.
        var before = known == listed ? HashOf(list) : null;
        while (await IsMovedAsync(moved, engine.Time, either.Token))
        {
            (at, moved) = engine.ListPosition;
            list = await engine.ListAsync(query, ct);
            if (at >= known && (before is null || !before.AsSpan().SequenceEqual(HashOf(list)))) break;
        }

        ct.ThrowIfCancellationRequested();
        return StreamListView.Of(list, ListPosition.Text(at));
    }

    /// <returns>False: the time is over.</returns>
    private static async Task<bool> IsMovedAsync(Task moved, TimeProvider time, CancellationToken ct)
    {
        try
        {
            await moved.WaitAsync(ct);
            await Task.Delay(Gather, time, ct);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Of the list a hash is enough, and takes less while it waits.</summary>
    private static byte[] HashOf(CatalogPage list) =>
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(StreamListView.Of(list), WireJson.Relaxed.StreamListView));
}
