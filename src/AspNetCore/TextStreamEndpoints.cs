using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The HTTP API of text streams.</summary>
public static class TextStreamEndpoints
{
    /// <summary>
    /// Serves text streams below a prefix. What is returned takes conventions, as <c>RequireAuthorization()</c>. Everything below the
    /// prefix that is not served is answered with a problem too.
    /// </summary>
    public static RouteGroupBuilder MapTextStreams(this IEndpointRouteBuilder endpoints, string prefix = "/v1/streams")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        var group = endpoints.MapGroup(prefix).WithTags("Streams");
        group.AddEndpointFilter<ProblemFilter>();
        CreateStream.Map(group);
        ListStreams.Map(group);
        GetStream.Map(group);
        GetStreamText.Map(group);
        DriveStream.Map(group);
        FollowStream.Map(group);
        CancelStream.Map(group);
        DeleteStream.Map(group);
        Unserved.Map(group);
        return group;
    }
}
