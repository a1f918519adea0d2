using System.ComponentModel;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventSourcedStreams.AspNetCore;

internal static class GetJob
{
    private const string Pattern = "/jobs/{job}";

    public static IEnumerable<RouteHandlerBuilder> Map(RouteGroupBuilder group, string prefix)
    {
        yield return group.MapGet(Pattern, HandleAsync)
            .WithName(EndpointNames.Below(prefix, "GetJob"))
            .WithSummary("Get a job")
            .WithDescription("How far a deletion or an export of all streams of a label is. It is known for 90 days after its last step.")
            .Produces<JobView>()
            .AnswersProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);
        yield return group.MapMethods(Pattern, [HttpMethods.Head], HandleAsync).ExcludeFromDescription();
    }

    /// <summary>A job of streams that are not for the caller is one that never was.</summary>
    /// <exception cref="RefusedException">There is none for the caller.</exception>
    public static async Task<RecordedProgress> FindAsync(string job, HttpContext http, EngineAccess access, CancellationToken ct)
    {
        if (job.Length != 32 || !job.All(char.IsAsciiHexDigitLower))
            throw new RefusedException(Refusals.Invalid("job", "A job's id is 32 hexadecimal digits; it stands in the answer that began it."));
        var scope = StreamScope.Of(http);
        return await access.Current.Jobs.FindAsync(job, ct) is { } found
            && scope?.Only is null
            && (scope?.Labels ?? []).All(label => found.Progress.Labels[label.Key] == label.Value)
                ? found
                : throw new RefusedException(Refusals.UnknownJob(job));
    }

    private static async Task<IResult> HandleAsync(
        [Description("The job's id.")] string job, HttpContext http, EngineAccess access, CancellationToken ct) =>
        JobView.AnswerOf((await FindAsync(job, http, access, ct)).Progress);
}
