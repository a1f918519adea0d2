using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

internal static class FollowStream
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/{id}/events", HandleAsync)
        .WithName("FollowStream")
        .AnswersLong()
        .WithSummary("Follow a stream")
        .WithDescription(
            "Server-sent events, live or of a stream that has ended: status, text (offset and text; several batches may be joined), end. An "
            + "event's id is its revision; Last-Event-ID or after resumes behind it, without gap or repeat. A cursor at the end of an ended "
            + "stream answers 204, which stops a browser's EventSource. While the event log is away the answer is 200 and waits.")
        .WithMetadata(new ChecksOwnerItself())
        .Produces<string>(StatusCodes.Status200OK, Sse.ContentType)
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status410Gone);

    private static async Task<IResult> HandleAsync(
        [Description("The stream's id.")] string id,
        [FromQuery(Name = "after"), Description("The revision after which to begin.")] string? after,
        [FromHeader(Name = "Last-Event-ID"), Description("The same; goes before after. Browsers send it by themselves.")] string? lastEventId,
        HttpContext http,
        EngineAccess access,
        IOptions<TextStreamsHttpOptions> options)
    {
        var connection = new ObserverConnection(http, access, StreamIds.Parse(id), Cursor.Of(lastEventId, after), options.Value);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, access.Cleared);
        try
        {
            return await connection.RunAsync(over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // A server that stops ends the answer well: the client comes again, here or on another node, and goes on where it was.
            return http.Response.HasStarted ? Results.Empty : Refusals.Unavailable("The server is stopping.");
        }
    }
}
