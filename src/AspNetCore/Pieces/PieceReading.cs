namespace EventSourcedStreams.AspNetCore;

/// <summary>One piece that is being read for all requests that wait for it. Guarded by the lock of
/// <see cref="StreamPieces"/>.</summary>
#pragma warning disable CA1001 // Its source has no timer and is linked to nothing, so it holds nothing; a late stop must not fail.
internal sealed class PieceReading((PieceKey Key, bool FromLeader) wanted)
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource stop = new();

    public (PieceKey Key, bool FromLeader) Wanted => wanted;

    public Task<TextPiece> Piece { get; set; } = null!;

    /// <summary>Requests that wait for it.</summary>
    public int Waiting { get; set; }

    public CancellationToken Stopped => stop.Token;

    public void Stop() => stop.Cancel();
}
