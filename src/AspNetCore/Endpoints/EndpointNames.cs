using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// An endpoint's name is unique in an app, and so is the operation that an API's description makes of it. Below another
/// prefix than the usual one the names carry it: <c>CreateStream_v1_notes</c>.
/// </summary>
internal static class EndpointNames
{
    private const string UsualPrefix = "v1/streams";

    /// <summary>At last, when the whole pattern is known, that of groups around this one included.</summary>
    public static void CarryPrefix(IEndpointConventionBuilder group) => group.Finally(endpoint =>
    {
        if (endpoint is not RouteEndpointBuilder { RoutePattern.RawText: { } pattern }) return;
        if (endpoint.Metadata.OfType<IEndpointNameMetadata>().LastOrDefault()?.EndpointName is not { } name) return;
        var prefix = PrefixOf(pattern);
        if (prefix.Equals(UsualPrefix, StringComparison.OrdinalIgnoreCase)) return;

        var whole = $"{name}_{Word(prefix)}";
        endpoint.Metadata.Add(new EndpointNameMetadata(whole));
        endpoint.Metadata.Add(new RouteNameMetadata(whole));
    });

    /// <summary>An endpoint's name below a prefix of jobs.</summary>
    public static string Below(string prefix, string name) => prefix.Trim('/') is "v1" ? name : $"{name}_{Word(prefix.Trim('/'))}";

    private static string Word(string prefix) => string.Concat(prefix.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static string PrefixOf(string pattern)
    {
        if (pattern.EndsWith(FollowStreams.Pattern, StringComparison.Ordinal)) pattern = pattern[..^FollowStreams.Pattern.Length];
        var stream = pattern.LastIndexOf("/{id}", StringComparison.Ordinal);
        return (stream < 0 ? pattern : pattern[..stream]).Trim('/');
    }
}
