using System.ComponentModel;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

internal static class FollowStream
{
    public static void Map(RouteGroupBuilder group)
    {
        Describe(group.MapGet("/{id}/events", HandleAsync));
        group.MapMethods("/{id}/events", [HttpMethods.Head], HandleAsync).WithMetadata(new ChecksOwnerItself()).ExcludeFromDescription();
    }

    private static void Describe(RouteHandlerBuilder follow) => follow
        .WithName("FollowStream")
        .AnswersLong()
        .WithSummary("Follow a stream")
        .WithDescription(
            "Server-sent events, live or of a stream that has ended: status, text (offset and text; several batches may be joined), end. An "
            + "event's id is its revision; Last-Event-ID or after resumes behind it, without gap or repeat. A cursor at the end of an ended "
            + "stream answers 204, which stops a browser's EventSource. While the event log is away the answer is 200 and waits.")
        .WithMetadata(new ChecksOwnerItself())
        .Produces<FollowerEventView>(StatusCodes.Status200OK, Sse.ContentType)
        .Produces(StatusCodes.Status204NoContent)
        .AnswersProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status410Gone);

    private static async Task<IResult> HandleAsync(
        [Description("The stream's id.")] string id,
        [FromQuery(Name = "after"), Description("The revision after which to begin.")] string? after,
        [FromHeader(Name = "Last-Event-ID"), Description("The same; goes before after. Browsers send it by themselves.")] string? lastEventId,
        HttpContext http,
        EngineAccess access,
        IOptions<TextStreamsHttpOptions> options)
    {
        var stream = StreamIds.Parse(id);
        using var connection = new ObserverConnection(http, access, stream, Cursor.Of(lastEventId, after), options.Value);
        using var followed = access.Followed(stream);
        using var span = StreamTracing.StartFollow(stream);
        using var linked = access.Linked(stream, span);
        var cleared = access.Cleared;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, cleared);
        try
        {
            return HttpMethods.IsHead(http.Request.Method) ? await connection.HeadAsync(over.Token) : await connection.RunAsync(over);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested || cleared.IsCancellationRequested)
        {
            // A server that stops ends the answer well: the client comes again, here or on another node, and goes on
            // where it was.
            return http.Response.HasStarted ? Results.Empty : Refusals.Unavailable("The server is stopping.");
        }
    }
}
