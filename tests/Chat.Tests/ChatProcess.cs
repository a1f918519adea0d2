using System.Diagnostics;
using System.Net;

namespace EventSourcedStreams.Chat.Tests;

/// <summary>The sample as a user runs it: a process of its own, on a free loopback port, with an empty data
/// folder.</summary>
public sealed class ChatProcess : IAsyncLifetime
{
    private const string Listening = "Now listening on: ";

    private readonly string folder = Directory.CreateTempSubdirectory("chat-sample-").FullName;
    private TaskCompletionSource<Uri> address = null!;
    private Process process = null!;

    /// <summary>The app's own record of which user asked what.</summary>
    public string Record => Path.Combine(folder, "chats.jsonl");

    public Task InitializeAsync() => StartAsync();

    /// <summary>As after a crash, with the same folder.</summary>
    public async Task RestartAsync(Action? meanwhile = null)
    {
        await KillAsync();
        meanwhile?.Invoke();
        await StartAsync();
    }

    private async Task StartAsync()
    {
        address = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var listening = address;
        var here = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        var framework = Path.GetFileName(here);
        var configuration = Path.GetFileName(Path.GetDirectoryName(here)!);
        var sample = Path.GetFullPath(Path.Combine(here, "../../../../..", "samples", "Chat"));
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                Path.Combine(sample, "bin", configuration, framework, "EventSourcedStreams.Chat.dll"),
                "--contentRoot", sample, "--urls", "http://127.0.0.1:0", "--TextStreams:Embedded:Path", folder, "--Writer:Pause", "00:00:00.020",
                "--OpenAI:ApiKey", "", // the built-in writer, whatever the machine has set
            },
            Environment = { ["HOME"] = folder },                                 // the keys of its cookies go here
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) =>
        {
            var at = line.Data?.IndexOf(Listening, StringComparison.Ordinal) ?? -1;
            if (at >= 0) listening.TrySetResult(new Uri(line.Data![(at + Listening.Length)..].Trim()));
            if (line.Data is null) listening.TrySetException(new InvalidOperationException("The sample ended before it listened."));
        };
        process.BeginOutputReadLine();
        await address.Task.WaitAsync(TimeSpan.FromMinutes(3));
    }

    /// <summary>A browser, as it were: keeps cookies, and says where it is sent instead of going there.</summary>
    public async Task<HttpClient> BrowserAsync(string? user = null)
    {
        var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false })
        {
            BaseAddress = await address.Task,
        };
        if (user is null) return browser;
        using var form = new FormUrlEncodedContent([new("name", user)]);
        using var answer = await browser.PostAsync(new Uri("/sign-in", UriKind.Relative), form);
        answer.StatusCode.Should().Be(HttpStatusCode.Redirect);
        return browser;
    }

    public async Task DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
