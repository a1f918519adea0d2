using System.Diagnostics;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>The program as it is built, in a process of its own.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task It_lists_what_a_folder_holds()
    {
        await using (var log = await folder.OpenLogAsync()) await log.WriteAsync("é\u001b", Created("é\u001b"));

        using var process = Start(["list", "--store", folder.Path]);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Eventually.Limit);

        process.ExitCode.Should().Be(0, await error);
        (await output).Should().Contain("é\\u001B").And.NotContain("\u001b");
        (await error).Should().BeEmpty();
    }

    [Fact]
    public async Task It_answers_2_where_there_is_nothing_to_read()
    {
        using var process = Start(["list", "--store", folder.Path]);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Eventually.Limit);

        process.ExitCode.Should().Be(2);
        (await output).Should().BeEmpty();
        (await error).Should().StartWith("streams-audit: There is no ");
    }

    [Fact]
    public async Task Interrupted_it_ends_its_last_line_deletes_its_copy_and_answers_130()
    {
        if (OperatingSystem.IsWindows()) return;
        using var temporary = new TempFolder();
        await using (var log = await folder.OpenLogAsync())
            await Task.WhenAll(Enumerable.Range(0, 20_000).Select(i => log.WriteAsync($"stream-{i}", Created($"stream-{i}"))));

        // Its output is read no further: it stands still with its output half written, far from its end.
        using var process = Start(temporary.Path, ["list", "--json", "--store", folder.Path]);
        (await process.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Limit)).Should().StartWith("{");
        Directory.GetDirectories(temporary.Path).Should().ContainSingle();
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"])) await kill.WaitForExitAsync();
        var rest = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Eventually.Limit);

        process.ExitCode.Should().Be(130);
        rest.Should().EndWith("}\n");
        rest.Count(c => c == '\n').Should().BeLessThan(19_999);
        Directory.EnumerateFileSystemEntries(temporary.Path).Should().BeEmpty();
    }

    private static Process Start(string[] args) => Start(Path.GetTempPath(), args);

    private static Process Start(string temporary, string[] args)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "EventSourcedStreams.Audit.dll");
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return Process.Start(new ProcessStartInfo(host, [program, .. args])
        {
            Environment = { ["TMPDIR"] = temporary },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
