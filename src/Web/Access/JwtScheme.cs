using EventSourcedStreams.AspNetCore;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace EventSourcedStreams.Web;

/// <summary>Knows a caller by a JSON Web Token of the authority that <c>Auth:Jwt</c> names.</summary>
internal static class JwtScheme
{
    public const string Name = "Jwt";

    private const string Subject = "sub";
    private const string ScopePrefix = "streams:";

    /// <summary>As OAuth 2 has it, one text with spaces; and as some authorities do.</summary>
    private static readonly string[] ScopeClaims = ["scope", "scp"];

    /// <param name="section">Read anew at each change, and whether or not it names an authority.</param>
    public static void Configure(JwtBearerOptions options, IConfiguration section, TimeProvider time)
    {
        var jwt = new AuthSection.JwtSection();
        section.Bind(jwt);
        options.MapInboundClaims = false;
        options.SaveToken = false;
        options.TimeProvider = time;
        if (string.IsNullOrEmpty(jwt.Authority)) return;
        options.Authority = jwt.Authority;
        options.Audience = jwt.Audience;
        options.RequireHttpsMetadata = !new Uri(jwt.Authority).IsLoopback;
        options.TokenValidationParameters.ValidAlgorithms =
        [
            SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
            SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
            SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
        ];
        options.Events = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                Accept(context, jwt);
                return Task.CompletedTask;
            },
            OnAuthenticationFailed = context =>
            {
                // The keys of the authority cannot be had: nothing is wrong with the token, and the same may do in a
                // moment.
                if (context.Exception is not SecurityTokenException) context.Fail(new AuthorityAwayException(context.Exception));
                return Task.CompletedTask;
            },
        };
    }

    private static void Accept(TokenValidatedContext context, AuthSection.JwtSection jwt)
    {
        var said = context.Principal!;
        var labels = new List<KeyValuePair<string, string>>();
        foreach (var (claim, label) in new[] { (jwt.OwnerClaim, CallerPrincipal.OwnerLabel), (jwt.TenantClaim, CallerPrincipal.TenantLabel) })
        {
            if (string.IsNullOrEmpty(claim)) continue;
            if (said.FindFirst(claim)?.Value is not { Length: > 0 and <= AccessRules.MaxTenantChars } value)
            {
                context.Fail($"The token lacks the claim '{claim}', which says whose streams there are for it.");
                return;
            }

            labels.Add(KeyValuePair.Create(label, value));
        }

        var name = said.FindFirst(string.IsNullOrEmpty(jwt.OwnerClaim) ? Subject : jwt.OwnerClaim)?.Value;
        if (string.IsNullOrEmpty(name))
        {
            context.Fail($"The token lacks the claim '{Subject}'.");
            return;
        }

        var scopes = ScopeClaims.SelectMany(said.FindAll).SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var rights = scopes.Where(scope => scope.StartsWith(ScopePrefix, StringComparison.Ordinal))
            .Select(scope => StreamRights.Parse(scope[ScopePrefix.Length..])).OfType<StreamRight>().Distinct().Select(right => right.Name());
        context.Principal = CallerPrincipal.Of(
            Name, name, [.. rights], labels, reserved: [CallerPrincipal.TenantLabel, CallerPrincipal.OwnerLabel]);
        context.HttpContext.Features.Set(new AccessPass(Key: null, context.Properties.ExpiresUtc));
    }
}
