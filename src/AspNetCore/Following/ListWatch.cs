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
    public async Task<StreamListView> NextAsync(HttpContext http, ListPosition? known, TimeSpan wait)
    {
        http.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        var cleared = access.Cleared;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, cleared);
        try
        {
            return await NextAsync(access.Current, known, wait, over.Token);
        }
        catch (OperationCanceledException) when (cleared.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            throw new LogUnavailableException("The server is stopping.");
        }
    }

    private async Task<StreamListView> NextAsync(StreamEngine engine, ListPosition? known, TimeSpan wait, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(wait, engine.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        while (true)
        {
            var (at, moved) = engine.ListPosition; // before the list, so that nothing is missed after it
            var list = await engine.ListAsync(query, ct);
            var position = ListPosition.Of(at, list);

            // A node whose list is behind the client's has nothing new for it.
            var isNew = known is not { } had || (at >= had.At && position.Shown != had.Shown);
            if (isNew || !await IsMovedAsync(moved, engine.Time, either.Token))
            {
                ct.ThrowIfCancellationRequested();
                return StreamListView.Of(list, position.ToString());
            }
        }
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
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
