using System.ComponentModel;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

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
        [Description("The stream's id.")] string id, HttpContext http, EngineAccess access, CancellationToken ct)
    {
        var stream = StreamIds.Parse(id);
        var body = await access.Current.Bodies.FindAsync(stream, ct) ?? throw new RefusedException(Refusals.UnknownStream(stream));
        var tag = EntityTags.Of(body.Revision);
        if (EntityTags.Matches(http, tag)) return Results.StatusCode(StatusCodes.Status304NotModified);
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (body.Summary.Foreign is { } foreign) http.Response.Headers["X-Stream-Foreign"] = $"{foreign.Revision}";
        var bytes = Encoding.UTF8.GetBytes(body.Text.ToString());
        return new RangedText(
            Results.Bytes(bytes, body.Summary.ContentType, enableRangeProcessing: true, entityTag: tag), bytes.Length);
    }

    /// <summary>The framework does ranges and conditions, and says nothing where they cannot be met.</summary>
    private sealed record RangedText(IResult File, int Length) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            await File.ExecuteAsync(httpContext);
            var response = httpContext.Response;
            if (response.HasStarted) return;
            if (response.StatusCode == StatusCodes.Status416RangeNotSatisfiable) await Refusals.RangeNotSatisfiable(Length).ExecuteAsync(httpContext);
            if (response.StatusCode == StatusCodes.Status412PreconditionFailed) await Refusals.PreconditionFailed().ExecuteAsync(httpContext);
        }
    }
}
