using System.Diagnostics;
using System.Net;

namespace EventSourcedStreams.Chat.Tests;

/// <summary>The sample as a user runs it: a process of its own, on a free loopback port, with an empty data folder.</summary>
public sealed class ChatProcess : IAsyncLifetime
{
    private const string Listening = "Now listening on: ";

    private readonly string folder = Directory.CreateTempSubdirectory("chat-sample-").FullName;
    private readonly TaskCompletionSource<Uri> address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process process = null!;

    public async Task InitializeAsync()
    {
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
                "--OpenAI:ApiKey", "",                                           // the built-in writer, whatever the machine has set
            },
            Environment = { ["HOME"] = folder },                                 // the keys of its cookies go here
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) =>
        {
            var at = line.Data?.IndexOf(Listening, StringComparison.Ordinal) ?? -1;
            if (at >= 0) address.TrySetResult(new Uri(line.Data![(at + Listening.Length)..].Trim()));
            if (line.Data is null) address.TrySetException(new InvalidOperationException("The sample ended before it listened."));
        };
        process.BeginOutputReadLine();
        await address.Task.WaitAsync(TimeSpan.FromMinutes(1));
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
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
