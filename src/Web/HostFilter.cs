using EventSourcedStreams.AspNetCore;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Primitives;

namespace EventSourcedStreams.Web;

/// <summary>
/// Answers only to the host names that are the server's. A page whose name is made to resolve to 127.0.0.1 (DNS
/// rebinding) is of one origin with the server for the browser, so nothing but the name in <c>Host</c> tells it from
/// the server's own page.
/// </summary>
internal static class HostFilter
{
    private const string Key = "AllowedHosts";
    private static readonly StringSegment[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>The framework's own filter, which knows nothing of where the server listens, lets everything
    /// pass.</summary>
    public static void AddHostFilter(this IServiceCollection services) =>
        services.Configure<HostFilteringOptions>(options => options.AllowedHosts = ["*"]);

    /// <summary>
    /// <c>AllowedHosts</c>: names with <c>;</c> between them, <c>*.example.com</c> for all below, <c>*</c> for all. Not
    /// set: the loopback names while the server listens on nothing but loopback, else all.
    /// </summary>
    public static void UseHostFilter(this WebApplication app)
    {
        var configured = app.Configuration[Key]?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var named = configured is { Length: > 0 } ? Array.ConvertAll(configured, name => new StringSegment(name)) : null;
        var listening = app.Services.GetRequiredService<IServer>();
        IList<StringSegment>? ofAddresses = null;
        app.Use((http, next) =>
        {
            var allowed = named ?? (ofAddresses ??= NamesFor(listening));
            return IsAllowed(http, allowed) ? next(http) : UnknownHost().ExecuteAsync(http);
        });
    }

    /// <summary>A client that names no host (HTTP/1.0) is no browser; what comes over a local socket is not reached by
    /// name.</summary>
    private static bool IsAllowed(HttpContext http, IList<StringSegment> allowed) =>
        allowed.Contains("*")
        || !http.Request.Host.HasValue
        || http.Connection.RemoteIpAddress is null
        || HostString.MatchesAny(http.Request.Host.Value, allowed);

    private static IList<StringSegment> NamesFor(IServer server)
    {
        var all = server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(BindingAddress.Parse) ?? [];
        var reachable = all.Where(address => !address.IsUnixPipe && !address.IsNamedPipe).ToArray();
        return Array.TrueForAll(reachable, ListenAddresses.IsLocal) ? [.. Loopback, .. reachable.Select(address => new StringSegment(address.Host))] : ["*"];
    }

    private static Refusal UnknownHost() =>
        new(400, "unknown-host", "The server does not go by this name.",
            "The request's Host names another server. Ask for the server by one of its own names, or add this one to AllowedHosts.")
        { Field = "Host" };
}
