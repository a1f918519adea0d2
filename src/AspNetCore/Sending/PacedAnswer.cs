using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// The one way a long answer goes out: so much is handed to the server at a time, and more when the client has taken
/// it. A client that takes nothing for a while is cut; one that takes little is not.
/// </summary>
/// <param name="limit">How long a client may take nothing of what waits for it.</param>
/// <param name="takesNothing">What happens then, instead of a cut.</param>
internal sealed class PacedAnswer(HttpContext http, TimeSpan limit, TimeProvider time, Action? takesNothing = null) : IDisposable
{
    /// <summary>Bytes handed to the server at once.</summary>
    public const int FlushBytes = 64 * 1024;

    /// <summary>How often it is looked, within the limit.</summary>
    private const int Looks = 4;

    private readonly PipeWriter writer = http.Response.BodyWriter;
    private readonly Lock gate = new();
    private ITimer? timer;
    private bool isWaiting;
    private int looks;
    private long? taken;

    public PipeWriter Writer => writer;

    /// <summary>Enough has been written to be flushed.</summary>
    public bool IsFull => writer.UnflushedBytes >= FlushBytes;

    /// <summary>Writes, and flushes as often as enough is there.</summary>
    /// <returns>False: the client is gone.</returns>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        while (!bytes.IsEmpty)
        {
            var count = (int)Math.Clamp(FlushBytes - writer.UnflushedBytes, 1, bytes.Length);
            writer.Write(bytes.Span[..count]);
            bytes = bytes[count..];
            if (IsFull && !await FlushAsync(ct)) return false;
        }

        return true;
    }

    /// <returns>False: the client is gone.</returns>
    public ValueTask<bool> FlushAsync(CancellationToken ct)
    {
        var flush = writer.FlushAsync(ct);
        return flush.IsCompletedSuccessfully ? new(IsThere(flush.Result)) : WatchedAsync(flush);
    }

    public void Dispose()
    {
        lock (gate)
        {
            isWaiting = false;
            timer?.Dispose();
        }
    }

    private static bool IsThere(FlushResult flushed) => !flushed.IsCompleted && !flushed.IsCanceled;

    private async ValueTask<bool> WatchedAsync(ValueTask<FlushResult> flush)
    {
        lock (gate)
        {
            (isWaiting, looks, taken) = (true, 0, TakenBytes.Of(http));
            timer ??= time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            timer.Change(limit / Looks, limit / Looks);
        }

        try
        {
            return IsThere(await flush);
        }
        finally
        {
            lock (gate)
            {
                isWaiting = false;
                timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Look()
    {
        // Within the lock: once the flush has returned, the request may be another one's.
        lock (gate)
        {
            if (!isWaiting) return;
            var now = TakenBytes.Of(http);
            looks = now == taken ? looks + 1 : 0;
            taken = now;
            if (looks < Looks) return;
            isWaiting = false;
            (takesNothing ?? http.Abort)();
        }
    }
}
