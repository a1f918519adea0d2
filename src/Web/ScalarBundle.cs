using Scalar.AspNetCore;

namespace EventSourcedStreams.Web;

/// <summary>Scalar's script. Its package serves it beside pages of its own, which our policy would not let run, and
/// which are left out here.</summary>
internal static class ScalarBundle
{
    public const string Name = "scalar.js";

    public static RequestDelegate Sender(IServiceProvider services)
    {
        var all = new UnservedEndpoints(services);
        all.MapScalarApiReference();
        return all.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Single(endpoint => endpoint.RoutePattern.RawText!.EndsWith($"/{Name}", StringComparison.Ordinal)).RequestDelegate!;
    }

    /// <summary>What is mapped here is not served: it is chosen from.</summary>
    private sealed class UnservedEndpoints(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
