using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// Sends a driver what its stream's output holds, as it comes. Whatever happens to the connection, the stream goes on;
/// it is whole only if the stream ended well. A driver that takes nothing for a while is dropped.
/// </summary>
internal sealed class DriverConnection : IDisposable
{
    /// <summary>How long a source may take to return and release the request's body while its ending cannot be
    /// settled.</summary>
    private static readonly TimeSpan SourceReturnLimit = TimeSpan.FromSeconds(5);

    private readonly HttpContext http;
    private readonly StreamId stream;
    private readonly DriveResult.Driving driving;
    private readonly TextStreamsHttpOptions options;
    private readonly TimeProvider time;
    private readonly ClientQueue output;
    private readonly PipeWriter writer;
    private readonly PacedAnswer answer;

    public DriverConnection(HttpContext http, StreamId stream, DriveResult.Driving driving, TextStreamsHttpOptions options, TimeProvider time)
    {
        (this.http, this.stream, this.driving, this.options, this.time) = (http, stream, driving, options, time);
        (output, writer) = (driving.Output, http.Response.BodyWriter);
        answer = new PacedAnswer(http, options.TakeLimit, time, DropWhileRunning);
    }

    public void Dispose()
    {
        answer.Dispose();
        output.Done();
    }

    /// <summary>The raw text. An ending that is not <c>done</c> cuts the connection, so that no client takes it for
    /// success.</summary>
    public async Task SendTextAsync()
    {
        TakenBytes.Bound(http);
        output.WantsMarks = false;
        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        Sse.NotKept(http.Response, stream);
        DriverTrailers.Declare(http.Response);
        var end = await WrittenAsync(WriteTextAsync());
        if (end is { IsClean: true }) DriverTrailers.Append(http.Response, end);
        else await http.CutAsync();
    }

    /// <param name="chars">Null: lengths are told in bytes alone.</param>
    /// <param name="shown">Which parts may be sent; null: the driver asked for none.</param>
    public async Task SendEventsAsync(DriverChars? chars = null, ShownParts? shown = null)
    {
        TakenBytes.Bound(http);
        Sse.Answer(http.Response, stream);
        if (await WrittenAsync(WriteEventsAsync(chars, shown)) is null) http.Abort();
    }

    /// <summary>Sends nothing; returns how the stream ended, null where the client is gone.</summary>
    public async Task<DriverEnd?> EndAsync()
    {
        var end = await ReadEndAsync();
        await AwaitSourceAsync(end);
        return end;
    }

    /// <summary>
    /// While the stream runs a driver is too slow that is behind by its output's bound, or takes nothing; afterwards
    /// time alone decides. A request whose body is the text stays in any case until that has been read.
    /// </summary>
    private async Task<DriverEnd?> WrittenAsync(Task<DriverEnd?> writing)
    {
        await Task.WhenAny(writing, driving.TakesBody ? driving.Finished : Task.WhenAny(driving.Finished, output.Dropped));
        if (driving.TakesBody) await AwaitSourceAsync(writing.IsCompletedSuccessfully ? writing.Result : null);
        if (!writing.IsCompleted && !output.IsDropped) await InTimeAsync(writing, options.LastWordsLimit);
        if (!writing.IsCompleted) http.Abort();
        return await writing;
    }

    /// <summary>The source reads the request's body, so the request stays until it has returned. While the log is away
    /// that is not known.</summary>
    private async Task AwaitSourceAsync(DriverEnd? end)
    {
        if (end is { Status: null }) await InTimeAsync(driving.Finished, SourceReturnLimit);
        else await driving.Finished;
    }

    private async Task<DriverEnd?> ReadEndAsync()
    {
        try
        {
            return await output.ReadToEndAsync(http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private Task InTimeAsync(Task task, TimeSpan limit) => TimeLimit.PauseAsync(limit, time, _ => task, CancellationToken.None);

    private async Task<DriverEnd?> WriteTextAsync()
    {
        try
        {
            await http.Response.Body.FlushAsync(http.RequestAborted);            // the headers, before there is text
            List<DriverItem>? items = null;
            while (true)
            {
                items = await output.ReadAsync(items, http.RequestAborted);
                if (items.Count == 0) return null;
                foreach (var item in items)
                {
                    if (item.Text is { } text) Encoding.UTF8.GetBytes(text, writer);
                    if (answer.IsFull && !await FlushedAsync()) return null;
                }

                if (!await FlushedAsync()) return null;
                if (items[^1].End is { } end) return end;
            }
        }
        catch (OperationCanceledException)
        {
            output.Drop();
            return null;
        }
    }

    private async Task<DriverEnd?> WriteEventsAsync(DriverChars? chars, ShownParts? shown)
    {
        using var ticks = new PeriodicTimer(Sse.KeepAlive, time);
        try
        {
            await http.Response.Body.FlushAsync(http.RequestAborted);
            var tick = ticks.WaitForNextTickAsync(http.RequestAborted).AsTask();
            List<DriverItem>? items = null;
            while (true)
            {
                var next = output.ReadAsync(items, http.RequestAborted).AsTask();
                while (!next.IsCompleted && await Task.WhenAny(next, tick) == tick)
                {
                    await tick;
                    writer.Write(Sse.Comment);
                    if (!await FlushedAsync()) return null;
                    tick = ticks.WaitForNextTickAsync(http.RequestAborted).AsTask();
                }

                items = await next;
                if (items.Count == 0) return null;
                foreach (var item in items)
                {
                    Frames.Write(writer, item, chars?.Count(item), shown);
                    if (answer.IsFull && !await FlushedAsync()) return null;
                }

                if (!await FlushedAsync()) return null;
                if (items[^1].End is { } end) return end;
            }
        }
        catch (OperationCanceledException)
        {
            output.Drop();
            return null;
        }
    }

    /// <summary>False: the driver is gone.</summary>
    private async ValueTask<bool> FlushedAsync()
    {
        if (await answer.FlushAsync()) return true;
        output.Drop();
        return false;
    }

    /// <summary>Of an upload only the echo stops.</summary>
    private void DropWhileRunning()
    {
        if (!driving.Finished.IsCompleted) output.Drop();
    }
}
