using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// One observer: reads the log to its end in large frames, then goes on in the stream's broadcast. While the log is
/// away it waits, because a browser's EventSource gives up for ever on any answer but 200.
/// </summary>
internal sealed class ObserverConnection(HttpContext http, EngineAccess access, StreamId stream, Cursor cursor, TextStreamsHttpOptions options)
{
    /// <summary>Bytes handed to the server at once: a client that does not read stops the sending here.</summary>
    private const int FlushBytes = 64 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>For how many pauses a request waits for another engine when the server has taken its own
    /// away.</summary>
    private const int PausesWithoutEngine = 2;

    /// <summary>How long the log may take to say what is there; after that it counts as away, and the client is
    /// answered.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(3);

    private readonly PipeWriter writer = http.Response.BodyWriter;
    private Revision has = cursor.After;
    private bool isLeft;
    private (ChainHash Head, Task<ReadOnlyMemory<byte>?> Frames)? asked;

    /// <param name="ct">The client is gone, or the server stops.</param>
    public async Task<IResult> RunAsync(CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            return await AnswerAsync(over.Token);
        }
        finally
        {
            await over.CancelAsync();                                            // what was asked for and did not come in time
        }
    }

    private async Task<IResult> AnswerAsync(CancellationToken ct)
    {
        var (isChecked, pauses) = (false, 0);
        while (true)
        {
            try
            {
                var engine = access.Current;
                if (!isChecked)
                {
                    var last = await LastAsync(engine, ct);
                    if (Refused(last) is { } answer) return AnswerOrEnd(answer);
                    StreamTracing.LinkFollower(Activity.Current, last!);
                    if (await IsSentWholeAsync(engine, last!, ct)) return Results.Empty;
                    isChecked = true;
                }

                await FollowAsync(engine, ct);
                return Results.Empty;
            }
            catch (LogUnavailableException)
            {
                writer.Write(Sse.LogIsAway);
                if (!await BegunAndFlushedAsync(ct)) return Results.Empty;

                // The engine has been taken away, and no other comes: the client does better to come again, here or on
                // another node.
                if (access.IsCleared && ++pauses > PausesWithoutEngine) return Results.Empty;
                await Task.Delay(Pause, TimeProvider.System, ct);                // there may be no engine, and so no clock of its own
            }
            catch (LogDamagedException e) when (e.ForeignType is not null)
            {
                // The stream's end is another program's: what stands before it is sent first.
                if (!isChecked && IsBehindText(e)) isChecked = true;
                else return await ForeignAsync(e, ct);
            }
            catch (RefusedException) when (http.Response.HasStarted)
            {
                return Results.Empty;                                            // the log was away at first; coming again gets the refusal
            }
            catch (StreamGoneException) when (http.Response.HasStarted)
            {
                Frames.Gone(writer);
                await FlushedAsync(ct);
                return Results.Empty;
            }
        }
    }

    /// <summary>The same without the events: what a GET would be answered with.</summary>
    public async Task<IResult> HeadAsync(CancellationToken ct)
    {
        try
        {
            var engine = access.Current;
            if (Refused(await LastAsync(engine, ct)) is { } answer) return answer;
        }
        catch (LogUnavailableException)
        {
            // Observers are answered all the same, and wait.
        }
        catch (LogDamagedException e) when (IsBehindText(e))
        {
            // They get what stands before it.
        }

        Sse.Answer(http.Response, stream);
        return Results.Empty;
    }

    /// <summary>What does not answer in time is not waited for any longer: the next attempt asks anew.</summary>
    private async Task<RecordedEvent?> LastAsync(StreamEngine engine, CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            return await InTimeAsync(ReadAsync(over.Token), engine, ct);
        }
        finally
        {
            await over.CancelAsync();
        }

        async Task<RecordedEvent?> ReadAsync(CancellationToken token)
        {
            if (StreamScope.Of(http) is { } scope) await scope.CheckAsync(access.Owners, stream, token);
            return (await engine.Log.ReadEndAsync(stream, token))?.Decisive;
        }
    }

    /// <summary>A text that does not come in time is asked for once: the next attempt waits for the same
    /// reading.</summary>
    private Task<ReadOnlyMemory<byte>?> FramesAsync(StreamEngine engine, RecordedEvent last, CancellationToken ct)
    {
        if (asked is not { Frames: { IsFaulted: false, IsCanceled: false } frames } before || before.Head != last.Hash)
            asked = (last.Hash, frames = access.Finished.FindAsync(last, ct).AsTask());
        return InTimeAsync(frames, engine, ct);
    }

    private static async Task<T> InTimeAsync<T>(Task<T> answer, StreamEngine engine, CancellationToken ct)
    {
        try
        {
            return await answer.WaitAsync(AnswerLimit, engine.Time, ct);
        }
        catch (TimeoutException)
        {
            throw new LogUnavailableException("The event log did not answer in time.");
        }
    }

    /// <summary>Null: there is something to follow.</summary>
    private IResult? Refused(RecordedEvent? last) => StreamState.After(last) switch
    {
        StreamState.Missing => Refusals.UnknownStream(stream),
        StreamState.Deleted => Refusals.Deleted(),
        StreamState.Ended when has >= last!.Revision => Results.NoContent(),
        _ when has > last!.Revision => Refusals.CursorPastEnd(cursor.Field, has, last.Revision),
        _ => null,
    };

    /// <summary>Whether another program's event stands behind something that the observer does not have.</summary>
    private bool IsBehindText(LogDamagedException e) => e.ForeignType is not null && has.Value + 1 < e.Revision;

    /// <summary>An answer that has begun ends with an error of that name; a client that comes again, as browsers do, gets
    /// a refusal.</summary>
    private async Task<IResult> ForeignAsync(LogDamagedException e, CancellationToken ct)
    {
        if (!http.Response.HasStarted) throw e;
        Frames.Foreign(writer, e);
        await FlushedAsync(ct);
        return Results.Empty;
    }

    /// <summary>An observer that comes to an ended stream from its beginning gets the frames that all such observers
    /// get.</summary>
    private async Task<bool> IsSentWholeAsync(StreamEngine engine, RecordedEvent last, CancellationToken ct)
    {
        if (has != Revision.None || last.IsForDeletion) return false;
        if (await FramesAsync(engine, last, ct) is not { } frames) return false;
        if (!http.Response.HasStarted) Sse.Answer(http.Response, stream);
        await writer.WriteAsync(frames, ct);
        return true;
    }

    /// <summary>Once the answer has begun, coming again is what gets the client its refusal.</summary>
    private IResult AnswerOrEnd(IResult answer) => http.Response.HasStarted ? Results.Empty : answer;

    private async Task FollowAsync(StreamEngine engine, CancellationToken ct)
    {
        while (true)
        {
            var before = has;
            if (await CaughtUpAsync(engine, ct) || isLeft) return;
            await using var cut = engine.Time.CreateTimer(_ => http.Abort(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            var observer = new BroadcastObserver(options.ObserverQueueBytes, () => cut.Change(options.ObserverTakeLimit, Timeout.InfiniteTimeSpan));
            if (access.Broadcasts.TryJoin(stream, has, observer) is { } seat)
            {
                await using (seat)
                    if (await WatchAsync(seat, ct)) return;
                continue;
            }

            // The broadcast is ahead of this observer. What is near may lag: reading it again at once would be no use.
            if (before == has) await Task.Delay(TimeSpan.FromMilliseconds(20), engine.Time, ct);
        }
    }

    /// <returns>True: the stream's end was among what was read.</returns>
    private async Task<bool> CaughtUpAsync(StreamEngine engine, CancellationToken ct)
    {
        var joined = new JoinedText(writer);
        var (before, isOver) = (has, false);
        try
        {
            await foreach (var recorded in engine.Log.ReadAsync(stream, has, ReadFrom.Anywhere, ct))
            {
                // Its broadcast waits for the deletion, so that all are told the same.
                if (recorded.IsForDeletion) break;
                joined.Add(recorded);
                has = recorded.Revision;
                isOver = recorded.Event.IsEnding || recorded.Event is StreamEvent.StreamDeleted;
                if (isOver) break;
                if (writer.UnflushedBytes >= FlushBytes && !await BegunAndFlushedAsync(ct)) return false;
            }
        }
        catch (Exception e) when (e is not OperationCanceledException && has > before)
        {
            // What was read before the fault is good, and counts as sent.
            joined.Finish();
            await BegunAndFlushedAsync(ct);
            throw;
        }

        joined.Finish();
        await BegunAndFlushedAsync(ct);
        return isOver;
    }

    /// <returns>False: the text came in a burst, or faster than it is read. The log has it, in larger frames.</returns>
    private async Task<bool> WatchAsync(BroadcastSeat seat, CancellationToken ct)
    {
        var (frame, observer) = (seat.From, seat.Observer);
        await using var stop = ct.UnsafeRegister(static state => WakeCancelled((BroadcastObserver)state!), observer);
        while (true)
        {
            await observer.NextAsync(frame, ct);
            ct.ThrowIfCancellationRequested();
            while (frame.Next is { } next && writer.UnflushedBytes < FlushBytes)
            {
                frame = next;
                if (frame.Kind is BroadcastFrameKind.Broken) http.Abort();
                if (frame.Kind is BroadcastFrameKind.Comment || frame.After > has || frame.Kind is BroadcastFrameKind.Last) writer.Write(frame.Bytes.Span);
                has = frame.After > has ? frame.After : has;
            }

            if (!await FlushedAsync(ct) || frame.Kind is BroadcastFrameKind.Last or BroadcastFrameKind.Broken) return true;
            if (observer.IsBehind) return false;
            observer.Sent = frame.EndOffset;
        }
    }

    private static void WakeCancelled(BroadcastObserver observer)
    {
        if (observer.StopWaiting()) ThreadPool.UnsafeQueueUserWorkItem(static o => o.Wake(), observer, preferLocal: false);
    }

    private ValueTask<bool> BegunAndFlushedAsync(CancellationToken ct)
    {
        if (!http.Response.HasStarted) Sse.Answer(http.Response, stream);
        return FlushedAsync(ct);
    }

    private async ValueTask<bool> FlushedAsync(CancellationToken ct)
    {
        var flushed = await writer.FlushAsync(ct);
        isLeft = flushed.IsCompleted || flushed.IsCanceled;
        return !isLeft;
    }
}
