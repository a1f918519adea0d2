using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>
/// Whatever credentials this port asks for, what could be a web page does not get in: not with a browser's headers, not
/// under another server's name (DNS rebinding), and not with a content type that a page can send without a preflight.
/// </summary>
internal static class GrpcClientsOnly
{
    private static readonly StringSegment[] OwnNames = ["localhost", IPAddress.Loopback.ToString(), $"[{IPAddress.IPv6Loopback}]"];

    /// <summary>Stands before everything else.</summary>
    public static void UseGrpcClientsOnly(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (RefusalOf(http.Request) is not { } refusal) return next(http);
        http.Response.StatusCode = refusal.Status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(refusal.Why, http.RequestAborted);
    });

    private static (int Status, string Why)? RefusalOf(HttpRequest request)
    {
        if (request.Headers.ContainsKey(HeaderNames.Origin) || request.Headers.Keys.Any(IsOfBrowsers))
            return (StatusCodes.Status403Forbidden, "This port serves clients of EventStoreDB, not browsers.");
        if (!HostString.MatchesAny(request.Host.Value, OwnNames))
            return (StatusCodes.Status400BadRequest, "This port answers to 127.0.0.1 and localhost. Connect to one of them, through a tunnel from elsewhere.");
        return IsGrpc(request.ContentType)
            ? null
            : (StatusCodes.Status415UnsupportedMediaType, "This port speaks EventStoreDB's gRPC protocol: content-type application/grpc.");
    }

    private static bool IsOfBrowsers(string header) => header.StartsWith("Sec-Fetch-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Not <c>application/grpc-web</c>, which is for browsers.</summary>
    private static bool IsGrpc(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var given)
        && given.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
        && given.SubTypeWithoutSuffix.Equals("grpc", StringComparison.OrdinalIgnoreCase);
}
