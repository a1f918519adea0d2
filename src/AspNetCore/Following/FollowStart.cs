using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What every follower reads before it follows, and how it waits while it cannot.</summary>
internal static class FollowStart
{
    /// <summary>Between two looks at a log that is away, or for an engine that is not there.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>For how many pauses a request waits for another engine when the server has taken its own
    /// away.</summary>
    public const int PausesWithoutEngine = 2;

    /// <summary>How long a turn to read is waited for at a time.</summary>
    public static readonly TimeSpan TurnLimit = TimeSpan.FromSeconds(3);

    /// <summary>The stream's end, once it is known that the caller may see it; null: there is no stream.</summary>
    /// <exception cref="RefusedException">There is no such stream for the caller.</exception>
    /// <exception cref="StreamGoneException">It was deleted.</exception>
    public static async Task<LastEvents?> EndAsync(this StreamEngine engine, HttpContext caller, EngineAccess access, StreamId stream, CancellationToken ct)
    {
        if (StreamScope.Of(caller) is { } scope) await scope.CheckAsync(access.Owners, stream, ct);
        return await engine.Log.ReadEndAsync(stream, ct);
    }

    /// <summary>Where what a client has ends.</summary>
    /// <exception cref="LogUnavailableException">What can be read now does not reach so far.</exception>
    public static async Task<StreamHead> HeadAtAsync(this StreamLog log, StreamId stream, Revision has, CancellationToken ct)
    {
        if (has == Revision.None) return StreamHead.None;
        return await log.ReadBackAsync(stream, has, 1, ct) is [var there]
            ? there.Head
            : throw new LogUnavailableException("What the client has is not there.");
    }
}
