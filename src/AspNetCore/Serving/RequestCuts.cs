using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// The requests that are under way. Once the engine is taken away, each has a moment to reach its client and is cut
/// then, unless another engine has come. That holds for a request, too, that comes in between, before the server has
/// closed its door. One list and one timer for all: a server may have thousands of observers.
/// </summary>
internal sealed class RequestCuts(TimeProvider time)
{
    /// <summary>For the endings to go out; within the 5 s that a stop may take.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    /// <summary>For a request that comes when the engine has been taken away: an observer of those waits for another
    /// engine for a while.</summary>
    private static readonly TimeSpan LateWords = 2 * LastWords;

    private readonly Lock gate = new();
    private UncutRequest? first;
    private ITimer? timer;
    private bool isStopping;

    /// <summary>A request, until what is returned is disposed.</summary>
    public UncutRequest Enter(HttpContext http)
    {
        var request = new UncutRequest(this, http);
        lock (gate)
        {
            request.Next = first;
            if (first is not null) first.Before = request;
            first = request;
            if (!isStopping) return request;
            request.DueAt = In(LateWords);
            ArmLocked();
        }

        return request;
    }

    /// <summary>The engine is being taken away.</summary>
    public void CutSoon()
    {
        lock (gate)
        {
            isStopping = true;
            for (var request = first; request is not null; request = request.Next) request.DueAt = In(LastWords);
            DisarmLocked();
            ArmLocked();
        }
    }

    /// <summary>Another engine is there: none of those under way is cut.</summary>
    public void GoOn()
    {
        lock (gate)
        {
            isStopping = false;
            DisarmLocked();
        }
    }

    /// <summary>The timer, if none runs, for the request that is due first.</summary>
    private void ArmLocked()
    {
        if (timer is not null || first is null) return;
        var dueAt = first.DueAt;
        for (var request = first.Next; request is not null; request = request.Next) dueAt = Math.Min(dueAt, request.DueAt);
        var wait = TimeSpan.FromSeconds(Math.Max(0, dueAt - time.GetTimestamp()) / (double)time.TimestampFrequency);
        timer = time.CreateTimer(static cuts => ((RequestCuts)cuts!).Cut(), this, wait, Timeout.InfiniteTimeSpan);
    }

    private void DisarmLocked()
    {
        timer?.Dispose();
        timer = null;
    }

    /// <summary>Within the lock: once a request is over, its context may be another one's.</summary>
    private void Cut()
    {
        lock (gate)
        {
            DisarmLocked();
            if (!isStopping) return;
            var now = time.GetTimestamp();
            while (FirstDueLocked(now) is { } request)
            {
                Remove(request);
                request.Http.Abort();
            }

            ArmLocked();
        }
    }

    /// <summary>From the start each time: what is cut may take others out of the list.</summary>
    private UncutRequest? FirstDueLocked(long now)
    {
        var request = first;
        while (request is not null && request.DueAt > now) request = request.Next;
        return request;
    }

    private void Leave(UncutRequest request)
    {
        lock (gate)
        {
            Remove(request);
            if (first is null) DisarmLocked();
        }
    }

    private void Remove(UncutRequest request)
    {
        if (request.Before is not null) request.Before.Next = request.Next;
        else if (first == request) first = request.Next;
        if (request.Next is not null) request.Next.Before = request.Before;
        (request.Before, request.Next) = (null, null);
    }

    private long In(TimeSpan wait) => time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);

    internal sealed class UncutRequest(RequestCuts all, HttpContext http) : IDisposable
    {
        public UncutRequest? Before { get; set; }

        public UncutRequest? Next { get; set; }

        /// <summary>A timestamp of the clock; counts while the engine is away.</summary>
        public long DueAt { get; set; }

        public HttpContext Http => http;

        /// <summary>Whether the engine has been taken away, and no other has come.</summary>
        public bool IsStopping => Volatile.Read(ref all.isStopping);

        public void Dispose() => all.Leave(this);
    }
}
