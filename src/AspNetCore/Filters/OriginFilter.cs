using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// Before every endpoint: a request that changes something is refused where a browser says that a foreign page sends
/// it. Browsers add cookies to such requests and send many of them without asking by a preflight, so CORS alone does
/// not keep them away.
/// </summary>
internal sealed class OriginFilter(IOptions<TextStreamsHttpOptions> options) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        IsSafe(context.HttpContext.Request.Method) || !IsForeign(context.HttpContext)
            ? next(context)
            : throw new RefusedException(Refusals.ForeignOrigin());

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    private bool IsForeign(HttpContext http)
    {
        var origin = http.Request.Headers.Origin;
        if (origin.Count == 1 && IsAllowed(http, origin[0] ?? "")) return false;

        // A page cannot set Sec-Fetch-Site, and a client that is no browser sends none.
        var site = http.Request.Headers["Sec-Fetch-Site"];
        var isSameOrigin = Is(site, "same-origin");
        if (site.Count > 0 && !isSameOrigin && !Is(site, "none")) return true;
        return origin.Count > 0 && (origin.Count > 1 || !Origin.IsOf(origin[0] ?? "", http.Request, anyScheme: isSameOrigin));
    }

    private static bool Is(StringValues header, string value) =>
        header.Count == 1 && string.Equals(header[0], value, StringComparison.OrdinalIgnoreCase);

    private bool IsAllowed(HttpContext http, string origin) =>
        options.Value.Origins?.Any(allowed => allowed == Origin.Any || Origin.AreSame(allowed, origin)) == true
        || TextStreamEndpointsOptions.Of(http).AllowOrigin?.Invoke(http, origin) == true;
}
