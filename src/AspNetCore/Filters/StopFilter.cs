using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// Around every endpoint: once the engine is taken away, an answer has a moment to reach its client and is cut then. So
/// no client keeps a server from stopping: not by reading nothing, and not by half a body that it goes on sending, or
/// does not. That holds for a request, too, that comes in between, before the server has closed its door.
/// </summary>
internal sealed class StopFilter(EngineAccess access) : IEndpointFilter
{
    /// <summary>For the endings to go out; within the 5 s that a stop may take.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    /// <summary>For a request that comes when the engine has been taken away: an observer of those waits for another
    /// engine for a while.</summary>
    private static readonly TimeSpan LateWords = 2 * LastWords;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var cleared = access.Cleared;
        using var cut = new Cut(http, access);
        using var stopping = cleared.UnsafeRegister(static cut => ((Cut)cut!).Soon(LastWords), cut);
        if (access.IsCleared) cut.Soon(LateWords);                               // the token may be the next engine's
        var answer = await next(context);
        if (access.IsCleared && IsSending(http.Request)) await CutAfterAnswerAsync(http);
        return answer;
    }

    /// <summary>The server would read the rest of the body, for some seconds, before it closes the
    /// connection.</summary>
    private static async Task CutAfterAnswerAsync(HttpContext http)
    {
        if (http.Response.HasStarted) await http.Response.CompleteAsync();
        if (http.Response.HasStarted) await http.CutAsync();
    }

    private static bool IsSending(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false && request.ContentLength != 0;

    /// <summary>Costs a timer only once the engine is taken away: a server may have thousands of observers.</summary>
    private sealed class Cut(HttpContext http, EngineAccess access) : IDisposable
    {
        private readonly object gate = new();
        private ITimer? timer;
        private bool isOver;

        public void Soon(TimeSpan after)
        {
            lock (gate)
                if (!isOver) timer ??= TimeProvider.System.CreateTimer(static cut => ((Cut)cut!).Now(), this, after, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            lock (gate)
            {
                isOver = true;
                timer?.Dispose();
            }
        }

        /// <summary>Within the lock: once the filter has returned, the request may be another one's.</summary>
        private void Now()
        {
            lock (gate)
                if (!isOver && access.IsCleared) http.Abort();
        }
    }
}
