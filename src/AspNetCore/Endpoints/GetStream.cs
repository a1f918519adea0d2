using System.ComponentModel;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace EventSourcedStreams.AspNetCore;

internal static class GetStream
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/{id}", HandleAsync)
            .WithName("GetStream")
            .WithSummary("Query a stream")
            .WithDescription("The stream with its text, now or as it was. The ETag is strong; If-None-Match answers 304.")
            .Produces<StreamView>()
            .Produces(StatusCodes.Status304NotModified)
            .AnswersProblems(
                StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status410Gone,
                StatusCodes.Status503ServiceUnavailable);
        group.MapMethods("/{id}", [HttpMethods.Head], HandleAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> HandleAsync(
        [Description("The stream's id.")] string id,
        [FromQuery, Description("A revision, or a time in RFC 3339: the stream as it was then.")] string? at,
        [FromQuery, Description("false leaves the text out.")] string? text,
        HttpContext http,
        EngineAccess access,
        CancellationToken ct)
    {
        var stream = StreamIds.Parse(id);
        var withText = text switch
        {
            null or "" or "true" => true,
            "false" => false,
            _ => throw new RefusedException(Refusals.Invalid("text", "text is true or false.")),
        };
        var body = await FindAsync(access.Current, stream, at, ct);
        if (!withText) return new StreamAnswer(StreamView.Of(body.Summary), body.Summary);

        // Before the text is put together: a reader that asks again and again mostly has it.
        return EntityTags.Matches(http, EntityTags.Of(body.Summary))
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : new StreamAnswer(StreamView.Of(body), body.Summary);
    }

    private static async Task<StreamBody> FindAsync(StreamEngine engine, StreamId id, string? at, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(at)) return await engine.Bodies.FindAsync(id, ct) ?? throw Unknown(id);
        if (await PointInLife.Parse(at).FindAsync(engine.Bodies, id, ct) is { } then) return then;
        throw await engine.Bodies.FindAsync(id, ct) is null ? Unknown(id) : new RefusedException(Refusals.NoSuchVersion(at));
    }

    private static RefusedException Unknown(StreamId id) => new(Refusals.UnknownStream(id));
}
