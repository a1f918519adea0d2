using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// The requests that are under way on one engine. Once it is taken away, each has a moment to reach its client and is
/// cut then. One list and one timer for all: a server may have thousands of observers.
/// </summary>
internal sealed class RequestCuts
{
    /// <summary>For the endings to go out; within the 5 s that a stop may take.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private UncutRequest? first;
    private ITimer? timer;
    private bool isStopping;

    public RequestCuts(TimeProvider time) => this.time = time;

    /// <summary>A request, until what is returned is disposed.</summary>
    public UncutRequest Enter(HttpContext http)
    {
        var request = new UncutRequest(this, http);
        lock (gate)
        {
            request.Next = first;
            if (first is not null) first.Before = request;
            first = request;
            if (isStopping) TimeLocked();
        }

        return request;
    }

    /// <summary>The engine is being taken away.</summary>
    public void CutSoon()
    {
        lock (gate)
        {
            isStopping = true;
            if (first is not null) TimeLocked();
        }
    }

    private void TimeLocked() => timer ??= time.CreateTimer(static cuts => ((RequestCuts)cuts!).Cut(), this, LastWords, Timeout.InfiniteTimeSpan);

    /// <summary>Within the lock: once a request is over, its context may be another one's.</summary>
    private void Cut()
    {
        lock (gate)
        {
            timer?.Dispose();
            timer = null;
            while (first is { } request)
            {
                Remove(request);
                request.Http.Abort();
            }
        }
    }

    private void Leave(UncutRequest request)
    {
        lock (gate)
        {
            Remove(request);
            if (first is not null) return;
            timer?.Dispose();
            timer = null;
        }
    }

    private void Remove(UncutRequest request)
    {
        if (request.Before is not null) request.Before.Next = request.Next;
        else if (first == request) first = request.Next;
        if (request.Next is not null) request.Next.Before = request.Before;
        (request.Before, request.Next) = (null, null);
    }

    internal sealed class UncutRequest(RequestCuts all, HttpContext http) : IDisposable
    {
        public UncutRequest? Before { get; set; }

        public UncutRequest? Next { get; set; }

        public HttpContext Http => http;

        /// <summary>Whether the engine is being taken away on which it began.</summary>
        public bool IsStopping => Volatile.Read(ref all.isStopping);

        public void Dispose() => all.Leave(this);
    }
}
