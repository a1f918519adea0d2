using EventSourcedStreams.AspNetCore;

namespace EventSourcedStreams.Web;

/// <summary>What the section <c>Auth</c> may say.</summary>
internal static class AccessRules
{
    public const int MaxTenantChars = 256;

    private const string None = "none";
    private const int MaxNameChars = 64;

    private static readonly string RightNames = string.Join(", ", StreamRights.All.Select(right => right.Name()));

    /// <summary>What is wrong, each naming its key; empty: nothing.</summary>
    public static IEnumerable<string> Errors(AuthSection auth)
    {
        if (auth.Mode is { Length: > 0 } mode && mode != None)
            yield return $"Auth:Mode: '{mode}' is not known; it is none, where something in front of the server checks its callers, or is left out.";
        foreach (var (name, key) in auth.Keys)
            foreach (var error in Errors(name, key)) yield return error;
        foreach (var same in auth.Keys.Where(key => IsHash(key.Value.Hash)).GroupBy(key => key.Value.Hash).Where(same => same.Count() > 1))
            yield return $"Auth:Keys: {string.Join(" and ", same.Select(key => key.Key))} have one secret; give each its own.";
        foreach (var (i, key) in auth.TokenKeys.Index().Where(each => each.Item.Length is > 0 and < AccessSettings.LeastTokenKeyChars))
            yield return $"Auth:TokenKeys:{i}: at least {AccessSettings.LeastTokenKeyChars} random characters; `keys token-key` makes some.";
        if (auth.Jwt.Authority is { Length: > 0 } authority)
        {
            if (!Uri.TryCreate(authority, UriKind.Absolute, out var uri) || !(uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback)))
                yield return $"Auth:Jwt:Authority: '{authority}' is not the address of an issuer, as https://login.example.com.";
            if (string.IsNullOrEmpty(auth.Jwt.Audience)) yield return "Auth:Jwt:Audience: say what tokens are meant for, or those for any other service would be good here.";
        }
        else if (new[] { auth.Jwt.Audience, auth.Jwt.OwnerClaim, auth.Jwt.TenantClaim }.Any(value => !string.IsNullOrEmpty(value)))
            yield return "Auth:Jwt:Authority: name the issuer of the tokens, as https://login.example.com.";
        if (auth.AccessLogRetention < TimeSpan.FromHours(1) || auth.AccessLogRetention > TimeSpan.FromDays(36500))
            yield return $"Auth:AccessLogRetention: {auth.AccessLogRetention} is not within 01:00:00 and 36500.00:00:00.";
    }

    /// <summary>Without colon, slash and two underscores: settings are divided by the one and the last, a slash stands
    /// in the actor of a stream token.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameChars
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
        && !name.Contains("__", StringComparison.Ordinal)
        && !name.Equals("anonymous", StringComparison.OrdinalIgnoreCase);

    /// <summary>Each once, in one order, so that the same rights are the same text.</summary>
    public static string RightsOf(AuthSection.KeySection key)
    {
        var names = Split(key.Rights);
        return string.Join(',', StreamRights.All.Select(right => right.Name()).Where(names.Contains));
    }

    private static IEnumerable<string> Errors(string name, AuthSection.KeySection key)
    {
        var path = $"Auth:Keys:{name}";
        if (!IsName(name)) yield return $"{path}: a key's name is 1 to {MaxNameChars} letters, digits, '.', '_' or '-', and not anonymous.";
        if (!IsHash(key.Hash)) yield return $"{path}:Hash: the SHA-256 of the secret, 64 digits 0-9 a-f; `keys new` makes one.";
        var rights = Split(key.Rights);
        if (rights.Length == 0) yield return $"{path}:Rights: name at least one of {RightNames}.";
        foreach (var right in rights.Where(right => StreamRights.Parse(right) is null))
            yield return $"{path}:Rights: '{right}' is no right; there are {RightNames}.";
        if (key.Tenant is { Length: > MaxTenantChars }) yield return $"{path}:Tenant: at most {MaxTenantChars} characters, as a label's value.";
    }

    private static bool IsHash(string? hash) => hash is { Length: 64 } && hash.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f');

    private static string[] Split(string? rights) => (rights ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
