using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.Web;

/// <summary>Knows a caller by the API key that it sends.</summary>
internal sealed class KeyScheme(
    CallerAccess access, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "Key";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    private AuthenticateResult Authenticate()
    {
        if (Request.Headers.Authorization.Count == 0 || access.IsOpen) return AuthenticateResult.NoResult();
        if (Bearer.Of(Request) is not { } secret) return AuthenticateResult.Fail("A key is sent as 'Authorization: Bearer …'.");
        if (access.Current.Find(secret) is not { } key) return AuthenticateResult.Fail("There is no such key.");
        Context.Features.Set(new AccessPass(key, Until: null));
        return AuthenticateResult.Success(new AuthenticationTicket(key.Principal, Name));
    }
}
