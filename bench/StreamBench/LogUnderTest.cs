using System.Diagnostics;
using EventSourcedStreams.EventStoreServer;
using EventSourcedStreams.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.StreamBench;

/// <summary>What the server under test keeps its streams in.</summary>
/// <param name="ConnectionString">Null for the embedded log, which is the server's own.</param>
internal sealed record LogUnderTest(string? ConnectionString, Process? Process) : IAsyncDisposable
{
    /// <summary>Names the store to the server's process: a command line would show its password.</summary>
    public const string ToChild = "STREAM_BENCH_STORE";

    public const string Embedded = "embedded";
    private const string Served = "served";
    private const string Store = "store";

    public static IReadOnlyList<string> Kinds { get; } = [Embedded, Served, Store];

    public static async Task<LogUnderTest> StartAsync(string kind, string folder) => kind switch
    {
        Served => await ServeAsync(folder),
        Store => new LogUnderTest(
            Environment.GetEnvironmentVariable("EVENTSTOREDB_CONNECTION_STRING")
            ?? throw new InvalidOperationException("EVENTSTOREDB_CONNECTION_STRING has to name the store, as esdb://127.0.0.1:2113?tls=false."),
            null),
        _ => new LogUnderTest(null, null),
    };

    /// <summary>Says where it listens, and serves an embedded log until the standard input ends.</summary>
    public static async Task RunAsync(string folder)
    {
        await using var log = await SqliteEventStore.OpenAsync(
            new SqliteEventStoreOptions { Path = folder }, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        await using var server = await EmbeddedLogServer.StartAsync(
            log, port: 0, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        Console.WriteLine(server.ConnectionString);
        await Console.In.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Process is null) return;
        Process.StandardInput.Close();
        await Process.WaitForExitAsync();
        Process.Dispose();
    }

    private static async Task<LogUnderTest> ServeAsync(string folder)
    {
        var start = ServerUnderTest.Self("serve-log", folder);
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        var process = Process.Start(start)!;
        return new LogUnderTest(
            await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("The process that serves the log has ended; its error output says why."),
            process);
    }
}
