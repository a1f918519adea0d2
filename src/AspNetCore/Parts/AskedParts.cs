using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary><c>?parts=true</c>: what is said beside the text is sent, too.</summary>
internal static class AskedParts
{
    /// <returns>Which parts are shown to the client; null: it asks for none.</returns>
    public static ShownParts? Parse(string? parts, HttpContext http) =>
        AskedFlag.Parse("parts", parts) ? Of(http) : null;

    /// <summary>For a client that asks for parts.</summary>
    public static ShownParts Of(HttpContext http) =>
        new(TextStreamEndpointsOptions.Of(http).ShowPart is { } show ? part => show(http, part) : null);
}
