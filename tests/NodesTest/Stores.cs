using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.NodesTest;

/// <summary>The store that the nodes are on.</summary>
internal interface IStore : IAsyncDisposable
{
    string ConnectionString { get; }

    /// <summary>It answers no client for this long, then goes on.</summary>
    Task AwayAsync(TimeSpan duration);
}

/// <summary>An embedded log of a host of its own, served over EventStoreDB's protocol.</summary>
internal sealed class ServedStore : IStore
{
    private readonly TempFolder folder;
    private readonly int port;
    private WebProcess process;
    private int times;

    private ServedStore(TempFolder folder, int port, WebProcess process) => (this.folder, this.port, this.process) = (folder, port, process);

    public string ConnectionString => $"esdb://127.0.0.1:{port}?tls=false";

    public static async Task<ServedStore> StartAsync()
    {
        var (folder, port) = (new TempFolder(), Ports.Free());
        return new ServedStore(folder, port, await StartAsync(folder, port));
    }

    /// <summary>By turns it is killed and started again at the end, or stands still.</summary>
    public async Task AwayAsync(TimeSpan duration)
    {
        if (times++ % 2 == 0)
        {
            process.Kill();
            await process.DisposeAsync();
            await Task.Delay(duration);
            process = await StartAsync(folder, port);
            return;
        }

        process.Freeze();
        await Task.Delay(duration);
        process.Thaw();
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        folder.Dispose();
    }

    // Its own engine must not sweep what the nodes drive: it uses another prefix.
    private static Task<WebProcess> StartAsync(TempFolder folder, int port) =>
        WebProcess.StartAsync(folder.Path, "--Embedded:GrpcPort", $"{port}", "--Streams:Prefix", "store-");
}

/// <summary>A server that the test did not start; it can be frozen where its process is known.</summary>
internal sealed class GivenStore(string connectionString, int? processId) : IStore
{
    public string ConnectionString => connectionString;

    public bool CanBeAway => processId is not null;

    public async Task AwayAsync(TimeSpan duration)
    {
        Signal("-STOP");
        await Task.Delay(duration);
        Signal("-CONT");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Signal(string name)
    {
        using var kill = System.Diagnostics.Process.Start("kill", [name, $"{processId}"]);
        kill.WaitForExit();
    }
}
