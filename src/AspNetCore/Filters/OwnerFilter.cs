using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Before every endpoint of one stream, also one that is written later: with <c>OwnedBy</c>, only its owner
/// gets any further.</summary>
internal sealed class OwnerFilter(EngineAccess access) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (StreamOwnership.Of(http) is not { } ownership) return await next(context);

        ownership.LabelFor(http);
        if (http.GetRouteValue("id") is not string id) return await next(context);
        var stream = StreamIds.Parse(id);
        if (http.GetEndpoint()!.Metadata.GetMetadata<ChecksOwnerItself>() is null)
            await ownership.CheckAsync(http, access.Owners, stream, http.RequestAborted);
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
