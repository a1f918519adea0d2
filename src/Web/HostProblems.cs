using EventSourcedStreams.AspNetCore;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Primitives;

namespace EventSourcedStreams.Web;

/// <summary>Gives every refusal of the host a body, in the API's shape, whichever part of the host it comes
/// from.</summary>
internal static class HostProblems
{
    /// <summary>Of a host without quotas.</summary>
    private static readonly LimitsSection Usual = new();

    /// <summary>How much more than it takes the server reads, so that a request over our bounds is answered in words.
    /// Past this the server itself answers, with a status alone.</summary>
    private const int Margin = 4;

    public static void AddHostProblems(this IServiceCollection services) => services.AddExceptionHandler<HostFaults>()
        .AddOptions<KestrelServerOptions>().Configure<IServiceProvider>((kestrel, provider) =>
        {
            var limits = LimitsOf(provider);
            kestrel.Limits.MaxRequestLineSize = Margin * limits.AddressBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = Margin * limits.HeaderBytes;
            kestrel.Limits.MaxRequestBufferSize = Math.Max(kestrel.Limits.MaxRequestBufferSize ?? 0, Margin * Math.Max(limits.AddressBytes, limits.HeaderBytes));
        });

    /// <summary>Before everything else that answers.</summary>
    public static void UseHostProblems(this WebApplication app)
    {
        app.UseStatusCodePages(pages => RefusalOf(pages.HttpContext).ExecuteAsync(pages.HttpContext));
        app.Use((http, next) => Oversize(http.Request, LimitsOf(app.Services)) is { } refusal ? refusal.ExecuteAsync(http) : next(http));
    }

    private static LimitsSection LimitsOf(IServiceProvider provider) => provider.GetService<CurrentLimits>()?.Current ?? Usual;

    private static Refusal? Oversize(HttpRequest request, LimitsSection limits)
    {
        if (request.Path.Value!.Length + (request.QueryString.Value?.Length ?? 0) > limits.AddressBytes)
            return new(414, "address-too-long", "The address is too long.", $"An address has at most {limits.AddressBytes} bytes.");
        return request.Headers.Sum(Bytes) > limits.HeaderBytes
            ? new(431, "headers-too-large", "The request's headers are too large.", $"They have at most {limits.HeaderBytes} bytes together: clear cookies, or send less.")
            : null;
    }

    private static int Bytes(KeyValuePair<string, StringValues> header) => header.Value.Sum(value => header.Key.Length + 4 + (value?.Length ?? 0));

    private static Refusal RefusalOf(HttpContext http) => http.Response.StatusCode switch
    {
        401 => Refusals.NotSignedIn(),
        403 => Refusals.NotAllowed(),
        404 => Refusals.NotServed(),
        405 => Refusals.MethodNotAllowed(http.Request.Method, http.Response.Headers.Allow.ToString() is { Length: > 0 } allow ? allow : "others"),
        408 => new(408, "request-timeout", "The request took too long.", "Send its body faster."),
        412 => Refusals.PreconditionFailed(),
        413 => Refusals.TooLarge(null, "The body is too large."),
        415 => Refusals.UnsupportedMediaType("Another content type is taken here."),
        429 => new(429, "too-many-requests", "There are too many requests.", "Try again in a moment."),
        >= 500 and var status => new(status, "internal-error", "The server failed.", "This is a fault of the server; its log says more."),
        var status => new(status, "invalid-request", "The request cannot be served.", $"The server refused it with status {status}."),
    };
}
