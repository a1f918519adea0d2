using System.Buffers;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// One of several streams in one answer: what there is in pieces, then the stream's broadcast. What ends it, or keeps
/// it from beginning, is told as an event of it, and ends no other.
/// </summary>
/// <param name="caller">Whose rights count for this stream.</param>
/// <param name="form">With characters where offsets are wanted in UTF-16; then not yet counted.</param>
internal sealed class SharedStream(
    HttpContext caller, EngineAccess access, FollowRequest wanted, SharedAnswer answer, SharedEvents form, bool isUtf16, TextStreamsHttpOptions options)
{
    private readonly StreamId stream = wanted.Stream;
    private Revision has = wanted.Cursor.After;
    private bool isChecked;
    private bool hasSent;
    private bool isBroken;

    /// <summary>Follows to the end; while the log is away it waits.</summary>
    /// <exception cref="RefusedException">It cannot be followed.</exception>
    /// <exception cref="LogDamagedException">It cannot be followed on.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        var pauses = 0;
        while (true)
        {
            try
            {
                if (await IsDoneAsync(ct)) return;
            }
            catch (LogUnavailableException)
            {
                if (access.IsCleared && ++pauses > FollowStart.PausesWithoutEngine) throw new RefusedException(Refusals.Unavailable("The server is stopping."));
                // There may be no engine, and so no clock of its own.
                await Task.Delay(FollowStart.Pause, TimeProvider.System, ct);
            }
        }
    }

    private async Task<bool> IsDoneAsync(CancellationToken ct)
    {
        var engine = access.Current;
        try
        {
            if (!isChecked && await IsOverAsync(engine, ct)) return true;
            isChecked = true;
            await FollowAsync(engine, ct);
            return true;
        }
        catch (StreamGoneException) when (isChecked)
        {
            await WriteAsync(Frames.Gone, ct);
            return true;
        }
        catch (LogDamagedException e) when (e.ForeignType is not null && !isChecked && has.Value + 1 < e.Revision)
        {
            isChecked = true;                                                    // what stands before it is sent first
            return false;
        }
        catch (LogDamagedException e) when (e.ForeignType is not null && hasSent)
        {
            await WriteAsync(to => Frames.Foreign(to, e), ct);
            return true;
        }
    }

    /// <summary>Whether nothing comes after what the client has.</summary>
    private async Task<bool> IsOverAsync(StreamEngine engine, CancellationToken ct)
    {
        IResult? answered;
        try
        {
            answered = FollowRefusals.Of(stream, wanted.Cursor, await engine.EndAsync(caller, access, stream, ct));
        }
        catch (StreamGoneException)
        {
            answered = Refusals.Deleted();
        }

        // A deleted stream has no owner, also where the last one is still known.
        if (answered is Refusal { StatusCode: StatusCodes.Status410Gone } && StreamScope.Of(caller) is { Labels: not [] }) answered = Refusals.UnknownStream(stream);
        if (answered is Refusal refusal) throw new RefusedException(refusal);
        if (answered is not null) await answer.OverAsync(form, has, ct);
        return answered is not null;
    }

    private async Task FollowAsync(StreamEngine engine, CancellationToken ct)
    {
        if (isUtf16) await CountAsync(engine, ct);
        while (true)
        {
            var before = has;
            if (await IsCaughtUpToEndAsync(engine, ct)) return;
            // What is stored can be read: coming again is right.
            if (isBroken) throw new RefusedException(Refusals.Internal());
            var observer = new BroadcastObserver(options.ObserverQueueBytes);
            if (access.Broadcasts.TryJoin(stream, has, observer) is { } seat)
            {
                await using (seat)
                    if (await IsWatchedToEndAsync(observer, ct)) return;
                continue;
            }

            // The broadcast is ahead of this observer. What is near may lag: reading it again at once would be no use.
            if (before == has) await Task.Delay(TimeSpan.FromMilliseconds(20), engine.Time, ct);
        }
    }

    private async Task CountAsync(StreamEngine engine, CancellationToken ct)
    {
        if (form.Chars is not null) return;
        using var reading = await answer.ReadingAsync(ct);
        using var turn = await EnterAsync(engine, ct);
        form.Chars = await TextChars.CountAsync(access.Texts, access.Current.Summaries, stream, has, ct);
    }

    /// <returns>True: the stream's end was among what was read.</returns>
    private async Task<bool> IsCaughtUpToEndAsync(StreamEngine engine, CancellationToken ct)
    {
        var after = await engine.Log.HeadAtAsync(stream, has, ct);
        await using var pieces = access.Pieces.ReadAsync(new(stream, form.Parts is null ? PieceKind.Events : PieceKind.EventsWithParts, after), upTo: null, bytesAnEvent: 512, ct).GetAsyncEnumerator(ct);
        while (true)
        {
            using var reading = await answer.ReadingAsync(ct);
            using var turn = await EnterAsync(engine, ct);
            if (!await pieces.MoveNextAsync()) return false;
            var piece = pieces.Current;
            if (form.Parts is { } parts) await parts.LearnAsync(engine.Log, stream, piece.Bytes, piece.To.Revision, ct);
            await answer.WriteAsync(to => form.Write(to, piece.Bytes.Span), ct);
            (has, hasSent) = (piece.To.Revision, true);
            if (piece.IsOver) return true;
        }
    }

    private static async Task<TextReading> EnterAsync(StreamEngine engine, CancellationToken ct)
    {
        while (true)
            if (await engine.Memory.EnterAsync(FollowStart.TurnLimit, engine.Time, ct) is { } turn) return turn;
    }

    /// <returns>False: it fell behind, or the broadcast broke; the log says more.</returns>
    private async Task<bool> IsWatchedToEndAsync(BroadcastObserver observer, CancellationToken ct)
    {
        await using var stop = ct.UnsafeRegister(static waiting => ((BroadcastObserver)waiting!).WakeSoon(), observer);
        while (true)
        {
            await observer.NextAsync(ct);
            ct.ThrowIfCancellationRequested();
            if (observer.Place is not { } place) return false;
            var taken = WithoutComments(place);
            if (taken.Next is { } next && IsOfUnknownPart(next)) return false;
            if (taken.Next is not null) await answer.WriteAsync(to => taken = WriteFrames(taken, to), ct);
            (observer.Place, observer.Sent) = (taken, taken.EndOffset);
            if (taken.Kind is BroadcastFrameKind.Last) return true;
            isBroken = taken.Kind is BroadcastFrameKind.Broken;
            if (isBroken) return false;
        }
    }

    /// <summary>Writes what is there, up to what is flushed at once.</summary>
    private BroadcastFrame WriteFrames(BroadcastFrame frame, IBufferWriter<byte> to)
    {
        var bytes = 0;
        while (frame.Next is { } next && bytes < PacedAnswer.FlushBytes)
        {
            if (IsOfUnknownPart(next)) return frame;
            frame = next;
            if (!IsEvent(frame)) continue;
            form.Write(to, frame.For(form.Parts));
            bytes += frame.WithParts.Length;
            has = frame.After > has ? frame.After : has;
            hasSent = true;
        }

        return frame;
    }

    /// <summary>It began before, and only the log knows whether it is shown.</summary>
    private bool IsOfUnknownPart(BroadcastFrame frame) => IsEvent(frame) && form.Parts?.Unknown(frame.WithParts.Span) is not null;

    /// <summary>Comments are the whole answer's, not a stream's.</summary>
    private bool IsEvent(BroadcastFrame frame) =>
        frame.Kind is BroadcastFrameKind.Event or BroadcastFrameKind.Last && (frame.After > has || frame.Kind is BroadcastFrameKind.Last);

    /// <returns>The last frame before one that is to be written.</returns>
    private BroadcastFrame WithoutComments(BroadcastFrame frame)
    {
        while (frame.Next is { } next && !IsEvent(next)) frame = next;
        return frame;
    }

    private Task WriteAsync(Action<IBufferWriter<byte>> write, CancellationToken ct)
    {
        var events = new ArrayBufferWriter<byte>();
        write(events);
        return answer.WriteAsync(to => form.Write(to, events.WrittenSpan), ct);
    }
}
