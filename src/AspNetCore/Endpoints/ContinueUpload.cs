using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// A drive request with <c>continue=true</c>: the first one claims the stream, and none of them ends it by being cut. A
/// complete body does, unless it says that more comes.
/// </summary>
internal sealed class ContinueUpload(HttpContext http, StreamId stream, StreamEngine engine, ContinuedUploads uploads)
{
    private readonly bool isLast = UploadHeaders.IsLast(http.Request);
    private readonly long offset = UploadHeaders.RequireOffset(http.Request);

    /// <exception cref="RefusedException">The stream is elsewhere, or has ended, or lacks bytes before the
    /// offset.</exception>
    public async Task<IResult> RunAsync()
    {
        if (uploads.Find(stream) is { } running) return await GoOnAsync(running);
        if (offset > 0) throw new RefusedException(await NotHereAsync());
        var upload = new ContinuedUpload();
        return uploads.TryBegin(stream, upload) ? await BeginAsync(upload) : await GoOnAsync(uploads.Find(stream) ?? upload);
    }

    /// <summary>The claim is not given up when its client goes: the client comes again for what it has begun.</summary>
    private async Task<IResult> BeginAsync(ContinuedUpload upload)
    {
        using var turn = await upload.BeginTurnAsync();
        DriveResult? result = null;
        try
        {
            result = await LimitedDrives.DriveAsync(http, stream, () => engine.Drivers.DriveAsync(
                stream, upload.Body, http.Request.ContentType, wantsText: null, Callers.Of(http), CancellationToken.None));
        }
        finally
        {
            var ended = (result as DriveResult.Driving)?.Finished ?? Task.CompletedTask;
            var forgotten = uploads.EndAfterAsync(stream, upload, ended);
            if (ended.IsCompleted) await forgotten;
        }

        if (result is DriveResult.AlreadyDriven) throw new RefusedException(await NotHereAsync());
        if (result is not DriveResult.Driving driving) return DriveStream.Refused(result, stream, http, engine);
        driving.Output.Drop(); // connections come and go; each asks the log what is durable
        return await ReceiveAsync(upload, turn);
    }

    private async Task<IResult> GoOnAsync(ContinuedUpload upload)
    {
        using var turn = await upload.BeginTurnAsync();
        if (offset > upload.Received) return await BeyondAsync(upload);
        return await ReceiveAsync(upload, turn);
    }

    private async Task<IResult> ReceiveAsync(ContinuedUpload upload, UploadTurn turn)
    {
        // A connection is a driver, whichever of them it is.
        using var connected = engine.Drivers.Followers.Enter(stream);
        var body = new AwaitedBody(http, RequestSizes.Of(http).UploadBytes);
        var taking = turn.RunAsync(body, offset);
        if (!isLast || DriverFormats.Of(http.Request) != DriverFormat.Events) return await AnswerAsync(upload, await taking);
        await Task.WhenAny(body.Asked, taking);
        await new SavedProgress(http, stream, engine).SendAsync(FinishAsync(upload, taking));
        return Results.Empty;
    }

    /// <summary>Whether the answer can go on to the stream's ending; false: it is another connection's to do
    /// so.</summary>
    private static async Task<bool> FinishAsync(ContinuedUpload upload, Task<TurnResult> taking)
    {
        var result = await taking;
        if (result is TurnResult.Taken) await upload.CompleteAsync();
        return result is TurnResult.Taken or TurnResult.Ended;
    }

    private async Task<IResult> AnswerAsync(ContinuedUpload upload, TurnResult result)
    {
        switch (result)
        {
            case TurnResult.Fenced:
                return Refusals.UploadContinued();
            case TurnResult.TooShort:
                return await BeyondAsync(upload);
            case TurnResult.Taken when !isLast:
                UploadHeaders.Set(http.Response, await UploadOffset.DurableAsync(engine, stream, upload, http.RequestAborted), isComplete: false);
                return Results.NoContent();
            case TurnResult.Taken:
                await upload.CompleteAsync();
                break;
        }

        await upload.Ended.WaitAsync(http.RequestAborted);
        return await EndedAsync();
    }

    /// <summary>Of a claim that came to nothing there is no ending either: then the answer says why.</summary>
    private async Task<IResult> EndedAsync()
    {
        var found = await engine.Summaries.FindAsync(stream, http.RequestAborted);
        if (found is null) return Refusals.UnknownStream(stream);
        var summary = found.Summary;
        if (!summary.Status.IsEnding()) return Refusals.Unavailable("The event log did not answer in time; ask for the stream's status later.");
        UploadHeaders.Set(http.Response, summary.Length, isComplete: summary.Status is StreamStatus.Done);
        return DriveStream.RefusalOf(stream, summary.Status, summary.Error, http) as IResult ?? await StoredEnding.FindAsync(engine, stream, http.RequestAborted);
    }

    private async Task<IResult> BeyondAsync(ContinuedUpload upload)
    {
        var durable = await UploadOffset.DurableAsync(engine, stream, upload, http.RequestAborted);
        UploadHeaders.Set(http.Response, durable, upload.IsComplete);
        return Refusals.OffsetMismatch(durable, StreamStatus.Streaming);
    }

    private async Task<Refusal> NotHereAsync() => await UploadOffset.RefusalAsync(http, engine, stream, http.RequestAborted);
}
