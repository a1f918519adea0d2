using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreDb;
using EventSourcedStreams.EventStoreServer;
using EventSourcedStreams.FaultyStore;
using EventSourcedStreams.Infrastructure.Tests.Sqlite;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.Infrastructure.Tests.EventStoreDb;

/// <summary>A served log, and a cluster of nodes before it that fail as a test says.</summary>
internal sealed class FaultyStoreFixture : IAsyncDisposable
{
    private readonly TemporaryFolder folder;
    private readonly EmbeddedLogServer server;
    private readonly List<EventStoreDbStore> opened = [];

    private FaultyStoreFixture(TemporaryFolder folder, SqliteEventStore log, EmbeddedLogServer server, FaultyCluster cluster) =>
        (this.folder, Log, this.server, Cluster) = (folder, log, server, cluster);

    /// <summary>The truth behind the nodes.</summary>
    public SqliteEventStore Log { get; }

    public FaultyCluster Cluster { get; }

    public static async Task<FaultyStoreFixture> StartAsync(int nodes = 3)
    {
        var folder = new TemporaryFolder();
        var log = await folder.OpenAsync(TimeProvider.System);
        var server = await EmbeddedLogServer.StartAsync(log, 0, TimeProvider.System, NullLoggerFactory.Instance, default);
        return new FaultyStoreFixture(folder, log, server, await FaultyCluster.StartAsync(server.Port, nodes));
    }

    /// <param name="settings">Further ones of the connection string, as <c>&amp;nodePreference=follower</c>.</param>
    public EventStoreDbOptions Options(string settings = "") => new() { ConnectionString = Cluster.ConnectionString + settings };

    /// <summary>With the limits of the product.</summary>
    public Task<EventStoreDbStore> OpenAsync(string settings = "") => OpenAsync(Options(settings));

    public async Task<EventStoreDbStore> OpenAsync(EventStoreDbOptions options)
    {
        var store = EventStoreDbStore.Create(options, TimeProvider.System, NullLogger.Instance);
        opened.Add(store);
        await Eventually.UntilAsync("it is open", async () =>
        {
            try
            {
                await store.ConnectAsync(default);
                return true;
            }
            catch (LogUnavailableException)
            {
                return false;                                                    // a busy machine, and a short limit
            }
        });
        return store;
    }

    /// <summary>The same append until it is known how it ended, as the engine does it.</summary>
    public static async Task<AppendOutcome> SettledAsync(IEventStore store, string stream, ExpectedRevision expected, params NewEvent[] events)
    {
        AppendOutcome outcome = null!;
        await Eventually.UntilAsync(
            "it is known how the append ended", async () => (outcome = await store.AppendAsync(stream, expected, events)) is not AppendOutcome.Unknown);
        return outcome;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in opened) await store.DisposeAsync();
        await Cluster.DisposeAsync();
        await server.DisposeAsync();
        await Log.DisposeAsync();
        folder.Dispose();
    }
}
