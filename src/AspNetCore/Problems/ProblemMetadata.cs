using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

internal static class ProblemMetadata
{
    /// <summary>For the API's description: the problems that an endpoint answers with, in their own shape.</summary>
    public static RouteHandlerBuilder AnswersProblems(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statusCodes)
    {
        foreach (var status in statusCodes) endpoint.Produces<ProblemDocument>(status, "application/problem+json");
        return endpoint;
    }
}
