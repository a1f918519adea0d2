using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EventSourcedStreams.AspNetCore.Tests.Access;

/// <summary>An issuer of JSON Web Tokens on a loopback port, with the documents by which its keys are found.</summary>
internal sealed class AnAuthority : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly RsaSecurityKey key = new(RSA.Create(2048)) { KeyId = "one" };

    private AnAuthority(WebApplication app) => this.app = app;

    public string Address => app.Urls.Single();

    public static async Task<AnAuthority> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var authority = new AnAuthority(app);
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = authority.Address, jwks_uri = authority.Address + "/keys" }));
        app.MapGet("/keys", () =>
        {
            var known = JsonWebKeyConverter.ConvertFromRSASecurityKey(authority.key);
            return Results.Json(new { keys = new[] { new { kty = known.Kty, kid = known.Kid, n = known.N, e = known.E, use = "sig", alg = "RS256" } } });
        });
        await app.StartAsync();
        return authority;
    }

    public string Token(string audience, string scope, params (string Name, string Value)[] claims) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Address,
        Audience = audience,
        Expires = DateTime.UtcNow.AddHours(1),
        Subject = new ClaimsIdentity([new("scope", scope), .. claims.Select(claim => new Claim(claim.Name, claim.Value))]),
        SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.RsaSha256),
    });

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
