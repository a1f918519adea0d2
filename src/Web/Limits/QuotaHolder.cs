using EventSourcedStreams.AspNetCore;

namespace EventSourcedStreams.Web;

/// <summary>The holder of a quota that a request takes of: a caller's, a tenant's, or that of all.</summary>
/// <param name="Most">Null: not limited.</param>
internal readonly record struct QuotaHolder(string Name, long? Most)
{
    private const string TenantPrefix = CallerPrincipal.TenantLabel + ":";

    /// <summary>The three of a request, in the same order each time.</summary>
    public static QuotaHolder[] Of(HttpContext http, LimitsSection.Quota quota)
    {
        var key = http.Features.Get<AccessPass>()?.Key?.Name ?? http.User.Identity?.Name ?? "anonymous";
        var tenant = http.User.FindAll(AccessClaims.Label).Select(label => label.Value)
            .FirstOrDefault(label => label.StartsWith(TenantPrefix, StringComparison.Ordinal));
        return
        [
            new($"key {key}", quota.Key),
            new($"tenant {tenant}", tenant is null ? null : quota.Tenant),
            new("all", quota.All),
        ];
    }
}
