using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreDb;
using EventSourcedStreams.EventStoreServer;
using EventSourcedStreams.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.TestKit;

/// <summary>
/// What EventStoreDB's adapter is tested on: a real EventStoreDB, one node or a cluster, where
/// <c>EVENTSTOREDB_CONNECTION_STRING</c> names one; else an embedded log served over EventStoreDB's protocol. A real
/// one keeps what it was given, so every test has streams of its own. Derived from, it is a fixture.
/// </summary>
public class StoreUnderTest
{
    private TempFolder? folder;
    private SqliteEventStore? log;
    private EmbeddedLogServer? server;

    public static string? Real { get; } =
        Environment.GetEnvironmentVariable("EVENTSTOREDB_CONNECTION_STRING") is { Length: > 0 } named ? named : null;

    public virtual string ConnectionString => Real ?? server!.ConnectionString;

    /// <summary>Of the served log, where it is that one.</summary>
    protected int Port => server!.Port;

    public virtual async Task InitializeAsync()
    {
        if (Real is not null) return;
        folder = new TempFolder();
        log = await SqliteEventStore.OpenAsync(new SqliteEventStoreOptions { Path = folder.Path }, TimeProvider.System, NullLogger.Instance, default);
        server = await EmbeddedLogServer.StartAsync(log, 0, TimeProvider.System, NullLoggerFactory.Instance, default);
    }

    public virtual async Task DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        if (log is not null) await log.DisposeAsync();
        folder?.Dispose();
    }

    /// <summary>An answer that a busy machine is late with is no outage: the engine's own clock may be a test's, which
    /// stands while that waits.</summary>
    internal Task<EventStoreDbStore> OpenAsync(StreamPrefix prefix = default) => EventStoreDbStore.OpenAsync(
        Patient(new EventStoreDbOptions { ConnectionString = ConnectionString, Prefix = prefix }), TimeProvider.System, NullLogger.Instance, default);

    /// <summary>For tests in which every node answers, however long a busy machine takes.</summary>
    internal static EventStoreDbOptions Patient(EventStoreDbOptions options)
    {
        var connection = options.ConnectionString;
        if (!connection.Contains("gossipTimeout=", StringComparison.OrdinalIgnoreCase))
            connection += $"{(connection.Contains('?', StringComparison.Ordinal) ? '&' : '?')}gossipTimeout={Eventually.Limit.TotalMilliseconds:F0}";
        return options with { ConnectionString = connection, AttemptLimit = Eventually.Limit, RepeatLimit = 2 * Eventually.Limit };
    }
}
