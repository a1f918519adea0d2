using System.Security.Cryptography;
using System.Text;
using EventSourcedStreams.AspNetCore;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.Web;

/// <summary>The section <c>Auth</c> once it has been checked; never changed, a later one replaces it.</summary>
/// <param name="IsNone">Something in front of the server checks its callers.</param>
/// <param name="TokenKeys">The first signs.</param>
/// <param name="Jwt">Null: no authority is named.</param>
internal sealed record AccessSettings(
    bool IsNone, IReadOnlyList<ApiKey> Keys, IReadOnlyList<string> TokenKeys, bool BehindTls, AuthSection.JwtSection? Jwt, TimeSpan? RecordKept)
{
    public const int LeastTokenKeyChars = 32;

    /// <summary>Whether there is anything by which a caller can be known.</summary>
    public bool KnowsCallers => Keys.Count > 0 || Jwt is not null;

    /// <exception cref="InvalidOperationException">A key is misspelt, or cannot be read.</exception>
    /// <exception cref="OptionsValidationException">A value is not as it should be; names its key.</exception>
    public static AccessSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(AuthSection.Name);
        KnownKeys.Check(section, typeof(AuthSection));
        var written = new AuthSection();
        section.Bind(written);
        if (AccessRules.Errors(written).ToArray() is { Length: > 0 } errors)
            throw new OptionsValidationException(AuthSection.Name, typeof(AuthSection), errors);
        return new AccessSettings(
            IsNone: written.Mode is { Length: > 0 },
            Keys: [.. written.Keys.Select(key => new ApiKey(key.Key, key.Value.Hash!, AccessRules.RightsOf(key.Value), NullIfEmpty(key.Value.Tenant)))],
            TokenKeys: [.. written.TokenKeys.Where(key => key.Length > 0)],
            written.BehindTls,
            NullIfEmpty(written.Jwt.Authority) is null ? null : written.Jwt,
            written.AccessLog ? written.AccessLogRetention : null);
    }

    /// <summary>Null: no key has this secret. All are compared, whichever it is.</summary>
    public ApiKey? Find(string secret)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
        ApiKey? found = null;
        foreach (var key in Keys)
            if (key.IsHash(hash)) found = key;
        return found;
    }

    public ApiKey? Named(string name) => Keys.FirstOrDefault(key => key.Name == name);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
