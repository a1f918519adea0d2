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

        using var process = Start("list", "--store", folder.Path);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));

        process.ExitCode.Should().Be(0, await error);
        (await output).Should().Contain("é\\u001B").And.NotContain("\u001b");
        (await error).Should().BeEmpty();
    }

    [Fact]
    public async Task It_answers_2_where_there_is_nothing_to_read()
    {
        using var process = Start("list", "--store", folder.Path);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));

        process.ExitCode.Should().Be(2);
        (await output).Should().BeEmpty();
        (await error).Should().StartWith("audit: There is no ");
    }

    private static Process Start(params string[] args)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "EventSourcedStreams.Audit.dll");
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return Process.Start(new ProcessStartInfo(host, [program, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }
}
