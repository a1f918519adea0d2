using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Around the app's own answer to a caller that a policy keeps out: where that has no body, and the endpoint
/// is ours, it gets a problem as all our refusals are.</summary>
internal sealed class RefusedByPolicy(IAuthorizationMiddlewareResultHandler inner) : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        await inner.HandleAsync(next, context, policy, authorizeResult);
        if (authorizeResult.Succeeded || context.GetEndpoint()?.Metadata.GetMetadata<EndpointRight>() is null) return;
        if (!context.Response.HasStarted && context.Response.ContentLength is null && RefusalOf(context.Response.StatusCode) is { } refusal)
            await refusal.ExecuteAsync(context);
    }

    private static Refusal? RefusalOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Refusals.NotSignedIn(),
        StatusCodes.Status403Forbidden => Refusals.NotAllowed(),
        _ => null,
    };
}
