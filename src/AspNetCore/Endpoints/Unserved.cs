using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What lies below the prefix and no endpoint takes: routing's own answers would have no body.</summary>
internal static class Unserved
{
    private static readonly string[] Order = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Delete];

    public static void Map(RouteGroupBuilder group)
    {
        string[] patterns = ["/", "/{id}", "/{id}/text", "/{id}/parts/{part}", "/{id}/events", FollowStreams.Pattern, "/{id}/drive", "/{id}/cancel"];
        foreach (var pattern in patterns) MapMethods(group, pattern);
        group.Map("/{**rest}", () => Refusals.NotServed()).ExcludeFromDescription();
    }

    /// <summary>Routing prefers the endpoint that names its method, so here come the other methods.</summary>
    public static void MapMethods(RouteGroupBuilder group, string pattern) => group
        .Map(pattern, (HttpContext http, EndpointDataSource endpoints) => Refusals.MethodNotAllowed(http.Request.Method, Served(http, endpoints)))
        .ExcludeFromDescription();

    private static string Served(HttpContext http, EndpointDataSource endpoints)
    {
        var pattern = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        return string.Join(", ", endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText == pattern)
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
            .Distinct()
            .OrderBy(method => Array.IndexOf(Order, method)));
    }
}
