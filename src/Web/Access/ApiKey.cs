using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using EventSourcedStreams.AspNetCore;

namespace EventSourcedStreams.Web;

/// <summary>A key as it is configured: its secret is not known here. Equal by all that it says.</summary>
/// <param name="Hash">SHA-256 of the secret, lower-case hexadecimal.</param>
/// <param name="Rights">Names, with commas, in the order of <see cref="StreamRight"/>.</param>
/// <param name="Tenant">Null: all tenants'.</param>
internal sealed record ApiKey(string Name, string Hash, string Rights, string? Tenant)
{
    private const string SecretPrefix = "ess_";
    private const int SecretBytes = 32;

    private readonly byte[] hash = Convert.FromHexString(Hash);

    public IReadOnlyList<StreamRight> RightList { get; } = [.. Rights.Split(',').Select(name => StreamRights.Parse(name)!.Value)];

    /// <summary>For requests that send the key itself.</summary>
    public ClaimsPrincipal Principal { get; } = CallerPrincipal.Of(
        "Key", Name, Rights.Split(','), Tenant is null ? [] : [KeyValuePair.Create(CallerPrincipal.TenantLabel, Tenant)], reserved: [CallerPrincipal.TenantLabel]);

    public static string NewSecret() =>
        SecretPrefix + System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public bool Has(StreamRight right) => RightList.Contains(right) || RightList.Contains(StreamRight.Admin);

    /// <summary>In a time that does not depend on the bytes.</summary>
    public bool IsHash(ReadOnlySpan<byte> other) => CryptographicOperations.FixedTimeEquals(hash, other);

    public bool Equals(ApiKey? other) =>
        other is not null && (Name, Hash, Rights, Tenant) == (other.Name, other.Hash, other.Rights, other.Tenant);

    public override int GetHashCode() => HashCode.Combine(Name, Hash, Rights, Tenant);

    public override string ToString() => Name;
}
