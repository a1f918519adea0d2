using System.ComponentModel;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventSourcedStreams.AspNetCore;

internal static class DeleteStream
{
    public static void Map(RouteGroupBuilder group) => group.MapDelete("/{id}", HandleAsync)
        .WithName("DeleteStream")
        .WithSummary("Delete a stream")
        .WithDescription("Removes a stream for ever; one that runs is cancelled first. Its id is never used again: from then on 410.")
        .Produces(StatusCodes.Status204NoContent)
        .AnswersProblems(
            StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status410Gone,
            StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(
        [Description("The stream's id.")] string id, HttpContext http, EngineAccess access, CancellationToken ct)
    {
        var stream = StreamIds.Parse(id);
        return await access.Current.Endings.DeleteAsync(stream, reason: null, Callers.Of(http), ct) switch
        {
            EndResult.UnknownStream => Refusals.UnknownStream(stream),
            EndResult.Deleted => Refusals.Deleted(),
            _ => Results.NoContent(),
        };
    }
}
