using EventStore.Client;

namespace EventSourcedStreams.EventStoreDb;

/// <summary>Reads connection strings: EventStoreDB's, and KurrentDB's names for the same schemes. What they say means
/// the same whichever client is built in.</summary>
internal static class ConnectionSettings
{
    private const string Form = "a connection string is esdb://host:2113?tls=false, or esdb+discover:// with the hosts of a cluster";
    private const string WithUser = "with user:password@ before the hosts, each of the two percent-encoded";

    /// <summary>How long a node of several may take to tell of its cluster, unless the connection string says
    /// it.</summary>
    private static readonly TimeSpan GossipTimeout = TimeSpan.FromSeconds(2);

    private static readonly string[] Names = ["esdb", "kurrentdb", "kurrent", "kdb"];

    /// <summary>In lower case; they are known in any.</summary>
    public static IReadOnlyList<string> Schemes { get; } = [.. Names, .. Names.Select(name => name + "+discover")];

    /// <returns>What is wrong, without user, password or anything that may be a part of them; null: nothing.</returns>
    public static string? TryParse(string connectionString, out EventStoreClientSettings? settings)
    {
        settings = null;
        try
        {
            settings = Create(connectionString.Trim());
            return null;
        }
        catch (Exception e) when (e is ConnectionStringParseException or ArgumentException or FormatException or IOException)
        {
            // The client quotes what it could not read, which may be a password.
            return connectionString.Contains('@') ? $"it cannot be read; {Form}, {WithUser}" : $"{e.Message.TrimEnd('.')}; {Form}";
        }
    }

    /// <exception cref="EventStoreDbRefusedException">It cannot be read.</exception>
    public static EventStoreClientSettings Parse(string connectionString) =>
        TryParse(connectionString, out var settings) is { } error
            ? throw new EventStoreDbRefusedException($"The connection string of EventStoreDB: {error}.")
            : settings!;

    private static EventStoreClientSettings Create(string text)
    {
        var (scheme, rest) = text.Split("://", 2) is [var before, var after] ? (KnownScheme(before) + "://", after) : ("", text);
        var end = rest.IndexOfAny(['/', '?']);
        var at = (end < 0 ? rest : rest[..end]).IndexOf('@', StringComparison.Ordinal);
        var hosts = rest[(at + 1)..];
        if (hosts.Contains('@', StringComparison.Ordinal)) throw new FormatException("There is an @ that ends no user:password.");
        var settings = EventStoreClientSettings.Create(scheme + hosts);
        if (at >= 0) settings.DefaultCredentials = Credentials(rest[..at]);
        if (scheme.StartsWith("esdb+", StringComparison.Ordinal) || hosts.Contains(',', StringComparison.Ordinal)) GoOnSoon(settings, hosts);
        return settings;
    }

    /// <summary>Clients ask for the members of a cluster within the one or the other of these. A node that hangs is to
    /// cost little of either; what else is called has deadlines of its own.</summary>
    private static void GoOnSoon(EventStoreClientSettings settings, string text)
    {
        var connectivity = settings.ConnectivitySettings;
        if (!text.Contains("gossipTimeout=", StringComparison.OrdinalIgnoreCase)) connectivity.GossipTimeout = GossipTimeout;
        settings.DefaultDeadline = connectivity.GossipTimeout;
    }

    private static string KnownScheme(string scheme) =>
        !Schemes.Contains(scheme, StringComparer.OrdinalIgnoreCase) ? scheme
        : scheme.EndsWith("+discover", StringComparison.OrdinalIgnoreCase) ? "esdb+discover"
        : "esdb";

    /// <summary>Not every client decodes them, and each has its own way with an @ that is out of place.</summary>
    private static UserCredentials Credentials(string text) => text.Split(':') is [var name, var password]
        ? new UserCredentials(Uri.UnescapeDataString(name), Uri.UnescapeDataString(password))
        : throw new FormatException("What stands before the @ is no user:password.");
}
