using System.ComponentModel;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Deleting all streams of a label, as a job.</summary>
internal static class DeleteStreams
{
    public static void Map(RouteGroupBuilder group, JobAddresses addresses) => group.MapDelete(
            "/",
            ([FromQuery, Description("The label of the streams that are to go, as user:ann.")] string[]? label, HttpContext http, EngineAccess access, CancellationToken ct) =>
                HandleAsync(label, http, access, addresses, ct))
        .WithName("DeleteStreams")
        .WithSummary("Delete all streams with a label")
        .WithDescription(
            "Begins a job that deletes every stream that has the label, as each alone is deleted; it goes on whatever becomes of this node. Its "
            + "address says how far it is. A stream that is created while it runs goes, too; one that is created afterwards stays.")
        .Produces<JobView>(StatusCodes.Status202Accepted)
        .AnswersProblems(StatusCodes.Status400BadRequest, StatusCodes.Status403Forbidden, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(
        string[]? label, HttpContext http, EngineAccess access, JobAddresses addresses, CancellationToken ct)
    {
        KnownParameters.Check(http.Request, "label");
        var labels = AskedLabel.Required(http, label);
        var engine = access.Current;
        var there = await engine.CountAsync(labels, ct);
        var begun = await engine.Jobs.BeginAsync(JobKind.Delete, labels, Names.None, Callers.Of(http), there, ct);
        http.Response.Headers.Location = addresses.OfJob(http, begun.Progress.Job);
        return JobView.AnswerOf(begun.Progress) with { StatusCode = StatusCodes.Status202Accepted };
    }
}
