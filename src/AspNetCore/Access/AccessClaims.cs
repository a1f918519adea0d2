using System.Security.Claims;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// What is said of a caller beside its name. A claim that is missing limits nothing: an app that signs its users in by
/// itself gives none of these.
/// </summary>
internal static class AccessClaims
{
    /// <summary>A right, by its name; several.</summary>
    public const string Right = "text-streams:right";

    /// <summary>A label, as <c>name:value</c>, that a stream must have, and gets; several.</summary>
    public const string Label = "text-streams:label";

    /// <summary>The only stream that there is for the caller.</summary>
    public const string Stream = "text-streams:stream";

    /// <summary>A label's name that the caller may not give; several.</summary>
    public const string Reserved = "text-streams:reserved";

    /// <summary>Whether the caller's rights, if it has a list of them, hold this one.</summary>
    public static bool May(this ClaimsPrincipal user, StreamRight right) => !user.HasClaim(claim => claim.Type == Right) || user.Has(right);

    /// <summary>Whether the caller's list of rights holds this one.</summary>
    public static bool Has(this ClaimsPrincipal user, StreamRight right) =>
        user.HasClaim(Right, right.Name()) || user.HasClaim(Right, StreamRight.Admin.Name());

    public static string LabelText(KeyValuePair<string, string> label) => $"{label.Key}:{label.Value}";

    /// <summary>A label's name has no colon, its value may.</summary>
    public static KeyValuePair<string, string> ParseLabel(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return KeyValuePair.Create(text[..colon], text[(colon + 1)..]);
    }
}
