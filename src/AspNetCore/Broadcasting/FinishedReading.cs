using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>One ended stream that is being read for all requests that wait for it. Guarded by the lock of
/// <see cref="FinishedStreams"/>.</summary>
#pragma warning disable CA1001 // Its source has no timer and is linked to nothing, so it holds nothing; a late stop must not fail.
internal sealed class FinishedReading(RecordedEvent last)
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource stop = new();

    internal RecordedEvent Last => last;

    internal (StreamId Stream, ChainHash Head) Key => (last.Stream, last.Hash);

    internal Task<ReadOnlyMemory<byte>> Frames { get; set; } = null!;

    /// <summary>Requests that wait for it.</summary>
    public int Waiting { get; set; }

    public CancellationToken Stopped => stop.Token;

    public void Stop() => stop.Cancel();
}
