using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Where jobs and exports are, whatever groups their endpoints stand in. Without a host: a proxy may have
/// another.</summary>
internal sealed class JobAddresses
{
    private string? jobs;
    private string? exports;

    public void Jobs(IEndpointConventionBuilder endpoint) => endpoint.Finally(built => jobs = PatternOf(built));

    public void Exports(IEndpointConventionBuilder endpoint) => endpoint.Finally(built => exports = PatternOf(built));

    public string OfJob(HttpRequest request, string job) => Whole(request, jobs).Replace("{job}", job, StringComparison.Ordinal);

    public string OfExport(HttpRequest request, string job) => $"{Whole(request, exports)}?job={job}";

    private static string PatternOf(EndpointBuilder built) => ((RouteEndpointBuilder)built).RoutePattern.RawText ?? "";

    private static string Whole(HttpRequest request, string? pattern) =>
        $"{request.PathBase.ToUriComponent()}/{pattern?.Trim('/')}";
}
