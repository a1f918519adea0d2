using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A web origin as browsers write it: scheme, host and port, nothing else.</summary>
internal static class Origin
{
    /// <summary>Stands for every origin, in <c>Cors:Origins</c>.</summary>
    public const string Any = "*";

    /// <summary>As <c>https://app.example.com</c>; a path, a slash at the end or a user's name make it none.</summary>
    public static bool IsOrigin(string text) => Parse(text) is { } uri && uri.Scheme is "http" or "https";

    /// <summary>Whether two origins are the same one: case and a port that is the scheme's own make no
    /// difference.</summary>
    public static bool AreSame(string one, string other) =>
        Parse(one) is { } a && Parse(other) is { } b && SameHost(a, b) && a.Scheme == b.Scheme && a.Port == b.Port;

    /// <summary>Whether an origin is the address that a request came to.</summary>
    /// <param name="anyScheme">Where TLS ends in a proxy that does not say so, the request's scheme is not the
    /// browser's.</param>
    public static bool IsOf(string origin, HttpRequest request, bool anyScheme)
    {
        if (!request.Host.HasValue || Parse(origin) is not { } given) return false;
        var scheme = anyScheme ? given.Scheme : request.Scheme;
        return Parse($"{scheme}://{request.Host.ToUriComponent()}") is { } own
            && SameHost(own, given) && own.Scheme == given.Scheme && own.Port == given.Port;
    }

    private static bool SameHost(Uri one, Uri other) => one.IdnHost.Equals(other.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static Uri? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.IdnHost.Length > 0
        && text.Length > 0 && text[^1] != '/'
        && uri is { UserInfo: "", PathAndQuery: "/" or "", Fragment: "" }
            ? uri
            : null;
}
