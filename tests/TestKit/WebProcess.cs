using System.Diagnostics;
using System.Globalization;

namespace EventSourcedStreams.TestKit;

/// <summary>The ready-made host as a process of its own, on a free loopback port. It has to be built beside the project
/// that starts it.</summary>
public sealed class WebProcess : IAsyncDisposable
{
    private readonly Process process;

    private WebProcess(Process process, HttpClient client) => (this.process, Client) = (process, client);

    public HttpClient Client { get; }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="settings">Further arguments of the command line.</param>
    public static async Task<WebProcess> StartAsync(string folder, params IEnumerable<string> settings)
    {
        var url = $"http://127.0.0.1:{Ports.Free()}";
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false };
        foreach (var argument in (string[])[Assembly(), "--urls", url, "--Embedded:Path", folder, "--Logging:LogLevel:Default", "Warning", .. settings])
            start.ArgumentList.Add(argument);
        var process = Process.Start(start) ?? throw new InvalidOperationException("The server did not start.");
        var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1000 })
        {
            BaseAddress = new Uri(url),
            Timeout = TimeSpan.FromMinutes(3),
        };
        var server = new WebProcess(process, client);
        try
        {
            await Eventually.UntilAsync("the server is ready", server.IsReadyAsync);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>SIGTERM, as an operator or a container would.</summary>
    public async Task StopAsync()
    {
        Signal("TERM");
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"A graceful stop ended with {process.ExitCode}.");
    }

    /// <summary>SIGSTOP: the process stands still, its connections stay.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>SIGCONT.</summary>
    public void Thaw() => Signal("CONT");

    public async Task<bool> IsReadyAsync()
    {
        if (process.HasExited) throw new InvalidOperationException($"The server ended with {process.ExitCode}.");
        try
        {
            using var answer = await Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;                                                        // it does not listen yet
        }
    }

    public ValueTask DisposeAsync()
    {
        if (!process.HasExited) Kill();
        process.Dispose();
        Client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The host's assembly, of the configuration and framework that this program was built with.</summary>
    private static string Assembly()
    {
        var here = AppContext.BaseDirectory.TrimEnd('/');
        var framework = Path.GetFileName(here);
        var configuration = Path.GetFileName(Path.GetDirectoryName(here)!);
        var root = Path.GetFullPath(Path.Combine(here, "../../../../.."));
        return Path.Combine(root, "src", "Web", "bin", configuration, framework, "EventSourcedStreams.Web.dll");
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
