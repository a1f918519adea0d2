using System.Buffers;
using System.IO.Pipelines;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// An upload that goes on over several connections, while one node drives its stream. One connection at a time has its
/// turn: a later one fences an earlier one, which counts nothing more from then on. What a connection has handed over
/// stays, also when it is cut.
/// </summary>
internal sealed class ContinuedUpload
{
    /// <summary>Bytes between connection and source; a connection is not read on while so many wait.</summary>
    private const int WaitingBytes = 64 * 1024;

    private readonly Lock gate = new();
    private readonly Pipe pipe = new(new PipeOptions(
        pauseWriterThreshold: WaitingBytes, resumeWriterThreshold: WaitingBytes / 2, useSynchronizationContext: false));

    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private UploadTurn? current;
    private long received;
    private bool isComplete;

    public ContinuedUpload() => Body = new ContinuedBody(pipe.Reader.AsStream());

    /// <summary>For the source: all connections' bytes, each of them once, until a connection says that they are
    /// all.</summary>
    public Stream Body { get; }

    /// <summary>Completes when the stream has its ending, or could not be claimed.</summary>
    public Task Ended => ended.Task;

    /// <summary>Bytes that were handed over.</summary>
    public long Received => Interlocked.Read(ref received);

    /// <summary>All bytes are here.</summary>
    public bool IsComplete => Volatile.Read(ref isComplete);

    /// <summary>Waits until the connection before has left, which it does at once.</summary>
    public async Task<UploadTurn> BeginTurnAsync()
    {
        var turn = new UploadTurn(this);
        UploadTurn? before;
        lock (gate) (before, current) = (current, turn);
        if (before is not null) await before.FenceAsync();
        if (ended.Task.IsCompleted) turn.Stop();
        return turn;
    }

    /// <summary>The stream has its ending: nothing more is taken, and what was not read is let go.</summary>
    public async Task CloseAsync()
    {
        ended.TrySetResult();
        UploadTurn? last;
        lock (gate) last = current;
        last?.Stop();
        await pipe.Reader.CompleteAsync();
    }

    /// <returns>False: the stream has its ending.</returns>
    internal async ValueTask<bool> HandOverAsync(ReadOnlyMemory<byte> bytes, CancellationToken fenced)
    {
        pipe.Writer.Write(bytes.Span);
        Interlocked.Add(ref received, bytes.Length);
        var flushing = pipe.Writer.FlushAsync(CancellationToken.None); // cancelled, it would not wake the source
        if (flushing.IsCompleted) return !(await flushing).IsCompleted;
        using var cancelling = fenced.UnsafeRegister(static writer => ((PipeWriter)writer!).CancelPendingFlush(), pipe.Writer);
        return !(await flushing).IsCompleted;
    }

    internal async ValueTask CompleteAsync()
    {
        Volatile.Write(ref isComplete, true);
        await pipe.Writer.CompleteAsync();
    }

    internal void Leave(UploadTurn turn)
    {
        lock (gate)
            if (current == turn) current = null;
    }

    /// <summary>For no other source: its bytes are the text's, so that an offset in one is an offset in the
    /// other.</summary>
    private sealed class ContinuedBody(Stream bytes) : ReadOnlyStream, ICheckedBody
    {
        public void Check(ITextSource source)
        {
            if (source is not UploadSource)
                throw new InvalidInputException("continue", $"Only an upload can be continued, not the source '{source.Name}'. Leave 'continue' out.");
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            bytes.ReadAsync(buffer, cancellationToken);
    }
}
