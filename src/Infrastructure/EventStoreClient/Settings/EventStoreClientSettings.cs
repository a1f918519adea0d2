namespace EventStore.Client;

public class EventStoreClientSettings
{
    internal EventStoreClientSettings()
    {
    }

    public EventStoreClientOperationOptions OperationOptions { get; } = new();

    public EventStoreClientConnectivitySettings ConnectivitySettings { get; } = new();

    /// <summary>What the server calls this client; null for a random name.</summary>
    internal string? ConnectionName { get; set; }

    /// <summary>For calls that bring none of their own.</summary>
    public UserCredentials? DefaultCredentials { internal get; set; }

    /// <summary>For calls that bring none of their own, except reads and subscriptions, which have none.</summary>
    public TimeSpan? DefaultDeadline { internal get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Reads <c>esdb://user:password@host:port,…?key=value&amp;…</c>.</summary>
    /// <exception cref="ConnectionStringParseException">It is no such string.</exception>
    public static EventStoreClientSettings Create(string connectionString) => ConnectionString.Parse(connectionString);
}
