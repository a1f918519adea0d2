using System.Security.Claims;
using EventSourcedStreams.AspNetCore;

namespace EventSourcedStreams.Web;

/// <summary>A caller that is known, whichever way it has shown who it is: nothing but these claims counts.</summary>
internal static class CallerPrincipal
{
    public const string TenantLabel = "tenant";
    public const string OwnerLabel = "user";

    /// <param name="name">The actor, in events.</param>
    /// <param name="labels">That the caller's streams have.</param>
    /// <param name="reserved">Labels that the caller may not give, unless it is an administrator: they say whose a
    /// stream is.</param>
    /// <param name="only">The one stream that there is for the caller; null: all.</param>
    public static ClaimsPrincipal Of(
        string scheme,
        string name,
        IReadOnlyCollection<string> rights,
        IReadOnlyList<KeyValuePair<string, string>> labels,
        IEnumerable<string> reserved,
        string? only = null)
    {
        var isAdmin = rights.Contains(StreamRight.Admin.Name());
        return new ClaimsPrincipal(new ClaimsIdentity(
        [
            new(ClaimTypes.Name, name),
            .. rights.Select(right => new Claim(AccessClaims.Right, right)),
            .. labels.Select(label => new Claim(AccessClaims.Label, AccessClaims.LabelText(label))),
            .. only is null ? [] : new[] { new Claim(AccessClaims.Stream, only) },
            .. isAdmin ? [] : reserved.Except(labels.Select(label => label.Key)).Select(label => new Claim(AccessClaims.Reserved, label)),
        ], scheme));
    }
}
