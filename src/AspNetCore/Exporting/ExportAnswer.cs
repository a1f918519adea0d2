using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// An export as its client takes it. What is sent is noted in its job about every second; where it cannot be finished,
/// the connection is cut, and the job says why.
/// </summary>
/// <param name="Offset">How many bytes the client has already.</param>
/// <param name="Digest">Their SHA-256; null: the client does not say.</param>
internal sealed record ExportAnswer(StreamEngine Engine, RecordedProgress Job, string Address, string Status, long Offset, string? Digest, TimeSpan TakeLimit) : IResult
{
    /// <summary>How long a reading waits for its turn in the memory for texts, and an export for the list to be as far
    /// as it has to be.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var ct = httpContext.RequestAborted;
        await ListedAsync(ct);
        using var turn = await Engine.Memory.EnterAsync(Patience, Engine.Time, ct) ?? throw new RefusedException(Refusals.Busy());
        TakenBytes.Bound(httpContext);
        var progress = new ExportProgress(Engine.Jobs, Job);
        try
        {
            await SendAsync(httpContext, progress, ct);
        }
        catch (LogDamagedException e)
        {
            await progress.FailedAsync(e, ct);
            throw;
        }
    }

    private async Task SendAsync(HttpContext http, ExportProgress progress, CancellationToken ct)
    {
        using var answer = new PacedAnswer(http, TakeLimit, Engine.Time);
        using var sink = new ExportSink(Offset, Digest);
        using var writer = new ExportWriter(sink.Write);
        var (labels, asOf, with) = (Job.Progress.Labels, Job.Progress.AsOf, Job.Progress.With);
        writer.Begin();
        await foreach (var item in Engine.Exports.ItemsAsync(labels, asOf, with, progress.LeftOut, ct))
        {
            writer.Write(item);
            if (!await SendAsync(http, answer, sink, ct)) return;
            if (item is CarriedItem.End) await progress.WholeAsync(item.Stream, sink.Position, ct);
        }

        writer.End();
        if (IsAnother(sink.Position)) throw new RefusedException(Refusals.ExportChanged());
        if (sink.Position < Offset) throw new RefusedException(Refusals.ExportShorter(sink.Position));
        if (sink.Position == Offset) await BeginAsync(http, ct);
        if (await SendAsync(http, answer, sink, ct) && await answer.FlushAsync()) await progress.EndedAsync(sink.Position, ct);
    }

    /// <summary>All of it had been handed over once, and now it has another length: something was deleted, before or
    /// behind what the client has. A client that names the hash of its bytes knows which.</summary>
    private bool IsAnother(long length) => Offset > 0 && Digest is null && Job.Progress is { Ended: true, Bytes: { } noted } && noted != length;

    /// <returns>False: the client is gone.</returns>
    private async Task<bool> SendAsync(HttpContext http, PacedAnswer answer, ExportSink sink, CancellationToken ct)
    {
        foreach (var bytes in sink.Waiting)
        {
            if (!http.Response.HasStarted) await BeginAsync(http, ct);
            if (!await answer.WriteAsync(bytes)) return false;
        }

        sink.Sent();
        return true;
    }

    private async Task BeginAsync(HttpContext http, CancellationToken ct)
    {
        var headers = http.Response.Headers;
        http.Response.ContentType = "application/x-ndjson";
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["X-Accel-Buffering"] = "no";
        headers.ContentLocation = Address;
        headers.ContentDisposition = $"attachment; filename=\"streams-{Job.Progress.Job}.ndjson\"";
        headers.Link = $"<{Status}>; rel=\"status\"";
        await http.Response.StartAsync(ct);
    }

    /// <summary>All that stands before the job is to be in the list.</summary>
    private Task<bool> ListedAsync(CancellationToken ct) => TimeLimit.WithinAsync(
        Patience,
        Engine.Time,
        async token =>
        {
            await Engine.ListReachedAsync(Job.Progress.AsOf, token);
            return true;
        },
        static () => throw new LogUnavailableException("The list of streams has not come so far yet."),
        ct);
}
