using System.Buffers;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// A stream's events after a cursor as one JSON document, for clients that cannot read an answer bit by bit: at once
/// where there are some, else as soon as there are, within a time. What comes while it waits is read from the log,
/// where one reading serves all that wait for it.
/// </summary>
/// <param name="isUtf16">Whether offsets are given in UTF-16, too.</param>
internal sealed class EventPage(
    HttpContext http, EngineAccess access, StreamId stream, AskedCursor cursor, TimeSpan wait, bool isUtf16, ShownParts? parts, TextStreamsHttpOptions options)
{
    /// <summary>UTF-8 bytes of text after which a page ends; a piece more may be in it.</summary>
    private const long MaxText = 256 * 1024;

    private readonly Revision after = cursor.After;

    /// <exception cref="LogUnavailableException">The log does not answer, or the server stops.</exception>
    public async Task<IResult> RunAsync(CancellationToken ct)
    {
        TakenBytes.Bound(http);
        var engine = access.Current;
        var begun = engine.Time.GetTimestamp();
        while (true)
        {
            if (await ReadAsync(engine, ct) is { } read) return read;
            var left = wait - engine.Time.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero) return await SendAsync(default, after, ct);
            if (await WaitAsync(engine, left, ct) is { } waited) return waited;
        }
    }

    /// <summary>What a GET would be answered with, but for its body.</summary>
    public async Task<IResult> HeadAsync(CancellationToken ct)
    {
        if (await RefusedAsync(access.Current, ct) is { } refused) return refused;
        Begin();
        return Results.Empty;
    }

    /// <returns>Null: there is nothing yet.</returns>
    private async Task<IResult?> ReadAsync(StreamEngine engine, CancellationToken ct)
    {
        try
        {
            if (await RefusedAsync(engine, ct) is { } refused) return refused;
        }
        catch (LogDamagedException e) when (e.ForeignType is not null && after.Value + 1 < e.Revision)
        {
            // What stands before the other program's event is sent first.
        }

        using var turn = await access.Texts.EnterAsync(ct);
        var form = await FormAsync(ct);
        await using var pieces = access.Pieces.ReadAsync(
            new(stream, parts is null ? PieceKind.Events : PieceKind.EventsWithParts, await engine.Log.HeadAtAsync(stream, after, ct)), upTo: null, bytesAnEvent: 512, ct).GetAsyncEnumerator(ct);
        return await pieces.MoveNextAsync() ? await SentAsync(pieces, form, ct) : null;
    }

    private async Task<IResult> SentAsync(IAsyncEnumerator<TextPiece> pieces, ListedEvents form, CancellationToken ct)
    {
        using var answer = new PacedAnswer(http, options.TakeLimit, access.Time);
        await LearnAsync(pieces.Current, ct);
        Begin();
        answer.Writer.Write("{\"events\":["u8);
        var (has, text, isMore) = (after, 0L, true);
        while (isMore && text < MaxText)
        {
            var piece = pieces.Current;
            form.Write(answer.Writer, piece.Bytes.Span);
            (has, text) = (piece.To.Revision, text + (parts is null ? piece.Length : piece.Bytes.Length));
            if (answer.IsFull && !await answer.FlushAsync()) return Results.Empty;
            isMore = piece.Fault is null && await IsMoreAsync(pieces, ct);       // a fault behind it is the next page's
        }

        End(answer.Writer, has);
        await answer.FlushAsync();
        return Results.Empty;
    }

    /// <summary>A page that has begun ends where the log goes away or the server stops, and is whole as far as it
    /// goes.</summary>
    private async Task<bool> IsMoreAsync(IAsyncEnumerator<TextPiece> pieces, CancellationToken ct)
    {
        try
        {
            if (!await pieces.MoveNextAsync()) return false;
            await LearnAsync(pieces.Current, ct);
            return true;
        }
        catch (Exception e) when (e is LogUnavailableException || (e is OperationCanceledException && ct.IsCancellationRequested))
        {
            return false;
        }
    }

    private async ValueTask LearnAsync(TextPiece piece, CancellationToken ct)
    {
        if (parts is not null) await parts.LearnAsync(access.Current.Log, stream, piece.Bytes, piece.To.Revision, ct);
    }

    /// <param name="events">As observers get them.</param>
    private async Task<IResult> SendAsync(ReadOnlyMemory<byte> events, Revision has, CancellationToken ct)
    {
        var form = events.IsEmpty ? new ListedEvents() : await FormAsync(ct);
        if (parts is not null) await parts.LearnAsync(access.Current.Log, stream, events, has, ct);
        using var answer = new PacedAnswer(http, options.TakeLimit, access.Time);
        Begin();
        answer.Writer.Write("{\"events\":["u8);
        form.Write(answer.Writer, events.Span);
        End(answer.Writer, has);
        await answer.FlushAsync();
        return Results.Empty;
    }

    private async Task<ListedEvents> FormAsync(CancellationToken ct) =>
        new() { Chars = isUtf16 ? await TextChars.CountAsync(access.Texts, access.Current.Summaries, stream, after, ct) : null, Parts = parts };

    private void Begin()
    {
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = "application/json; charset=utf-8";
        Sse.NotKept(http.Response, stream);
    }

    private static void End(IBufferWriter<byte> to, Revision has)
    {
        to.Write("]"u8);
        if (has != Revision.None)
        {
            to.Write(",\"cursor\":"u8);
            Sse.Number(to, has.Value);
        }

        to.Write("}"u8);
    }

    private async Task<IResult?> RefusedAsync(StreamEngine engine, CancellationToken ct) =>
        FollowRefusals.Of(stream, cursor, await engine.EndAsync(http, access, stream, ct));

    /// <returns>Null: what has come is to be read from the log.</returns>
    private async Task<IResult?> WaitAsync(StreamEngine engine, TimeSpan left, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(left, engine.Time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var observer = new BroadcastObserver(options.ObserverQueueBytes);
        await using var seat = access.Broadcasts.TryJoin(stream, after, observer);
        if (seat is null)
        {
            // What is near lags behind the broadcast: it is read again in a moment.
            await Task.Delay(TimeSpan.FromMilliseconds(20), engine.Time, ct);
            return null;
        }

        await using var stop = over.Token.UnsafeRegister(static waiting => ((BroadcastObserver)waiting!).WakeSoon(), observer);
        while (true)
        {
            await observer.NextAsync(over.Token);
            ct.ThrowIfCancellationRequested();
            if (GatherEvents(observer) is not var (events, has, last)) return null;
            if (events.WrittenCount > 0) return await SendAsync(events.WrittenMemory, has, ct);
            if (last is BroadcastFrameKind.Last) throw new LogUnavailableException("The server is stopping.");
            if (last is BroadcastFrameKind.Broken) return null;                  // reading it says what is wrong
            if (limit.IsCancellationRequested) return await SendAsync(default, after, ct);
        }
    }

    /// <summary>The events that are there, at most as many as may wait for an observer.</summary>
    /// <returns>Null: there are more.</returns>
    private (ArrayBufferWriter<byte> Events, Revision Has, BroadcastFrameKind Last)? GatherEvents(BroadcastObserver observer)
    {
        if (observer.Place is not { } frame) return null;
        var (events, has) = (new ArrayBufferWriter<byte>(), after);
        while (frame.Next is { } next && events.WrittenCount < options.ObserverQueueBytes)
        {
            frame = next;
            if (frame.Kind is BroadcastFrameKind.Comment or BroadcastFrameKind.Away) continue;
            if (frame.After > has || frame.Kind is BroadcastFrameKind.Last) events.Write(frame.For(parts));
            has = frame.After > has ? frame.After : has;
        }

        observer.Place = frame;
        return (events, has, frame.Kind);
    }
}
