using System.ComponentModel;
using System.Globalization;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

internal static class GetStreamPart
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder group)
    {
        group.MapMethods("/{id}/parts/{part}", [HttpMethods.Head], HandleAsync).ExcludeFromDescription();
        return group.MapGet("/{id}/parts/{part}", HandleAsync)
            .WithName("GetStreamPart")
            .WithSummary("Get the bytes of a part")
            .WithDescription(
                "What a part holds, base64 decoded, under its own media type. Only pictures, sound and films are shown by a browser; all else "
                + "is a file to keep, and nothing of it runs. Takes Range in bytes, If-Range, If-Match and If-None-Match.")
            .Produces<string>(StatusCodes.Status200OK, "application/octet-stream")
            .Produces<string>(StatusCodes.Status206PartialContent, "application/octet-stream")
            .Produces(StatusCodes.Status304NotModified)
            .AnswersProblems(
                StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict,
                StatusCodes.Status410Gone, StatusCodes.Status412PreconditionFailed, StatusCodes.Status416RangeNotSatisfiable,
                StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> HandleAsync(
        [Description("The stream's id.")] string id,
        [Description("The part's number, from 1.")] string part,
        HttpContext http,
        EngineAccess access,
        IOptions<TextStreamsHttpOptions> options,
        CancellationToken ct)
    {
        var (stream, number, engine) = (StreamIds.Parse(id), NumberOf(part), access.Current);
        var point = await engine.Summaries.FindAsync(stream, ct) ?? throw new RefusedException(Refusals.UnknownStream(stream));
        if (number > point.Summary.Parts) return Refusals.UnknownPart(number);
        var positions = new EventPositions(engine.Log);
        if (await positions.StartAsync(stream, number, point.Head.Revision, ct) is not { Event: StreamEvent.PartStarted started } start
            || !await AskedParts.Of(http).LearnAsync(engine.Log, start, ct))
            return Refusals.UnknownPart(number);
        return new PartAnswer(
            new StreamPart(number, started.Start), start, await positions.BeforeAsync(start, ct), point, access, options.Value.TakeLimit);
    }

    private static int NumberOf(string part) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new RefusedException(Refusals.Invalid("part", "A part is named by its number: 1, 2, …"));
}
