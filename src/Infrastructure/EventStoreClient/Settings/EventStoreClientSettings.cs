using Microsoft.Extensions.Logging;

namespace EventStore.Client;

public class EventStoreClientSettings
{
    /// <summary>What the server calls this client; null for a random name.</summary>
    public string? ConnectionName { get; set; }

    /// <summary>Makes the handler of one node's connections; null for one that follows <see cref="ConnectivitySettings"/>.</summary>
    public Func<HttpMessageHandler>? CreateHttpMessageHandler { get; set; }

    public ILoggerFactory? LoggerFactory { get; set; }

    public EventStoreClientOperationOptions OperationOptions { get; set; } = EventStoreClientOperationOptions.Default;

    public EventStoreClientConnectivitySettings ConnectivitySettings { get; set; } = EventStoreClientConnectivitySettings.Default;

    /// <summary>For calls that bring none of their own.</summary>
    public UserCredentials? DefaultCredentials { get; set; }

    /// <summary>For calls that bring none of their own, except reads and subscriptions, which have none. Null for none.</summary>
    public TimeSpan? DefaultDeadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Reads <c>esdb://user:password@host:port,…?key=value&amp;…</c>.</summary>
    /// <exception cref="ConnectionStringParseException">It is no such string; the kind of exception says why.</exception>
    public static EventStoreClientSettings Create(string connectionString) => ConnectionString.Parse(connectionString);
}
