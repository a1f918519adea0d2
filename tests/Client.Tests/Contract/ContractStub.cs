using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Client.Tests.Contract;

/// <summary>The stub that both clients are held against (<c>tests/ClientContract</c>), as a process of its
/// own.</summary>
public sealed class ContractStub : IAsyncLifetime
{
    private Process process = null!;
    private HttpClient http = null!;

    public static string Folder { get; } = Path.Combine(Root(), "tests", "ClientContract");

    public async Task InitializeAsync()
    {
        process = Process.Start(new ProcessStartInfo("node", [Path.Combine(Folder, "server.mjs")])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,                                        // it ends when this does
        }) ?? throw new InvalidOperationException("The contract's stub needs Node 20 or later on the path.");
        http = new HttpClient { BaseAddress = new Uri((await process.StandardOutput.ReadLineAsync())!) };
    }

    /// <summary>Begins a run: its number and where the API is served.</summary>
    public async Task<(string Run, Uri Streams)> BeginAsync(string @case, int variant)
    {
        using var begun = await http.PostAsJsonAsync("/runs", new { @case, variant });
        begun.EnsureSuccessStatusCode();
        var run = await begun.Content.ReadFromJsonAsync<JsonElement>();
        return (run.GetProperty("run").GetString()!, new Uri($"{run.GetProperty("root").GetString()}/v1/streams"));
    }

    /// <summary>What came of a run.</summary>
    public Task<JsonElement> ReportAsync(string run) => http.GetFromJsonAsync<JsonElement>($"/runs/{run}");

    public async Task DisposeAsync()
    {
        http.Dispose();
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Eventually.Limit);
        await process.WaitForExitAsync(limit.Token);
        process.Dispose();
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "EventSourcedStreams.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
