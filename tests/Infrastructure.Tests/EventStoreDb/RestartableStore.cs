using EventSourcedStreams.EventStoreDb;
using EventSourcedStreams.EventStoreServer;
using EventSourcedStreams.Infrastructure.Tests.Sqlite;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.Infrastructure.Tests.EventStoreDb;

/// <summary>A served log whose server can go away, come back, and be another one, always at the same address.</summary>
internal sealed class RestartableStore : IAsyncDisposable
{
    private readonly List<(TemporaryFolder Folder, SqliteEventStore Log)> logs = [];
    private EmbeddedLogServer? server;

    public int Port { get; private set; } = Ports.Free();

    public string ConnectionString => $"esdb://127.0.0.1:{Port}?tls=false";

    /// <summary>A log of its own, which is not served yet.</summary>
    public async Task<SqliteEventStore> NewLogAsync()
    {
        var folder = new TemporaryFolder();
        var log = await folder.OpenAsync(TimeProvider.System);
        logs.Add((folder, log));
        return log;
    }

    /// <summary>The log as it is now, as a restored backup brings it back later.</summary>
    public async Task<SqliteEventStore> CopyAsync(SqliteEventStore log)
    {
        var folder = new TemporaryFolder();
        logs.Find(kept => kept.Log == log).Folder.BackUp(folder.Database);
        var copy = await folder.OpenAsync(TimeProvider.System);
        logs.Add((folder, copy));
        return copy;
    }

    public async Task ServeAsync(SqliteEventStore log) =>
        server = await EmbeddedLogServer.StartAsync(log, Port, TimeProvider.System, NullLoggerFactory.Instance, default);

    public async Task GoAwayAsync()
    {
        if (Interlocked.Exchange(ref server, null) is { } running) await running.DisposeAsync();
    }

    /// <summary>With limits that a busy machine keeps: a server that is away refuses at once.</summary>
    public Task<EventStoreDbStore> OpenAsync(Func<EventStoreDbOptions, EventStoreDbOptions>? with = null) => EventStoreDbStore.OpenAsync(
        (with ?? (o => o))(StoreUnderTest.Patient(new EventStoreDbOptions { ConnectionString = ConnectionString })),
        TimeProvider.System, NullLogger.Instance, default);

    public async ValueTask DisposeAsync()
    {
        await GoAwayAsync();
        foreach (var (folder, log) in logs)
        {
            await log.DisposeAsync();
            folder.Dispose();
        }
    }
}
