using EventSourcedStreams.AspNetCore;
using Microsoft.AspNetCore.Authorization;

namespace EventSourcedStreams.Web;

/// <summary>A right that a caller must have.</summary>
/// <param name="Right">Null: of an endpoint that asks for none by itself, as <see cref="EndpointRight"/> has
/// it.</param>
internal sealed record RightRequirement(StreamRight? Right) : IAuthorizationRequirement;

internal sealed class RightHandler(CallerAccess access) : AuthorizationHandler<RightRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RightRequirement requirement)
    {
        if (access.IsOpen || IsMet(context, requirement.Right) || IsDecidedByStream(context)) context.Succeed(requirement);
        return Task.CompletedTask;
    }

    /// <summary>Each of several streams is decided on by itself, and may come with a token of its own: the request
    /// needs no key for that, but none that is wrong.</summary>
    private static bool IsDecidedByStream(AuthorizationHandlerContext context) =>
        context.Resource is HttpContext http
        && http.GetEndpoint()?.Metadata.GetMetadata<EndpointRight>() is { IsOfSeveral: true }
        && (http.Request.Headers.Authorization.Count == 0 || context.User.Identity is { IsAuthenticated: true });

    private static bool IsMet(AuthorizationHandlerContext context, StreamRight? right)
    {
        var isKnown = context.User.Identity is { IsAuthenticated: true };
        if (right is { } needed) return isKnown && context.User.Has(needed);

        // There is nothing at the address: that may be said. What has not said what it needs is for administrators.
        var endpoint = (context.Resource as HttpContext)?.GetEndpoint();
        if (endpoint is null) return context.Resource is HttpContext;
        return isKnown && (endpoint.Metadata.GetMetadata<EndpointRight>() is { Right: null } || context.User.Has(StreamRight.Admin));
    }
}
