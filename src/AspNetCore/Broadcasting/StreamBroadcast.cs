using System.Buffers;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// One stream's live events for all its observers on this node: one subscription, each frame encoded once. It starts
/// where its first observer stands.
/// </summary>
internal sealed class StreamBroadcast : IAsyncDisposable
{
    /// <summary>Frames kept for observers that join: one that has just read the log to its end finds its place among
    /// them.</summary>
    private const int RecentFrames = 128;
    private const int RecentBytes = 256 * 1024;

    /// <summary>Observers that one thread wakes in a row: each writes and hands over, which takes a microsecond or two.
    /// Fewer in a row would wake more threads, each of which then looks for more work in vain.</summary>
    private const int WokenInARow = 128;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How long a server that stops waits for an ending to be read that is in the log.</summary>
    private static readonly TimeSpan EndingLimit = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly HashSet<BroadcastObserver> observers = [];
    private readonly Queue<BroadcastFrame> recent = [];
    private readonly CancellationTokenSource stop = new();
    private readonly StreamLog log;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly TextMemory? memory;
    private readonly Task loop;
    private BroadcastFrame tail;

    /// <param name="memory">The node's budget, of which the frames that are kept are a part.</param>
    public StreamBroadcast(StreamId stream, Revision after, StreamLog log, TimeProvider time, ILogger? logger = null, TextMemory? memory = null)
    {
        this.memory = memory;
        (Stream, this.log, this.time, this.logger) = (stream, log, time, logger ?? NullLogger.Instance);
        tail = new BroadcastFrame(BroadcastFrameKind.Comment, after, ReadOnlyMemory<byte>.Empty, 0) { WithParts = ReadOnlyMemory<byte>.Empty };
        recent.Enqueue(tail);
        loop = RunAsync(stop.Token);
    }

    public StreamId Stream { get; }

    /// <summary>The frame after which an observer goes on; what it has already, it skips. Null: it has to read the log
    /// further first.</summary>
    public BroadcastFrame? TryJoin(BroadcastObserver observer, Revision has)
    {
        lock (gate)
        {
            // Nothing comes after the last frame: an observer that has not been told of the end finds it in the log.
            if (tail.After <= has && tail.Kind is (BroadcastFrameKind.Last or BroadcastFrameKind.Broken)) return null;
            var from = tail.After <= has ? tail : recent.LastOrDefault(frame => frame.After == has);
            if (from is null) return null;
            (observer.Sent, observer.Place) = (from.EndOffset, from);
            observers.Add(observer);
            return from;
        }
    }

    /// <summary>How many are left.</summary>
    public int Leave(BroadcastObserver observer)
    {
        lock (gate)
        {
            observers.Remove(observer);
            return observers.Count;
        }
    }

    /// <summary>Where the log has the stream's ending, its observers are told of it before they are let go: the loop is
    /// about to read it.</summary>
    public async Task TellEndingAsync()
    {
        using var limit = new CancellationTokenSource(EndingLimit, time);
        try
        {
            if (!loop.IsCompleted && await log.ReadEndAsync(Stream, limit.Token) is { Decisive.Event.IsEnding: true })
                await loop.WaitAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or LogUnavailableException or LogDamagedException or StreamGoneException)
        {
            // They come again, and read what there is.
        }
    }

    /// <summary>Ends the requests of the observers that are still here.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        stop.Dispose();
        lock (gate)
            while (recent.TryDequeue(out var frame)) memory?.Release(frame.WithParts.Length);
    }

    private async Task RunAsync(CancellationToken ct)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await using var ticks = time.CreateTimer(_ => Publish(BroadcastFrameKind.Comment, null, Sse.Comment), null, Sse.KeepAlive, Sse.KeepAlive);
        try
        {
            while (!await FollowedAsync(ct))
            {
                Publish(BroadcastFrameKind.Away, null, Sse.LogIsAway);
                await Task.Delay(Pause, time, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Publish(BroadcastFrameKind.Last, null, []);
        }
        catch (Exception e)
        {
            // A client that comes again reads the log itself, and gets what is wrong with it as an answer.
            logger.BroadcastFailed(Stream, e);
            Publish(BroadcastFrameKind.Broken, null, []);
        }
    }

    /// <summary>True: to the end. False: the log went away, and what comes next is not known.</summary>
    private async Task<bool> FollowedAsync(CancellationToken ct)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        try
        {
            await foreach (var next in log.FollowAsync(Stream, tail.After, ct))
            {
                var recorded = next.IsForDeletion ? await log.DeletionAfterAsync(next, ct) ?? next : next;
                var isLast = recorded.Event.IsEnding || recorded.Event is StreamEvent.StreamDeleted;
                bytes.ResetWrittenCount();
                var part = recorded.Event as StreamEvent.PartEvent;
                if (part is null) Frames.Write(bytes, recorded);
                else PartFrames.Write(bytes, recorded.Revision, part);
                Publish(isLast ? BroadcastFrameKind.Last : BroadcastFrameKind.Event, recorded.Revision, bytes.WrittenSpan, isOfPart: part is not null);
                if (isLast) return true;
            }

            return false;
        }
        catch (StreamGoneException)
        {
            bytes.ResetWrittenCount();
            Frames.Gone(bytes);
            Publish(BroadcastFrameKind.Last, null, bytes.WrittenSpan);
            return true;
        }
        catch (LogDamagedException e) when (e.ForeignType is not null)
        {
            bytes.ResetWrittenCount();
            Frames.Foreign(bytes, e);
            Publish(BroadcastFrameKind.Last, null, bytes.WrittenSpan);
            return true;
        }
        catch (LogUnavailableException)
        {
            return false;
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            logger.FollowingCancelled(Stream, e);                                // by a deadline that is not ours
            return false;
        }
    }

    /// <param name="isOfPart">Whether only observers get it that ask for parts.</param>
    private void Publish(BroadcastFrameKind kind, Revision? after, ReadOnlySpan<byte> bytes, bool isOfPart = false)
    {
        BroadcastObserver[] woken;
        lock (gate)
        {
            if (tail.Kind is BroadcastFrameKind.Last or BroadcastFrameKind.Broken) return;
            var own = bytes.ToArray();
            var frame = new BroadcastFrame(kind, after ?? tail.After, isOfPart ? [] : own, tail.EndOffset + bytes.Length) { WithParts = own };
            recent.Enqueue(frame);
            memory?.Hold(bytes.Length);
            while (recent.Count > RecentFrames || frame.EndOffset - recent.Peek().EndOffset > RecentBytes) memory?.Release(recent.Dequeue().WithParts.Length);
            tail.Link(frame);
            tail = frame;
            woken = [.. observers.Where(observer => observer.StopWaiting())];
            foreach (var slow in observers.Where(observer => observer.IsTooSlow(frame.EndOffset)).ToArray())
            {
                observers.Remove(slow);
                slow.FallBehind();
            }
        }

        for (var first = 0; first < woken.Length; first += WokenInARow)
            ThreadPool.UnsafeQueueUserWorkItem(WakeAll, new ArraySegment<BroadcastObserver>(woken, first, Math.Min(WokenInARow, woken.Length - first)), preferLocal: false);
    }

    private static void WakeAll(ArraySegment<BroadcastObserver> observers)
    {
        foreach (var observer in observers) observer.Wake();
    }
}

internal static partial class BroadcastLog
{
    [LoggerMessage(220, LogLevel.Error, "Stream {Stream} cannot be followed on; its observers are cut")]
    public static partial void BroadcastFailed(this ILogger logger, StreamId stream, Exception exception);

    [LoggerMessage(221, LogLevel.Warning, "Following stream {Stream} was cancelled by the event log; it goes on")]
    public static partial void FollowingCancelled(this ILogger logger, StreamId stream, Exception exception);
}
