using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// One answer for several streams: each writes whole events, one at a time. What has been written is bounded by what
/// the client takes, so a stream that has much to say waits for its turn like the others.
/// </summary>
internal sealed class SharedAnswer : IDisposable
{
    private readonly HttpContext http;
    private readonly PacedAnswer answer;
    private readonly SemaphoreSlim writing = new(1);
    private readonly SemaphoreSlim reading = new(1);
    private readonly CancellationTokenSource left = new();

    public SharedAnswer(HttpContext http, TimeSpan takeLimit, TimeProvider time)
    {
        this.http = http;
        answer = new PacedAnswer(http, takeLimit, time);
    }

    /// <summary>Fires when the client is gone.</summary>
    public CancellationToken Left => left.Token;

    public async Task BeginAsync(CancellationToken ct)
    {
        TakenBytes.Bound(http);
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = Sse.ContentType;
        Sse.NotKept(http.Response);
        await WriteAsync(static to =>
        {
            to.Write(Sse.Retry);
            to.Write("\n"u8);
        }, ct);
    }

    /// <summary>Writes something, alone, and hands it to the server.</summary>
    public async Task WriteAsync(Action<IBufferWriter<byte>> write, CancellationToken ct)
    {
        await writing.WaitAsync(ct);
        try
        {
            write(answer.Writer);
            if (!await answer.FlushAsync()) await left.CancelAsync();
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            await left.CancelAsync();
        }
        finally
        {
            writing.Release();
        }

        left.Token.ThrowIfCancellationRequested();
    }

    /// <summary>One stream at a time reads what it has to catch up on: an answer takes no more memory for
    /// several.</summary>
    public async Task<IDisposable> ReadingAsync(CancellationToken ct)
    {
        await reading.WaitAsync(ct);
        return new Turn(reading);
    }

    /// <summary>Comments, so that no proxy takes the connection for dead; until it is cancelled.</summary>
    public async Task KeepAliveAsync(TimeProvider time, CancellationToken ct)
    {
        using var ticks = new PeriodicTimer(Sse.KeepAlive, time);
        try
        {
            while (await ticks.WaitForNextTickAsync(ct)) await WriteAsync(static to => to.Write(Sse.Comment), ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested || left.IsCancellationRequested)
        {
            // The answer is over, or its client is gone.
        }
    }

    /// <summary>Tells why nothing more comes of a stream.</summary>
    public Task RefuseAsync(SharedEvents form, Refusal refusal, CancellationToken ct) => WriteAsync(to =>
    {
        form.Begin(to, "error"u8);
        to.Write("\"problem\":"u8);
        to.Write(JsonSerializer.SerializeToUtf8Bytes(refusal.Document, WireJson.Relaxed.ProblemDocument));
        if (refusal.RetryAfterSeconds is { } seconds)
        {
            to.Write(",\"retryAfterSeconds\":"u8);
            Sse.Number(to, seconds);
        }

        to.Write("}"u8);
        Sse.End(to);
    }, ct);

    /// <summary>Tells that the client has all of a stream, which has ended.</summary>
    public Task OverAsync(SharedEvents form, Revision has, CancellationToken ct) => WriteAsync(to =>
    {
        form.Begin(to, "over"u8);
        to.Write("\"cursor\":"u8);
        Sse.Number(to, has.Value);
        to.Write("}"u8);
        Sse.End(to);
    }, ct);

    public void Dispose()
    {
        answer.Dispose();
        left.Dispose();
        writing.Dispose();
        reading.Dispose();
    }

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
