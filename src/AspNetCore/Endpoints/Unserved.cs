using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What lies below the prefix and no endpoint takes: routing's own answers would have no body.</summary>
internal static class Unserved
{
    public static void Map(RouteGroupBuilder group)
    {
        Map(group, "/", "GET, HEAD, POST");
        Map(group, "/{id}", "GET, HEAD, DELETE");
        Map(group, "/{id}/text", "GET, HEAD");
        Map(group, "/{id}/parts/{part}", "GET, HEAD");
        Map(group, "/{id}/events", "GET, HEAD");
        Map(group, FollowStreams.Pattern, "POST");
        Map(group, "/{id}/drive", "HEAD, POST");
        Map(group, "/{id}/cancel", "POST");
        group.Map("/{**rest}", () => Refusals.NotServed()).ExcludeFromDescription();
    }

    /// <summary>Routing prefers the endpoint that names its method, so here come the other methods.</summary>
    private static void Map(RouteGroupBuilder group, string pattern, string allow) => group
        .Map(pattern, (HttpContext http) => Refusals.MethodNotAllowed(http.Request.Method, allow))
        .ExcludeFromDescription();
}
