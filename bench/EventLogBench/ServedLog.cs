using System.Diagnostics;
using EventSourcedStreams.EventStoreServer;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.EventLogBench;

/// <summary>An embedded log served over EventStoreDB's protocol by a process of its own, as a real server would
/// be.</summary>
internal sealed class ServedLog : IAsyncDisposable
{
    private ServedLog(Process process, string connectionString) => (Process, ConnectionString) = (process, connectionString);

    public Process Process { get; }

    public string ConnectionString { get; }

    public static async Task<ServedLog> StartAsync(string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(ServedLog).Assembly.Location);
        foreach (var argument in new[] { "serve", folder }) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("The process that serves the log has ended; its error output says why.");
        return new ServedLog(process, said);
    }

    /// <summary>Says where it listens, and serves until the standard input ends.</summary>
    public static async Task ServeAsync(string folder)
    {
        await using var log = await BenchFolder.OpenAsync(folder);
        await using var server = await EmbeddedLogServer.StartAsync(
            log, port: 0, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        Console.WriteLine(server.ConnectionString);
        await Console.In.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Process.StandardInput.Close();
        await Process.WaitForExitAsync();
        Process.Dispose();
    }
}
