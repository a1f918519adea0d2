using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Before every endpoint of one stream, also one that is written later: a caller that not all streams are for
/// (<c>OwnedBy</c>, a tenant, a token of one stream) gets no further with another.</summary>
internal sealed class OwnerFilter(EngineAccess access) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        StreamScope.Of(context.HttpContext) is { } scope && context.HttpContext.GetRouteValue("id") is string id
            ? CheckedAsync(context, next, scope, StreamIds.Parse(id))
            : next(context);

    private async ValueTask<object?> CheckedAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next, StreamScope scope, StreamId stream)
    {
        var http = context.HttpContext;
        if (http.GetEndpoint()!.Metadata.GetMetadata<ChecksOwnerItself>() is null)
            await scope.CheckAsync(access.Owners, stream, http.RequestAborted);
        if (scope.Labels is []) return await next(context);
        try
        {
            // A deleted stream has no owner, also where the last one is still known.
            return await next(context) is var answer && answer is Refusal { StatusCode: StatusCodes.Status410Gone }
                ? Refusals.UnknownStream(stream)
                : answer;
        }
        catch (StreamGoneException) when (!http.Response.HasStarted)
        {
            throw new RefusedException(Refusals.UnknownStream(stream));
        }
    }
}

/// <summary>For an endpoint that answers while the log is away.</summary>
internal sealed class ChecksOwnerItself;
