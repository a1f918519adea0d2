using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EventSourcedStreams.Web;

/// <summary>
/// Signs stream tokens: JSON Web Tokens of the server's own, HMAC-SHA-256 with the first of <c>Auth:TokenKeys</c>. They
/// stand in no list: a token is good until it expires, its key changes, or its signing key goes.
/// </summary>
internal sealed class StreamTokens(CallerAccess access, TimeProvider time)
{
    /// <summary>Issuer and audience.</summary>
    public const string Issuer = "event-sourced-streams";
    public const string Type = "streams+jwt";

    public const string KeyClaim = "key";
    public const string MarkClaim = "mark";
    public const string RightsClaim = "rights";
    public const string LabelsClaim = "labels";
    public const string StreamClaim = "stream";

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    public bool CanMint => access.Current.TokenKeys.Count > 0;

    public IEnumerable<SecurityKey> SigningKeys => access.Current.TokenKeys.Select(KeyOf);

    public string Mint(StreamTokenGrant grant)
    {
        var secret = access.Current.TokenKeys[0];
        var now = time.GetUtcNow();
        var claims = new Dictionary<string, object> { [JwtRegisteredClaimNames.Sub] = grant.Actor, [RightsClaim] = grant.Rights };
        if (grant.Key is { } key) (claims[KeyClaim], claims[MarkClaim]) = (key.Name, MarkOf(secret, key));
        if (grant.Stream is { } stream) claims[StreamClaim] = stream.Value;
        if (grant.Labels.Count > 0) claims[LabelsClaim] = grant.Labels;
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Issuer,
            TokenType = Type,
            IssuedAt = now.UtcDateTime,
            Expires = grant.Until.UtcDateTime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(KeyOf(secret), SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>The key that made a token, as it is now.</summary>
    /// <returns>Null: it has gone, or has another secret than when it made the token.</returns>
    public ApiKey? KeyOf(ClaimsPrincipal token)
    {
        if (access.Current.Named(token.FindFirst(KeyClaim)?.Value ?? "") is not { } key) return null;
        var mark = Encoding.ASCII.GetBytes(token.FindFirst(MarkClaim)?.Value ?? "");
        var isMarked = false;
        foreach (var secret in access.Current.TokenKeys)
            isMarked |= CryptographicOperations.FixedTimeEquals(mark, Encoding.ASCII.GetBytes(MarkOf(secret, key)));
        return isMarked ? key : null;
    }

    private static SymmetricSecurityKey KeyOf(string secret) => new(Encoding.UTF8.GetBytes(secret));

    /// <summary>Tells a key's secret from a later one of the same name, and nothing of it to one that has not the
    /// signing key.</summary>
    private static string MarkOf(string secret, ApiKey key) => System.Buffers.Text.Base64Url.EncodeToString(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes($"key {key.Hash}")).AsSpan(0, 16));
}

/// <summary>What a token is to say.</summary>
/// <param name="Actor">In events: who made it, a slash, for whom.</param>
/// <param name="Key">Null: it is made for the holder of another authority's token.</param>
/// <param name="Rights">Names.</param>
/// <param name="Labels">Each <c>name:value</c>.</param>
/// <param name="Stream">Null: all that have the labels.</param>
internal sealed record StreamTokenGrant(
    string Actor, ApiKey? Key, IReadOnlyList<string> Rights, IReadOnlyList<string> Labels, StreamId? Stream, DateTimeOffset Until);
