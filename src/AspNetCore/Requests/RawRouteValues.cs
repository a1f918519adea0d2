using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A request's route values as its client meant them. The server decodes its path but for an escaped slash, so
/// that the raw target alone tells <c>/</c> from <c>%2F</c> in a value.</summary>
internal static class RawRouteValues
{
    public static RouteValueDictionary Of(HttpContext http)
    {
        var values = http.Request.RouteValues;
        if (!values.Values.Any(MayBeEscaped) || http.GetEndpoint() is not RouteEndpoint { RoutePattern.PathSegments: var pattern }) return values;
        var target = (http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "").Split('?', 2)[0].TrimEnd('/').Split('/');
        var raw = new RouteValueDictionary(values);
        for (var i = 1; i <= pattern.Count && i <= target.Length; i++)           // from the end: a base or a proxy may have changed the beginning
        {
            if (pattern[^i] is { IsSimple: true, Parts: [RoutePatternParameterPart { IsCatchAll: false } parameter] }
                && raw.TryGetValue(parameter.Name, out var value)
                && MayBeEscaped(value)
                && PathString.FromUriComponent("/" + target[^i]).Value == $"/{value}")
                raw[parameter.Name] = Uri.UnescapeDataString(target[^i]);
        }

        return raw;
    }

    private static bool MayBeEscaped(object? value) => value is string text && text.Contains("%2F", StringComparison.OrdinalIgnoreCase);
}
