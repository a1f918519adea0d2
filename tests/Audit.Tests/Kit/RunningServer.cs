using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>A server on a folder, as it were: the real engine on the real embedded log.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly ScriptedSource source = new();

    private RunningServer(SqliteEventStore bytes) => Bytes = bytes;

    public SqliteEventStore Bytes { get; }

    public EngineNode Node { get; private set; } = null!;

    public static async Task<RunningServer> StartAsync(string folder)
    {
        var log = await SqliteEventStore.OpenAsync(
            new SqliteEventStoreOptions { Path = folder }, TimeProvider.System, NullLogger.Instance, default);
        var server = new RunningServer(log);
        server.Node = await EngineNode.StartAsync(log, TimeProvider.System, [server.source], exclusive: true);
        return server;
    }

    /// <summary>Creates a stream and speaks a text; it is stored when this completes, and the stream goes on.</summary>
    public async Task<DriverReader> SpeakAsync(string id, params string[] pieces)
    {
        var stream = await Node.CreateAsync(id);
        var driver = await Node.DriveAsync(stream);
        await source.For(stream).SayAsync(pieces);
        var text = string.Concat(pieces);
        await Eventually.UntilAsync("the text is stored", async () => (await Node.BodyAsync(stream)).Text.ToString() == text);
        return driver;
    }

    /// <summary>A whole stream that ends well.</summary>
    public async Task CompleteAsync(string id, params string[] pieces)
    {
        var driver = await SpeakAsync(id, pieces);
        source.For(new StreamId(id)).End();
        await driver.Finished;
    }

    public async Task CancelAsync(string id) => await Node.Engine.Endings.CancelAsync(new StreamId(id), "enough", Caller.Anonymous, default);

    public async Task DeleteAsync(string id) => await Node.Engine.Endings.DeleteAsync(new StreamId(id), null, Caller.Anonymous, default);

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await Bytes.DisposeAsync();
    }
}
