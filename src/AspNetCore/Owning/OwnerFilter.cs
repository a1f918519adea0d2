using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Before every endpoint of one stream, also one that is written later: with <c>OwnedBy</c>, only its owner gets any further.</summary>
internal sealed class OwnerFilter(EngineAccess access) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (StreamOwnership.Of(http) is not { } ownership) return await next(context);

        ownership.LabelFor(http);
        if (http.GetRouteValue("id") is string id && http.GetEndpoint()!.Metadata.GetMetadata<ChecksOwnerItself>() is null)
            await ownership.CheckAsync(http, access.Current, StreamIds.Parse(id), http.RequestAborted);
        return await next(context);
    }
}

/// <summary>For an endpoint that answers while the log is away.</summary>
internal sealed class ChecksOwnerItself;
