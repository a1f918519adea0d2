using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// A route that addresses are made of, as it stands within all groups around it: each mapping has its own, whatever an
/// app calls its endpoints. Without a host: a proxy may have another.
/// </summary>
internal sealed class LinkedRoute
{
    /// <summary>Whatever the app has chosen for its own addresses: ids have upper and lower case.</summary>
    private static readonly LinkOptions AsItStands = new() { LowercaseUrls = false, LowercaseQueryStrings = false, AppendTrailingSlash = false };

    private RouteEndpoint? endpoint;

    public RouteEndpoint Endpoint => endpoint ?? throw new InvalidOperationException("No request can come before its endpoint was built.");

    /// <summary>At last, when the whole pattern is known.</summary>
    public void IsOf(IEndpointConventionBuilder mapped) => mapped.Finally(built =>
        endpoint = new RouteEndpoint(static _ => Task.CompletedTask, ((RouteEndpointBuilder)built).RoutePattern, order: 0, metadata: null, built.DisplayName));

    /// <param name="values">Of its parameters; any other goes into the query. What they leave open, as a parameter in a
    /// prefix, is as in the request.</param>
    /// <exception cref="InvalidOperationException">The request does not have all that is left open.</exception>
    public string PathOf(HttpContext http, RouteValueDictionary values) =>
        http.RequestServices.GetRequiredService<LinkGenerator>().GetPathByAddress(http, this, values, RawRouteValues.Of(http), options: AsItStands)
        ?? throw new InvalidOperationException($"A request to {http.Request.Path} does not say all that an address of {Endpoint.RoutePattern.RawText} needs.");
}

/// <summary>How the framework's <see cref="LinkGenerator"/> finds a route: it is its own address.</summary>
internal sealed class LinkedRoutes : IEndpointAddressScheme<LinkedRoute>
{
    public IEnumerable<Endpoint> FindEndpoints(LinkedRoute address) => [address.Endpoint];
}
