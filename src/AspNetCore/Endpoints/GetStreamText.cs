using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

internal static class GetStreamText
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/{id}/text", HandleAsync)
            .WithName("GetStreamText")
            .WithSummary("Get a stream's text")
            .WithDescription("The durable text so far, as it is; X-Stream-Foreign is the revision of another program's event, where there is one, and the text is what stands before it. Takes Range in bytes, If-Range, If-Match and If-None-Match.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .Produces<string>(StatusCodes.Status206PartialContent, "text/plain")
            .Produces(StatusCodes.Status304NotModified)
            .AnswersProblems(
                StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict,
                StatusCodes.Status410Gone, StatusCodes.Status412PreconditionFailed, StatusCodes.Status416RangeNotSatisfiable,
                StatusCodes.Status503ServiceUnavailable);
        group.MapMethods("/{id}/text", [HttpMethods.Head], HandleAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> HandleAsync(
        [Description("The stream's id.")] string id, HttpRequest request, EngineAccess access, IOptions<TextStreamsHttpOptions> options, CancellationToken ct)
    {
        var stream = StreamIds.Parse(id);
        var summaries = access.Current.Summaries;
        var found = HttpMethods.IsGet(request.Method) ? summaries.FindWithTextAsync(stream, ct) : summaries.FindAsync(stream, ct);
        var point = await found ?? throw new RefusedException(Refusals.UnknownStream(stream));
        return new TextAnswer(point, access.Texts, options.Value.TakeLimit);
    }
}
