using System.Security.Claims;
using EventSourcedStreams.AspNetCore;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EventSourcedStreams.Web;

/// <summary>Knows a caller by a stream token.</summary>
internal static class TokenScheme
{
    public const string Name = "StreamToken";

    public static void Configure(JwtBearerOptions options, StreamTokens tokens, CallerAccess access, TimeProvider time)
    {
        options.MapInboundClaims = false;
        options.SaveToken = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = StreamTokens.Issuer,
            ValidAudience = StreamTokens.Issuer,
            ValidTypes = [StreamTokens.Type],
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKeyResolver = (_, _, _, _) => tokens.SigningKeys,
            LifetimeValidator = (_, expires, _, _) => expires is { } until && until > time.GetUtcNow().UtcDateTime,
        };
        options.Events = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                Accept(context, tokens, access);
                return Task.CompletedTask;
            },
        };
    }

    /// <summary>A token says what it was made for; what its key may now bounds that.</summary>
    private static void Accept(TokenValidatedContext context, StreamTokens tokens, CallerAccess access)
    {
        var said = context.Principal!;
        ApiKey? key = null;
        if (said.HasClaim(claim => claim.Type == StreamTokens.KeyClaim) && (key = tokens.KeyOf(said)) is null)
        {
            context.Fail("The key that made the token is not good any more.");
            return;
        }

        if (key is null && access.Current.Jwt is null)
        {
            context.Fail("The authority that the token was made under is not trusted any more.");
            return;
        }

        var rights = Values(said, StreamTokens.RightsClaim).Where(right => key is null || key.Has(StreamRights.Parse(right) ?? StreamRight.Admin));
        var labels = Values(said, StreamTokens.LabelsClaim).Select(AccessClaims.ParseLabel);
        if (key?.Tenant is { } tenant) labels = labels.Append(KeyValuePair.Create(CallerPrincipal.TenantLabel, tenant));
        context.Principal = CallerPrincipal.Of(
            Name,
            said.FindFirst(JwtRegisteredClaimNames.Sub)!.Value,
            [.. rights],
            [.. labels.Distinct()],
            reserved: [CallerPrincipal.TenantLabel, CallerPrincipal.OwnerLabel],
            only: said.FindFirst(StreamTokens.StreamClaim)?.Value);
        context.HttpContext.Features.Set(new AccessPass(key, context.Properties.ExpiresUtc) { IsToken = true });
    }

    private static IEnumerable<string> Values(ClaimsPrincipal token, string claim) => token.FindAll(claim).Select(each => each.Value);
}
