using System.ComponentModel;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

internal sealed class FollowStream(EngineAccess access, IOptions<TextStreamsHttpOptions> options)
{
    /// <summary>Made once: a request then needs no services of its own, which an observer would keep.</summary>
    public static RouteHandlerBuilder Map(RouteGroupBuilder group)
    {
        var endpoint = ActivatorUtilities.CreateInstance<FollowStream>(((IEndpointRouteBuilder)group).ServiceProvider);
        group.MapMethods("/{id}/events", [HttpMethods.Head], endpoint.HandleAsync).WithMetadata(new ChecksOwnerItself()).ExcludeFromDescription();
        return Describe(group.MapGet("/{id}/events", endpoint.HandleAsync));
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder follow) => follow
        .WithName("FollowStream")
        .AnswersLong()
        .WithSummary("Follow a stream")
        .WithDescription(
            "Server-sent events, live or of a stream that has ended: status, text (offset and text; several batches may be joined), end. An "
            + "event's id is its revision; Last-Event-ID or after resumes behind it, without gap or repeat. A cursor at the end of an ended "
            + "stream answers 204, which stops a browser's EventSource. While the event log is away the answer is 200 and waits. With Accept: "
            + "application/json one document of what there is, at once or as soon as something comes within wait.")
        .WithMetadata(new ChecksOwnerItself())
        .Produces<FollowerEventView>(StatusCodes.Status200OK, Sse.ContentType)
        .Produces(StatusCodes.Status204NoContent)
        .AnswersProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status410Gone);

    private ValueTask<object?> HandleAsync(
        [Description("The stream's id.")] string id,
        [FromQuery(Name = "after"), Description("The revision after which to begin.")] string? after,
        [FromHeader(Name = "Last-Event-ID"), Description("The same; goes before after. Browsers send it by themselves.")] string? lastEventId,
        [FromQuery, Description("0 to 60 (default 0), for application/json: after how many seconds without anything to say it says so.")] string? wait,
        [FromQuery, Description("utf16: text and end also have chars, offset or length in UTF-16 code units. Default: bytes.")] string? units,
        [FromQuery, Description("true: also what is said beside the text, as events part, part-text and part-end.")] string? parts,
        HttpContext http)
    {
        var stream = StreamIds.Parse(id);
        var cursor = AskedCursor.Of(lastEventId, after);
        var (patience, isUtf16) = (WaitTime.Parse(wait) ?? TimeSpan.Zero, OffsetUnits.AreUtf16(units));
        var page = FollowFormat.IsPage(http.Request) ? new EventPage(http, access, stream, cursor, patience, isUtf16, AskedParts.Parse(parts, http), options.Value) : null;
        var isHead = HttpMethods.IsHead(http.Request.Method);
        if (page is not null) return FollowedAsync(http, stream, isHead ? page.HeadAsync : page.RunAsync);
        var connection = new ObserverConnection(
            http, access, stream, cursor, options.Value, FormOf(cursor, isUtf16, AskedParts.Parse(parts, http)));
        return isHead ? FollowedAsync(http, stream, connection.HeadAsync) : connection.RunAsync(access.Cleared);
    }

    /// <summary>What is answered without waiting in a broadcast for long.</summary>
    private async ValueTask<object?> FollowedAsync(HttpContext http, StreamId stream, Func<CancellationToken, Task<IResult>> answerAsync)
    {
        using var followed = access.Followed(stream);
        using var span = StreamTracing.StartFollow(stream);
        using var linked = access.Linked(stream, span);
        var cleared = access.Cleared;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, cleared);
        try
        {
            return await answerAsync(over.Token);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested || cleared.IsCancellationRequested)
        {
            return http.Response.HasStarted ? Results.Empty : Refusals.Unavailable("The server is stopping.");
        }
        finally
        {
            await over.CancelAsync(); // what was asked for and did not come in time
        }
    }

    /// <returns>Null: as all observers share them.</returns>
    private static OwnEvents? FormOf(AskedCursor cursor, bool isUtf16, ShownParts? parts) => !isUtf16 && parts is null ? null : new OwnEvents
    {
        CountsChars = isUtf16,
        Chars = isUtf16 && cursor.After == Revision.None ? 0 : null,
        Parts = parts,
    };
}
