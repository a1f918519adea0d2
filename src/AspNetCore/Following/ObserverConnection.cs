using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// One observer: gets what there is in pieces, then goes on in the stream's broadcast. While the log is away, or the
/// memory for texts is used up, it waits, because a browser's EventSource gives up for ever on any answer but 200.
/// </summary>
/// <param name="form">Null: the events as all observers share them.</param>
internal sealed class ObserverConnection(
    HttpContext http, EngineAccess access, StreamId stream, AskedCursor cursor, TextStreamsHttpOptions options, OwnEvents? form = null) : IDisposable
{
    /// <summary>How long the log may take to say what is there; after that it counts as away, and the client is
    /// answered.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(3);

    private readonly PacedAnswer answer = new(http, options.TakeLimit, access.Time);
    private Revision has = cursor.After;
    private int pausesWithoutEngine;
    private bool isChecked;
    private bool isLeft;
    private bool isRetrySaid;

    private PieceKind Kind => form?.Parts is null ? PieceKind.Events : PieceKind.EventsWithParts;

    private PipeWriter Writer => answer.Writer;

    /// <summary>Follows until the stream ends, the client is gone, or the server stops; disposes itself then.</summary>
    /// <param name="cleared">The engine is taken away.</param>
    /// <remarks>An observer that waits for what comes keeps the state of this alone: what read and joined is over by
    /// then. Only its client's leaving is told to it; that the server stops its broadcast says, and what waits for a
    /// client then is cut like any answer.</remarks>
    /// <returns>An <see cref="IResult"/>; as what endpoints return at the last, which saves a state.</returns>
    public async ValueTask<object?> RunAsync(CancellationToken cleared)
    {
        using var span = StreamTracing.StartFollow(stream);
        using var followed = access.Followed(stream);
        using var linked = access.Linked(stream, span);
        try
        {
            while (true)
            {
                var observer = new BroadcastObserver(options.ObserverQueueBytes);
                var (over, seat) = await JoinedAsync(observer, cleared);
                if (seat is null) return over;
                var left = http.RequestAborted.UnsafeRegister(static state => ((BroadcastObserver)state!).WakeSoon(), observer);
                try
                {
                    while (true)
                    {
                        await observer.NextAsync(http.RequestAborted);
                        var taken = WriteFrames(observer); // also when the server stops: what has come is told
                        http.RequestAborted.ThrowIfCancellationRequested();
                        if (taken is not var (isLast, endOffset)) break;         // the log has it, in larger frames
                        if (!await FlushedAsync() || isLast) return Results.Empty;
                        observer.Sent = endOffset;
                    }
                }
                finally
                {
                    await left.DisposeAsync();
                    await seat.DisposeAsync();
                }
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested || cleared.IsCancellationRequested)
        {
            // A server that stops ends the answer well: the client comes again, here or on another node, and goes on
            // where it was.
            return http.Response.HasStarted ? Results.Empty : Refusals.Unavailable("The server is stopping.");
        }
        finally
        {
            Dispose();
        }
    }

    public void Dispose() => answer.Dispose();

    /// <summary>Sends what there is, and joins the stream's broadcast.</summary>
    /// <returns>An answer instead, where nothing more comes.</returns>
    private async Task<(IResult? Over, BroadcastSeat? Seat)> JoinedAsync(BroadcastObserver observer, CancellationToken cleared)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, cleared);
        try
        {
            return await JoinedInTimeAsync(observer, over.Token);
        }
        finally
        {
            await over.CancelAsync(); // what was asked for and did not come in time
        }
    }

    /// <param name="ct">The client is gone, or the server stops; cancelled at the end in any case.</param>
    private async Task<(IResult? Over, BroadcastSeat? Seat)> JoinedInTimeAsync(BroadcastObserver observer, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                var engine = access.Current;
                if (!isChecked)
                {
                    var end = await EndAsync(engine, ct);
                    if (Refused(end) is { } answer) return (AnswerOrEnd(answer), null);
                    StreamTracing.LinkFollower(Activity.Current, end!.Decisive);
                    if (await IsSentWholeAsync(engine, end.Decisive, ct) || isLeft) return (Results.Empty, null);
                    isChecked = true;
                }

                TakenBytes.Bound(http);
                return await CaughtUpAndJoinedAsync(engine, observer, ct) is { } seat ? (null, seat) : (Results.Empty, null);
            }
            catch (LogUnavailableException) when (http.Response.ContentLength is null)
            {
                WriteWaiting(Sse.LogIsAway);
                if (!await BegunAndFlushedAsync()) return (Results.Empty, null);

                // The engine has been taken away, and no other comes: the client does better to come again, here or on
                // another node.
                if (access.IsCleared && ++pausesWithoutEngine > FollowStart.PausesWithoutEngine) return (Results.Empty, null);
                // There may be no engine, and so no clock of its own.
                await Task.Delay(FollowStart.Pause, TimeProvider.System, ct);
            }
            catch (LogDamagedException e) when (e.ForeignType is not null)
            {
                // The stream's end is another program's: what stands before it is sent first.
                if (!isChecked && IsBehindText(e)) isChecked = true;
                else return (await ForeignAsync(e), null);
            }
            catch (RefusedException) when (http.Response.HasStarted)
            {
                return (Results.Empty, null); // the log was away at first; coming again gets the refusal
            }
            catch (StreamGoneException) when (http.Response.HasStarted)
            {
                Frames.Gone(Writer);
                await FlushedAsync();
                return (Results.Empty, null);
            }
        }
    }

    /// <summary>The same without the events: what a GET would be answered with.</summary>
    public async Task<IResult> HeadAsync(CancellationToken ct)
    {
        try
        {
            var engine = access.Current;
            if (Refused(await EndAsync(engine, ct)) is { } answer) return answer;
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
    private async Task<LastEvents?> EndAsync(StreamEngine engine, CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            return await InTimeAsync(engine.EndAsync(http, access, stream, over.Token), engine.Time, ct);
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    private static async Task<T> InTimeAsync<T>(Task<T> read, TimeProvider time, CancellationToken ct)
    {
        try
        {
            return await read.WaitAsync(AnswerLimit, time, ct);
        }
        catch (TimeoutException)
        {
            throw new LogUnavailableException("The event log did not answer in time.");
        }
    }

    /// <summary>Null: there is something to follow.</summary>
    private IResult? Refused(LastEvents? end) => FollowRefusals.Of(stream, cursor with { After = has }, end);

    /// <summary>Whether another program's event stands behind something that the observer does not have.</summary>
    private bool IsBehindText(LogDamagedException e) => e.ForeignType is not null && has.Value + 1 < e.Revision;

    /// <summary>An answer that has begun ends with an error of that name; a client that comes again, as browsers do,
    /// gets a refusal.</summary>
    private async Task<IResult> ForeignAsync(LogDamagedException e)
    {
        if (!http.Response.HasStarted) throw e;
        Frames.Foreign(Writer, e);
        await FlushedAsync();
        return Results.Empty;
    }

    /// <summary>An observer that comes to an ended stream from its beginning gets all of it, or an error before its
    /// first byte, or is cut.</summary>
    private async Task<bool> IsSentWholeAsync(StreamEngine engine, RecordedEvent last, CancellationToken ct)
    {
        if (has != Revision.None || last.IsForDeletion || !last.Event.IsEnding) return false;
        using var turn = await EnterAsync(engine, ct);
        if (turn is null) return false;
        var first = new PieceKey(stream, Kind, StreamHead.None);
        var kept = form is null && !http.Response.HasStarted ? access.Pieces.Kept(first, last.Head) : null;
        if (answer.CountFor(turn, kept?.Bytes)) return await IsSentAtOnceAsync(kept!, last);
        TakenBytes.Bound(http);
        var isSent = await IsSentAsync(first, last, kept?.Bytes, isWhole: true, ct);
        answer.CountFor(null);
        return isSent;
    }

    /// <summary>What the system holds of it needs no bound: it is short.</summary>
    private async ValueTask<bool> IsSentAtOnceAsync(KeptPieces kept, RecordedEvent last)
    {
        Begin(kept.Bytes);
        has = last.Revision;
        isLeft = !await answer.WriteAtOnceAsync(kept.All.Select(piece => piece.Bytes));
        answer.CountFor(null);
        return !isLeft;
    }

    /// <summary>Null: the client is gone.</summary>
    private async ValueTask<TextReading?> EnterAsync(StreamEngine engine, CancellationToken ct)
    {
        while (true)
        {
            if (await engine.Memory.EnterAsync(FollowStart.TurnLimit, engine.Time, ct) is { } turn) return turn;
            WriteWaiting(Sse.IsBusy);
            if (!await BegunAndFlushedAsync()) return null;
        }
    }

    /// <summary>Sends the pieces after a key's event.</summary>
    /// <param name="last">The stream's end, which they go to; null: as far as there are any.</param>
    /// <param name="length">Bytes of all of them; null: not known.</param>
    /// <param name="isWhole">A fault keeps back what was read with it: half an answer is none.</param>
    /// <returns>Whether the stream's end was among them.</returns>
    private async Task<bool> IsSentAsync(PieceKey first, RecordedEvent? last, long? length, bool isWhole, CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await using var pieces = access.Pieces.ReadAsync(first, last?.Head, BytesAnEvent(last), over.Token).GetAsyncEnumerator(over.Token);
        while (await NextAsync(pieces, over, ct))
        {
            var piece = pieces.Current;
            if (isWhole) piece.Fault?.Throw();
            if (form?.Parts is { } parts) await parts.LearnAsync(access.Current.Log, stream, piece.Bytes, piece.To.Revision, ct);
            if (!http.Response.HasStarted) Begin(length);
            has = piece.To.Revision;
            isLeft = !await WriteAsync(piece.Bytes);
            if (isLeft || ((piece.IsOver || http.Response.ContentLength is null) && Writer.UnflushedBytes > 0 && !await FlushedAsync())) return false;
            if (piece.IsOver) return true;
        }

        return false;
    }

    /// <param name="length">Where it is known, pieces are joined as they come, without a frame of HTTP for
    /// each.</param>
    private void Begin(long? length)
    {
        Sse.Answer(http.Response, stream);
        http.Response.ContentLength = length;
    }

    /// <summary>The first piece has to come in time, so that the client is answered.</summary>
    private async Task<bool> NextAsync(IAsyncEnumerator<TextPiece> pieces, CancellationTokenSource over, CancellationToken ct)
    {
        var next = pieces.MoveNextAsync().AsTask();
        if (http.Response.HasStarted) return await next;
        try
        {
            return await InTimeAsync(next, access.Time, ct);
        }
        finally
        {
            if (!next.IsCompleted) await over.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static int BytesAnEvent(RecordedEvent? last) =>
        last?.Event is StreamEvent.Ending { Chunks: > 0 and var chunks, Length: var length } ? (int)Math.Clamp(length / chunks, 1, TextLimits.ChunkBytes) : 512;

    /// <summary>Once the answer has begun, coming again is what gets the client its refusal.</summary>
    private IResult AnswerOrEnd(IResult answer) => http.Response.HasStarted ? Results.Empty : answer;

    /// <returns>Null: the client has the stream's end, or is gone.</returns>
    private async Task<BroadcastSeat?> CaughtUpAndJoinedAsync(StreamEngine engine, BroadcastObserver observer, CancellationToken ct)
    {
        if (form is { CountsChars: true, Chars: null } && !await AreCharsCountedAsync(engine, form, ct)) return null;
        while (true)
        {
            var before = has;
            if (await CaughtUpAsync(engine, ct) || isLeft) return null;
            if (access.Broadcasts.TryJoin(stream, has, observer) is { } seat) return seat;

            // The broadcast is ahead of this observer. What is near may lag: reading it again at once would be no use.
            if (before == has) await Task.Delay(TimeSpan.FromMilliseconds(20), engine.Time, ct);
        }
    }

    /// <returns>True: the stream's end was among what was read.</returns>
    private async Task<bool> CaughtUpAsync(StreamEngine engine, CancellationToken ct)
    {
        var after = await engine.Log.HeadAtAsync(stream, has, ct);
        using var turn = await EnterAsync(engine, ct);
        var isOver = turn is not null && await IsSentAsync(new(stream, Kind, after), last: null, length: null, isWhole: false, ct);
        if (!isLeft) await BegunAndFlushedAsync();
        return isOver;
    }

    /// <summary>Writes what is there, up to what is flushed at once. The observer's place is all that keeps the frames
    /// behind it, so that one that falls behind keeps none.</summary>
    /// <returns>Null: it has fallen behind.</returns>
    private (bool IsLast, long EndOffset)? WriteFrames(BroadcastObserver observer)
    {
        if (observer.Place is not { } frame) return null;
        while (frame.Next is { } next && !answer.IsFull)
        {
            // A part that began before: the log knows it.
            if (form?.Parts?.Unknown(next.WithParts.Span) is not null) return null;
            frame = next;
            if (frame.Kind is BroadcastFrameKind.Broken) http.Abort();
            if (frame.Kind is BroadcastFrameKind.Away) WriteWaiting(frame.Bytes.Span);
            else if (frame.Kind is BroadcastFrameKind.Comment) Writer.Write(frame.Bytes.Span);
            else if (frame.After > has || frame.Kind is BroadcastFrameKind.Last) WriteEvents(frame.For(form?.Parts));
            has = frame.After > has ? frame.After : has;
        }

        observer.Place = frame;
        return (frame.Kind is BroadcastFrameKind.Last or BroadcastFrameKind.Broken, frame.EndOffset);
    }

    /// <returns>False: the client is gone.</returns>
    private async Task<bool> AreCharsCountedAsync(StreamEngine engine, OwnEvents counted, CancellationToken ct)
    {
        using var turn = await EnterAsync(engine, ct);
        if (turn is not null) counted.Chars = await TextChars.CountAsync(access.Texts, access.Current.Summaries, stream, has, ct);
        return turn is not null;
    }

    private void WriteEvents(ReadOnlySpan<byte> events)
    {
        if (form is null) Writer.Write(events);
        else form.Write(Writer, events);
    }

    private ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> events)
    {
        if (form is null) return answer.WriteAsync(events);
        form.Write(Writer, events.Span);
        return answer.IsFull ? answer.FlushAsync() : new(true);
    }

    /// <summary>Says that the answer waits; at the first time also when a browser is to come again.</summary>
    private void WriteWaiting(ReadOnlySpan<byte> comment)
    {
        if (!isRetrySaid) Writer.Write(Sse.Retry);
        isRetrySaid = true;
        Writer.Write(comment);
    }

    private ValueTask<bool> BegunAndFlushedAsync()
    {
        if (!http.Response.HasStarted) Sse.Answer(http.Response, stream);
        return FlushedAsync();
    }

    /// <returns>False: the client is gone.</returns>
    private ValueTask<bool> FlushedAsync()
    {
        var flush = answer.FlushAsync();
        return flush.IsCompletedSuccessfully ? new(IsThere(flush.Result)) : AwaitedAsync(flush);

        async ValueTask<bool> AwaitedAsync(ValueTask<bool> flushed) => IsThere(await flushed);
    }

    private bool IsThere(bool isThere)
    {
        isLeft = !isThere;
        return isThere;
    }
}
