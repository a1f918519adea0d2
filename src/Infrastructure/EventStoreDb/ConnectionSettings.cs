using EventStore.Client;

namespace EventSourcedStreams.EventStoreDb;

/// <summary>Reads connection strings as EventStoreDB's client does, and KurrentDB's names for the same
/// schemes.</summary>
internal static class ConnectionSettings
{
    private const string Form = "a connection string is esdb://host:2113?tls=false, or esdb+discover:// with the hosts of a cluster";

    /// <returns>What is wrong, without user, password or anything that may be a part of them; null: nothing.</returns>
    public static string? TryParse(string connectionString, out EventStoreClientSettings? settings)
    {
        settings = null;
        try
        {
            settings = EventStoreClientSettings.Create(WithKnownScheme(connectionString.Trim()));
            return null;
        }
        catch (Exception e) when (e is ConnectionStringParseException or ArgumentException or FormatException or IOException)
        {
            // The client quotes what it could not read, which may be a password.
            return connectionString.Contains('@') ? $"it cannot be read; {Form}, with user:password@ before the hosts" : $"{e.Message.TrimEnd('.')}; {Form}";
        }
    }

    /// <exception cref="EventStoreDbRefusedException">It cannot be read.</exception>
    public static EventStoreClientSettings Parse(string connectionString) =>
        TryParse(connectionString, out var settings) is { } error
            ? throw new EventStoreDbRefusedException($"The connection string of EventStoreDB: {error}.")
            : settings!;

    private static string WithKnownScheme(string connectionString)
    {
        foreach (var (theirs, known) in new[] { ("kurrentdb://", "esdb://"), ("kurrentdb+discover://", "esdb+discover://") })
        {
            if (connectionString.StartsWith(theirs, StringComparison.OrdinalIgnoreCase)) return known + connectionString[theirs.Length..];
        }

        return connectionString;
    }
}
