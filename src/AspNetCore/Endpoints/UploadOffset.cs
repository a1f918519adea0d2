using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Asked by HEAD: how many bytes of a continued upload are durable, which is where it goes on.</summary>
internal static class UploadOffset
{
    /// <summary>A character whose rest has not come yet cannot be durable: this many bytes of it at most.</summary>
    private const int MostOfACharacter = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static void Map(RouteGroupBuilder group) =>
        group.MapMethods("/{id}/drive", [HttpMethods.Head], HandleAsync).ExcludeFromDescription();

    /// <summary>What was received becomes durable within a moment; so long is waited for it.</summary>
    public static async Task<long> DurableAsync(StreamEngine engine, StreamId stream, ContinuedUpload upload, CancellationToken ct)
    {
        var (began, wanted) = (engine.Time.GetTimestamp(), upload.Received - MostOfACharacter);
        while (true)
        {
            var length = await UploadHeaders.StateAsync(engine, stream, ct) switch
            {
                StreamState.Streaming s => s.Length,
                StreamState.Ended s => s.Length,
                _ => 0,
            };
            if (length >= wanted || upload.Ended.IsCompleted || engine.Time.GetElapsedTime(began) > Limit) return length;
            await Task.Delay(Pause, engine.Time, ct);
        }
    }

    /// <summary>Why an upload cannot go on here. Where another node drives the stream, the link names it.</summary>
    public static async Task<Refusal> RefusalAsync(HttpContext http, StreamEngine engine, StreamId stream, CancellationToken ct)
    {
        switch (await UploadHeaders.StateAsync(engine, stream, ct))
        {
            case StreamState.Missing: return Refusals.UnknownStream(stream);
            case StreamState.Deleted: return Refusals.Deleted();
            case StreamState.Ended ended:
                UploadHeaders.Set(http.Response, ended.Length, isComplete: ended.Status is StreamStatus.Done);
                return Refusals.StreamEnded(ended.Status, StreamAddresses.OfEvents(http, stream));
            case StreamState.Pending:
                UploadHeaders.Set(http.Response, 0, isComplete: false);
                return Refusals.OffsetMismatch(0, StreamStatus.Pending);
            default:
                var driver = (await engine.Summaries.FindAsync(stream, ct))?.Summary.Driver;
                return Refusals.DrivenElsewhere(
                    driver?.Node ?? "another", StreamAddresses.OfDrive(http, stream), StreamAddresses.OfEvents(http, stream));
        }
    }

    private static async Task<IResult> HandleAsync(string id, HttpContext http, EngineAccess access)
    {
        var (stream, engine) = (StreamIds.Parse(id), access.Current);
        if (access.Uploads.Find(stream) is { } upload)
        {
            UploadHeaders.Set(http.Response, await DurableAsync(engine, stream, upload, http.RequestAborted), upload.IsComplete);
            return Results.Ok();
        }

        switch (await UploadHeaders.StateAsync(engine, stream, http.RequestAborted))
        {
            case StreamState.Pending:
                UploadHeaders.Set(http.Response, 0, isComplete: false);
                return Results.Ok();
            case StreamState.Ended { Status: StreamStatus.Done } ended:
                UploadHeaders.Set(http.Response, ended.Length, isComplete: true);
                return Results.Ok();
            default:
                return await RefusalAsync(http, engine, stream, http.RequestAborted);
        }
    }
}
