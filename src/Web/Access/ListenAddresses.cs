using System.Net;

namespace EventSourcedStreams.Web;

/// <summary>Where the server is to listen, as far as its settings say, before it does.</summary>
internal static class ListenAddresses
{
    /// <summary>As the server itself reads them: endpoints go before addresses, and addresses before ports.</summary>
    public static IReadOnlyList<BindingAddress> Of(IConfiguration configuration)
    {
        string[] endpoints = [.. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>()];
        string[] urls = endpoints.Length > 0 ? endpoints : Split(configuration["urls"]);
        if (urls.Length == 0)
            urls = [.. Split(configuration["http_ports"]).Select(port => $"http://*:{port}"), .. Split(configuration["https_ports"]).Select(port => $"https://*:{port}")];
        return [.. urls.Select(BindingAddress.Parse)];
    }

    /// <summary>Only what runs on this machine can connect. A name may be any machine's.</summary>
    public static bool IsLocal(BindingAddress address) =>
        address.IsUnixPipe
        || address.IsNamedPipe
        || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));

    private static string[] Split(string? text) => (text ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
