using System.Diagnostics;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>The program in a process of its own, stopped while it writes.</summary>
public sealed class KilledImportTests : IDisposable
{
    /// <summary>Far more than fits into memory before SQLite writes to the disk.</summary>
    private const int Streams = 150;
    private const int ChunkChars = 4000;
    private const int Chunks = 100;

    private readonly TempFolder source = new();
    private readonly TempFolder target = new();

    public void Dispose()
    {
        source.Dispose();
        target.Dispose();
    }

    [Theory]
    [InlineData("-KILL")]
    [InlineData("-INT")]
    public async Task A_stopped_import_leaves_the_log_as_it_was_and_can_be_made_again(string signal)
    {
        if (OperatingSystem.IsWindows()) return;
        var file = await WriteAsync();
        await using (var log = await target.OpenLogAsync()) await log.WriteAsync("before", Created("before"), Cancelled());
        var before = await target.ExportedBytesAsync();

        using (var process = Start("import", file, "--store", target.Path))
        {
            await Eventually.UntilAsync(
                "it has written to the disk", () => new FileInfo(target.File("log.db-wal")) is { Exists: true, Length: > 8 << 20 });
            using (var kill = Process.Start("kill", [signal, $"{process.Id}"])) await kill.WaitForExitAsync();
            await process.WaitForExitAsync().WaitAsync(Eventually.Limit);
            process.ExitCode.Should().Be(signal == "-INT" ? 130 : 128 + 9);
        }

        (await target.ExportedBytesAsync()).Should().Equal(before);
        await using (var log = await target.OpenLogAsync()) await log.WriteAsync("after", Created("after"), Cancelled());
        var again = await AuditRun.OfAsync("import", file, "--store", target.Path);
        again.ExitCode.Should().Be(ExitCode.Ok, again.Error);
        again.Out.Should().Contain($"{Streams} new");
    }

    [Fact]
    public async Task A_stopped_export_leaves_nothing()
    {
        if (OperatingSystem.IsWindows()) return;
        using var files = new TempFolder();
        await WriteAsync();

        using var process = Start("export", "--all", "--store", source.Path, "--out", files.File("export.ndjson"));
        await Eventually.UntilAsync("it has begun", () => Directory.GetFiles(files.Path) is [var unfinished] && new FileInfo(unfinished).Length > 0);
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"])) await kill.WaitForExitAsync();
        await process.WaitForExitAsync().WaitAsync(Eventually.Limit);

        process.ExitCode.Should().Be(130);
        Directory.EnumerateFileSystemEntries(files.Path).Should().BeEmpty();
    }

    private async Task<string> WriteAsync()
    {
        var text = new string('x', ChunkChars);
        var chunks = Enumerable.Range(0, Chunks).Select(i => (StreamEvent)Chunk(i, i * ChunkChars, text)).ToList();
        await using (var log = await source.OpenLogAsync())
        {
            for (var i = 0; i < Streams; i++)
                await log.WriteAsync($"s{i}", [Created($"s{i}"), Started(), .. chunks, Completed(Chunks * ChunkChars, Chunks)]);
        }

        var file = source.File("export.ndjson");
        using var files = new TempFolder();
        File.Move(await source.ExportAsync(files), file);
        return file;
    }

    private static Process Start(params string[] args)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "EventSourcedStreams.Audit.dll");
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

        // It lies beside tests of the web server: the framework that they run on holds the logging abstractions.
        var runtime = Path.Combine(AppContext.BaseDirectory, "EventSourcedStreams.Audit.Tests.runtimeconfig.json");
        return Process.Start(new ProcessStartInfo(host, ["exec", "--runtimeconfig", runtime, program, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
