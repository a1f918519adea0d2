using System.Diagnostics;
using System.Security.Claims;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

internal static class Callers
{
    /// <summary>The signed-in user, for the audit, also where the stream's owner is another: the name, else the
    /// identifier, else the subject.</summary>
    public static Caller Of(HttpContext http) =>
        new(TextCut.ToBytes(Actor(http), TextLimits.ActorBytes), Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier);

    private static string Actor(HttpContext http)
    {
        if (http.User.Identity is not { IsAuthenticated: true } identity) return EventContext.Anonymous;
        foreach (var name in new[] { identity.Name, Claim(ClaimTypes.NameIdentifier), Claim("sub") })
            if (!string.IsNullOrWhiteSpace(name)) return name;
        return EventContext.Anonymous;

        string? Claim(string type) => http.User.FindFirst(type)?.Value;
    }
}
