using System.Diagnostics;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>Another process that has a log open (tests/EmbeddedCrash).</summary>
internal sealed class LogProcess : IDisposable
{
    private readonly Process process;

    private LogProcess(Process process) => this.process = process;

    public static async Task<LogProcess> StartAsync(string what, string folder)
    {
        var started = Start(what, folder);
        (await started.NextLineAsync()).Should().Be("open");
        return started;
    }

    /// <returns>The first line that it wrote before it came to its end, by itself or not; null for none.</returns>
    public static async Task<string?> RunAsync(params string[] arguments)
    {
        using var started = Start(arguments);
        var line = await started.NextLineAsync();
        await started.process.WaitForExitAsync();
        return line;
    }

    public async Task<string?> NextLineAsync() => await process.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Limit);

    /// <summary>As kill -9, wherever it is. What it had written out before can still be read.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    private static LogProcess Start(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "EventSourcedStreams.EmbeddedCrash.dll");
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return new LogProcess(Process.Start(new ProcessStartInfo(host, [program, .. arguments]) { RedirectStandardOutput = true })!);
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }
}
