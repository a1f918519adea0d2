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
        if (text.Split("://", 2) is not [var scheme, var rest])
        {
            throw new ConnectionStringParseException(
                "The connection string has no scheme. Write it as esdb://host:2113, or as esdb+discover://host:2113 for a cluster.");
        }

        if (!Schemes.Contains(scheme))
        {
            throw new ConnectionStringParseException(
                $"'{scheme}' is no scheme of a connection string. Use one of: {string.Join(", ", Schemes)}.");
        }

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
        return settings;
    }

    private static void Connect(EventStoreClientConnectivitySettings settings, EndPoint[] hosts, bool discover, bool tls)
    {
        settings.Insecure = !tls;
        if (hosts is [var one] && !discover)
            settings.Address = new UriBuilder(tls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, Name(one), Port(one)).Uri;
        else
            settings.GossipSeeds = hosts;
    }

    private static EndPoint Host(string text)
    {
        var (name, number) = text.Split(':') switch
        {
            [{ Length: > 0 } host] => (host, EventStoreClientConnectivitySettings.DefaultPort),
            [{ Length: > 0 } host, var port] when int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                && value is > 0 and <= IPEndPoint.MaxPort => (host, value),
            _ => throw NoHost(text),
        };
        if (Uri.CheckHostName(name) == UriHostNameType.Unknown) throw NoHost(text);
        return IPAddress.TryParse(name, out var address) ? new IPEndPoint(address, number) : new DnsEndPoint(name, number);
    }

    private static ConnectionStringParseException NoHost(string text) =>
        new($"'{text}' is no host. Write host or host:port, with a port from 1 to 65535.");

    private static string Name(EndPoint host) => host is IPEndPoint ip ? ip.Address.ToString() : ((DnsEndPoint)host).Host;

    private static int Port(EndPoint host) => host is IPEndPoint ip ? ip.Port : ((DnsEndPoint)host).Port;

    private static UserCredentials Credentials(string text) => text.Split(':') is [var name, var password]
        ? new UserCredentials(Uri.UnescapeDataString(name), Uri.UnescapeDataString(password))
        : throw new ConnectionStringParseException(
            $"The {text.Length} characters before the @ are no credentials. Write user:password, each percent-encoded.");

    private static (string Before, string? After) Cut(string text, char at) =>
        text.Split(at, 2) is [var before, var after] ? (before, after) : (text, null);
}
