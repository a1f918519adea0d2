using System.Globalization;
using System.Net;

namespace EventStore.Client;

/// <summary><c>scheme://user:password@host:port,host:port/?key=value&amp;key=value</c></summary>
internal static class ConnectionString
{
    private static readonly string[] Schemes =
    [
        "esdb", "esdb+discover", "kurrentdb", "kurrentdb+discover", "kurrent", "kurrent+discover", "kdb", "kdb+discover",
    ];

    public static EventStoreClientSettings Parse(string text)
    {
        if (text.Split("://", 2) is not [var scheme, var rest]) throw new NoSchemeException();
        if (!Schemes.Contains(scheme)) throw new InvalidSchemeException(scheme, Schemes);
        var (beforeQuery, query) = Cut(rest, '?');
        var (authority, path) = Cut(beforeQuery, '/');
        if (path is { Length: > 0 }) throw new ConnectionStringParseException($"A connection string has no path, and here is '/{path}'.");

        var settings = new EventStoreClientSettings();
        var (user, hosts) = Cut(authority, '@');
        if (hosts is null) (user, hosts) = (null, authority);
        else settings.DefaultCredentials = Credentials(user!);

        var values = ConnectionStringValues.Parse(query);
        var endPoints = hosts.Split(',').Select(Host).ToArray();
        ConnectionStringSettings.Apply(values, settings);
        Connect(settings.ConnectivitySettings, endPoints, scheme.EndsWith("+discover", StringComparison.Ordinal), values.Bool("tls") ?? true);
        var connectivity = settings.ConnectivitySettings;
        settings.CreateHttpMessageHandler = () => NodeHandler.Create(connectivity);
        return settings;
    }

    private static void Connect(EventStoreClientConnectivitySettings settings, EndPoint[] hosts, bool discover, bool tls)
    {
        settings.Insecure = !tls;
        if (hosts is [var one] && !discover)
            settings.Address = new UriBuilder(tls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, Name(one), Port(one)).Uri;
        else if (hosts.All(host => host is IPEndPoint))
            settings.IpGossipSeeds = [.. hosts.Cast<IPEndPoint>()];
        else
            settings.DnsGossipSeeds = Array.ConvertAll(hosts, host => new DnsEndPoint(Name(host), Port(host)));
    }

    private static EndPoint Host(string text)
    {
        var (name, number) = text.Split(':') switch
        {
            [{ Length: > 0 } host] => (host, EventStoreClientConnectivitySettings.DefaultPort),
            [{ Length: > 0 } host, var port] when int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                && value is > 0 and <= IPEndPoint.MaxPort => (host, value),
            _ => throw new InvalidHostException(text),
        };
        if (Uri.CheckHostName(name) == UriHostNameType.Unknown) throw new InvalidHostException(text);
        return IPAddress.TryParse(name, out var address) ? new IPEndPoint(address, number) : new DnsEndPoint(name, number);
    }

    private static string Name(EndPoint host) => host is IPEndPoint ip ? ip.Address.ToString() : ((DnsEndPoint)host).Host;

    private static int Port(EndPoint host) => host is IPEndPoint ip ? ip.Port : ((DnsEndPoint)host).Port;

    private static UserCredentials Credentials(string text) => text.Split(':') is [var name, var password]
        ? new UserCredentials(Uri.UnescapeDataString(name), Uri.UnescapeDataString(password))
        : throw new InvalidUserCredentialsException(text);

    private static (string Before, string? After) Cut(string text, char at) =>
        text.Split(at, 2) is [var before, var after] ? (before, after) : (text, null);
}
