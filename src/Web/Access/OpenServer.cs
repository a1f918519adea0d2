using EventSourcedStreams.AspNetCore;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace EventSourcedStreams.Web;

/// <summary>Nothing is asked of callers on a loopback address alone: a server that others can reach has to have
/// something to know them by.</summary>
internal static class OpenServer
{
    /// <summary>What a reverse proxy adds, and what the framework makes of it where it is told to trust one.</summary>
    private static readonly string[] ForwardedPrefixes = ["X-Forwarded-", "X-Original-"];
    private static readonly string[] ForwardedNames = ["Forwarded", "X-Real-IP"];

    /// <exception cref="InvalidOperationException">The server would be open to others, or keys would go in plain text;
    /// says what to do.</exception>
    public static void CheckAddresses(CallerAccess access, IConfiguration configuration) => Check(access, ListenAddresses.Of(configuration));

    /// <summary>What the server listens on in the end, whatever has said so.</summary>
    public static void CheckListening(WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        Check(app.Services.GetRequiredService<CallerAccess>(), [.. addresses.Select(BindingAddress.Parse)], mayRefuse: false);
    });

    /// <summary>On a server that asks nothing, a request that came through a proxy came from elsewhere.</summary>
    public static void UseForwardedRefusal(this WebApplication app)
    {
        var access = app.Services.GetRequiredService<CallerAccess>();
        app.Use((http, next) => access is { IsOpen: true, Current.IsNone: false } && IsForwarded(http.Request) && !http.Request.Path.StartsWithSegments("/health")
            ? Forwarded().ExecuteAsync(http)
            : next(http));
    }

    private static void Check(CallerAccess access, IReadOnlyList<BindingAddress> addresses, bool mayRefuse = true)
    {
        BindingAddress[] reached = [.. addresses.Where(address => !ListenAddresses.IsLocal(address))];
        var settings = access.Current;
        if (reached is [] || settings.IsNone) return;
        access.Close();
        if (!mayRefuse) return;
        if (!settings.KnowsCallers)
            throw new InvalidOperationException(
                $"The server is to listen on {reached[0]}, where others reach it, and nothing says who may do what. Make a key and set what it prints: "
                + "dotnet run --project src/Web -- keys new NAME --rights admin. Or name an authority of JSON Web Tokens in Auth:Jwt:Authority, or set "
                + "Auth:Mode=none where something in front of the server checks every request. On http://127.0.0.1:5280 it starts without.");
        if (reached.FirstOrDefault(address => address.Scheme != "https") is { } plain && !settings.BehindTls)
            throw new InvalidOperationException(
                $"The server is to listen on {plain}, where keys would go in plain text. Use https there; or, where a proxy in front ends TLS and nothing "
                + "else reaches the server, set Auth:BehindTls=true.");
    }

    private static bool IsForwarded(HttpRequest request) => request.Headers.Keys.Any(header =>
        ForwardedNames.Contains(header, StringComparer.OrdinalIgnoreCase)
        || ForwardedPrefixes.Any(prefix => header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));

    private static Refusal Forwarded() => AccessAnswers.Forbidden(
        "A proxy has passed this request on to a server that asks nothing of its callers. Give the server keys (keys new NAME --rights …), or set "
        + "Auth:Mode=none where the proxy checks every request.");
}
