using System.Diagnostics;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

internal static class Callers
{
    public static Caller Of(HttpContext http) =>
        new(TextCut.ToBytes(Actor(http), TextLimits.ActorBytes), Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier);

    private static string Actor(HttpContext http)
    {
        if (http.User.Identity is not { IsAuthenticated: true } identity) return EventContext.Anonymous;
        var name = identity.Name ?? http.User.FindFirst("sub")?.Value;
        return string.IsNullOrEmpty(name) ? EventContext.Anonymous : name;
    }
}
