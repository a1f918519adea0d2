using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Hosting;

/// <summary>What the ready-made host says as it starts, to an operator that has only run it.</summary>
public sealed class StartWordsTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task It_says_where_streams_are_kept_and_where_its_page_is()
    {
        using var host = Start("http://127.0.0.1:0");
        var said = "";
        try
        {
            while (!said.Contains("/docs", StringComparison.Ordinal) && await host.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Limit) is { } line)
                said += line + "\n";
        }
        finally
        {
            host.Kill();
            await host.WaitForExitAsync().WaitAsync(Eventually.Limit); // before its folder is deleted
        }

        said.Should().Contain($"Text streams are kept in {folder.Path}").And.MatchRegex(@"The page is at http://127\.0\.0\.1:[1-9]\d*/");
    }

    [Fact]
    public async Task Where_its_port_is_taken_it_says_so_in_one_line_and_what_to_do()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var host = Start($"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}");

        var saying = host.StandardError.ReadToEndAsync();
        try
        {
            await Task.WhenAll(saying, host.WaitForExitAsync()).WaitAsync(Eventually.Limit);
        }
        finally
        {
            host.Kill();
        }

        host.ExitCode.Should().Be(1);
        (await saying).TrimEnd().Should().Contain("in use").And.Contain("--urls http://").And.NotContain("\n");
    }

    private Process Start(string url) => Process.Start(new ProcessStartInfo("dotnet")
    {
        ArgumentList = { Path.Combine(AppContext.BaseDirectory, "EventSourcedStreams.Web.dll"), "--urls", url, "--Embedded:Path", folder.Path },
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    })!;
}
