using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Hosting;

/// <summary>Each connection is a file, and a process that has none left ends: the ready-made host takes no more than it
/// can have.</summary>
public sealed partial class FewFilesTests : IDisposable
{
    private const int Files = 600;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task With_few_files_it_takes_few_connections_says_so_and_lives_on()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var host = Start();
        try
        {
            var said = "";
            while (!said.Contains("/docs", StringComparison.Ordinal) && await host.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Limit) is { } line)
                said += line + "\n";
            var most = int.Parse(Most().Match(said).Groups[1].Value, CultureInfo.InvariantCulture);
            said.Should().Contain($"only {Files} files").And.Contain("ulimit -n");
            most.Should().BeInRange(16, Files / 4);
            var address = new Uri(Address().Match(said).Groups[1].Value);

            var connections = new List<TcpClient?>();
            for (var i = 0; i < 2 * Files; i++) connections.Add(await ConnectedAsync(address));
            await Eventually.UntilAsync("those beyond the bound are closed", () => connections.Count(IsClosed) >= (2 * Files) - most);
            host.HasExited.Should().BeFalse();
            connections.ForEach(connection => connection?.Dispose());

            using var client = new HttpClient { BaseAddress = address };
            await Eventually.UntilAsync("it answers", async () =>
            {
                try
                {
                    return (await client.GetAsync("/health/ready")).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            });
        }
        finally
        {
            host.Kill();
            await host.WaitForExitAsync().WaitAsync(Eventually.Limit); // before its folder is deleted
        }
    }

    /// <summary>Null: it was closed while it was made.</summary>
    private static async Task<TcpClient?> ConnectedAsync(Uri address)
    {
        var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.Host, address.Port);
            return client;
        }
        catch (SocketException)
        {
            client.Dispose();
            return null;
        }
    }

    private static bool IsClosed(TcpClient? connection)
    {
        if (connection is null) return true;
        try
        {
            return connection.Client.Poll(0, SelectMode.SelectRead) && connection.Client.Available == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private Process Start() => Process.Start(new ProcessStartInfo("bash")
    {
        ArgumentList =
        {
            "-c", $"ulimit -n {Files} && exec dotnet \"$0\" --urls http://127.0.0.1:0 --Embedded:Path \"$1\"",
            Path.Combine(AppContext.BaseDirectory, "EventSourcedStreams.Web.dll"), folder.Path,
        },
        RedirectStandardOutput = true,
    })!;

    [GeneratedRegex("at most ([0-9]+) connections")]
    private static partial Regex Most();

    [GeneratedRegex("The page is at (http://[0-9.:]+)/")]
    private static partial Regex Address();
}
