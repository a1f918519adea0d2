using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Where jobs and exports are, whatever groups their endpoints stand in.</summary>
internal sealed class JobAddresses
{
    public LinkedRoute Jobs { get; } = new();

    public LinkedRoute Exports { get; } = new();

    public string OfJob(HttpContext http, string job) => Jobs.PathOf(http, new() { ["job"] = job });

    public string OfExport(HttpContext http, string job) => Exports.PathOf(http, new() { ["job"] = job });
}
