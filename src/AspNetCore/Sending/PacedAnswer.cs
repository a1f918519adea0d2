using System.Buffers;
using System.IO.Pipelines;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// The one way a long answer goes out: so much is handed to the server at a time, and more when the client has taken
/// it. A client that takes nothing for a while is cut; one that takes little is not. One that has taken nearly all that
/// it was handed gets more at a time, within the node's budget: each hand-over costs a wait.
/// </summary>
/// <param name="limit">How long a client may take nothing of what waits for it.</param>
/// <param name="takesNothing">What happens then, instead of a cut.</param>
internal sealed class PacedAnswer(HttpContext http, TimeSpan limit, TimeProvider time, Action? takesNothing = null) : IDisposable
{
    /// <summary>Bytes handed to the server at once; of a reading that has a turn up to
    /// <see cref="MostBytes"/>.</summary>
    public const int FlushBytes = 64 * 1024;

    private const int MostBytes = 1024 * 1024;

    /// <summary>What goes ahead of an answer that goes at once: less than what the server waits with until it is
    /// sent.</summary>
    private const int AheadBytes = 32 * 1024;

    /// <summary>An answer that goes at once is copied into blocks of this size, not into the server's own of 4 KiB:
    /// each takes a lock, and is a piece of its own to the system.</summary>
    private const int BlockBytes = (32 * 1024) - ChunkBytes;

    /// <summary>What a block of an answer of unknown length takes beside its bytes; what is longer than a block of the
    /// server's is from a pool whose sizes are powers of two.</summary>
    private const int ChunkBytes = 16;

    private const int ServersBlockBytes = 4 * 1024;

    private readonly PipeWriter writer = Unhurried(http).BodyWriter;
    private TakeWatch? watch;
    private TextReading? turn;
    private int most = FlushBytes;
    private long handed;
    private long? takenBefore;

    public PipeWriter Writer => writer;

    /// <summary>Enough has been written to be flushed.</summary>
    public bool IsFull => writer.UnflushedBytes >= most;

    /// <summary>What is handed over beyond <see cref="FlushBytes"/> counts for this reading, until it is another or
    /// null. An answer that is not long goes at once, where there is so much to spare.</summary>
    /// <param name="bytes">Of the whole answer; null: not known.</param>
    /// <returns>Whether it goes at once.</returns>
    public bool CountFor(TextReading? reading, long? bytes = null)
    {
        (turn, most, handed, takenBefore) = (reading, FlushBytes, 0, null);
        if (bytes is null or > MostBytes || reading is null) return false;
        if (bytes > FlushBytes && !reading.TryHold(bytes.Value - FlushBytes)) return false;
        most = MostBytes;
        return true;
    }

    /// <summary>Sends an answer that goes at once. Its beginning goes ahead: while the client wakes for it, the rest is
    /// written.</summary>
    /// <returns>False: the client is gone.</returns>
    public async ValueTask<bool> WriteAtOnceAsync(IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        var isBegun = false;
        foreach (var part in parts)
        {
            var rest = part;
            if (!isBegun && rest.Length > AheadBytes)
            {
                isBegun = true;
                Copy(rest.Span[..AheadBytes]);
                rest = rest[AheadBytes..];
                if (!await FlushAsync()) return false;
            }

            Copy(rest.Span);
        }

        return await FlushAsync();
    }

    /// <summary>Writes, and flushes as often as enough is there.</summary>
    /// <returns>False: the client is gone.</returns>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (turn is not null && most < MostBytes) Grow();
            var unflushed = (int)writer.UnflushedBytes;
            var count = Math.Clamp(most - unflushed, 1, bytes.Length);
            var part = bytes[..count];
            bytes = bytes[count..];
            handed += count;
            Copy(part.Span);
            if (IsFull && !await FlushAsync()) return false;
        }

        return true;
    }

    /// <summary>Waits for a client that is behind, and for nothing else: a server cuts the connection whose flush is
    /// cancelled. What is to end this answer otherwise is looked at behind a flush.</summary>
    /// <returns>False: the client is gone.</returns>
    public ValueTask<bool> FlushAsync() => WatchAsync(writer.FlushAsync(http.RequestAborted));

    public void Dispose() => watch?.Dispose();

    /// <summary>The server's own rule of so many bytes a second does not know what was written block by block, and cuts
    /// a client that is slow: the rule here is that it takes something.</summary>
    private static HttpResponse Unhurried(HttpContext http)
    {
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        return http.Response;
    }

    private void Copy(ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length > ServersBlockBytes; bytes = bytes[Math.Min(bytes.Length, BlockBytes)..])
        {
            var block = bytes[..Math.Min(bytes.Length, BlockBytes)];
            block.CopyTo(writer.GetSpan(block.Length));
            writer.Advance(block.Length);
        }

        writer.Write(bytes);
    }

    private static bool IsThere(FlushResult flushed) => !flushed.IsCompleted && !flushed.IsCanceled;

    /// <summary>What a client's machine has taken says that it can take more; that the server was rid of it does not,
    /// for the system keeps some for a client that takes nothing.</summary>
    private void Grow()
    {
        if (TakenBytes.Of(http) is not { } now) return;
        takenBefore ??= now;
        if (handed == 0 || (now - takenBefore) * 4 < handed * 3) return;
        if (turn!.TryHold(MostBytes - most)) most = MostBytes;
    }

    private ValueTask<bool> WatchAsync(ValueTask<FlushResult> flush) =>
        flush.IsCompletedSuccessfully ? new(IsThere(flush.Result)) : WatchedAsync(flush);

    private async ValueTask<bool> WatchedAsync(ValueTask<FlushResult> flush)
    {
        watch ??= new TakeWatch(() => TakenBytes.Of(http), limit, time, takesNothing ?? http.Abort);
        watch.Begin();
        try
        {
            return IsThere(await flush);
        }
        finally
        {
            watch.End();
        }
    }
}
