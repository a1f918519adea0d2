using System.Diagnostics;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// The way from a request to the engine. The server listens before its log has answered, so there may be none yet: the
/// host that opens the engine sets it here, and takes it away before it stops it.
/// </summary>
internal sealed class EngineAccess : IDisposable
{
    private volatile Served? served;
    private volatile string whyNot = "The event log has not been opened yet.";
    private CancellationTokenSource cleared = new();

    /// <exception cref="LogUnavailableException">There is no engine now: requests are answered 503, followers
    /// wait.</exception>
    public StreamEngine Current => Now.Engine;

    /// <summary>
    /// Fires when the engine is taken away: what still waits on it is to end. Not when the server begins to stop:
    /// followers are to see the endings that the stop writes.
    /// </summary>
    internal CancellationToken Cleared => Volatile.Read(ref cleared).Token;

    internal RequestsUnderWay UnderWay { get; } = new();

    /// <summary>What requests join that are to be cut once the engine is taken away.</summary>
    internal RequestCuts Cuts { get; init; } = new(TimeProvider.System);

    /// <inheritdoc cref="Current"/>
    internal StreamBroadcasts Broadcasts => Now.Broadcasts;

    /// <inheritdoc cref="Current"/>
    internal StreamPieces Pieces => Now.Pieces;

    /// <inheritdoc cref="Current"/>
    internal TextSlices Texts => Now.Texts;

    /// <inheritdoc cref="Current"/>
    internal ContinuedUploads Uploads => Now.Uploads;

    /// <inheritdoc cref="Current"/>
    internal StreamOwners Owners => Now.Owners;

    /// <summary>The engine's clock, or the system's while there is none.</summary>
    internal TimeProvider Time => served?.Engine.Time ?? TimeProvider.System;

    /// <summary>There was an engine, and it has been taken away: the server stops, unless another is set.</summary>
    internal bool IsCleared { get; private set; }

    private Served Now => served ?? throw new LogUnavailableException(whyNot);

    /// <summary>Why the log does not take this node's writes now, in words for any client; null: it does, or nothing is
    /// known.</summary>
    internal string? Problem => served?.Engine.Problem;

    /// <summary>Notes a follower of a stream, until what is returned is disposed; null: there is no engine yet, and so
    /// nothing runs.</summary>
    internal IDisposable? Followed(StreamId stream) => served?.Engine.Drivers.Followers.Enter(stream);

    /// <summary>Links a follower's span to its stream's drive, until what is returned is disposed; null: nothing is to
    /// be linked.</summary>
    internal IDisposable? Linked(StreamId stream, Activity? follower) => served?.Engine.Telemetry.Links.Follow(stream, follower);

    public void Set(StreamEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var pieces = new StreamPieces(engine.Log, engine.Memory);
        var texts = new TextSlices(pieces, new EventPositions(engine.Log), engine.Memory, engine.Time);
        served = new Served(engine, new StreamBroadcasts(engine), pieces, texts, new StreamOwners(engine.Log));
        IsCleared = false;
        Cuts.GoOn();
    }

    /// <summary>Says why there is no engine yet, for health.</summary>
    internal void Waiting(string why) => whyNot = why;

    /// <summary>From now on there is no engine. Returns when nothing of ours reads its log any more; its followers'
    /// requests end.</summary>
    public async Task ClearAsync()
    {
        IsCleared = true;
        var last = Interlocked.Exchange(ref served, null);
        if (last is not null)
        {
            await last.Broadcasts.DisposeAsync();
            await last.Pieces.DisposeAsync();
            last.Owners.Dispose();
        }

        Cuts.CutSoon();
        await Interlocked.Exchange(ref cleared, new CancellationTokenSource()).CancelAsync();
    }

    public void Dispose() => cleared.Dispose();

    private sealed record Served(
        StreamEngine Engine, StreamBroadcasts Broadcasts, StreamPieces Pieces, TextSlices Texts, StreamOwners Owners)
    {
        public ContinuedUploads Uploads { get; } = new();
    }
}
