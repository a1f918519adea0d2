using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.TestKit;
using EventSourcedStreams.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>The ready-made host as its program puts it together, with a key, keys for tokens, and the log served over
/// gRPC.</summary>
public sealed class HostUnderAttack : IAsyncLifetime
{
    public const string Key = "root";

    /// <summary>A stream that has ended, which is asked for; what would change it is sent to another.</summary>
    public const string Good = "good";

    /// <summary>Another, of which no attack knows, and its text.</summary>
    public const string Kept = "kept-from-all";
    public static readonly string KeptText = string.Concat(Enumerable.Range(0, 2000).Select(i => $"Satz {i}: grün, 日本, 👩‍🚀.\n"));

    private readonly TempFolder folder = new();
    private readonly HttpClient http = new();
    private WebApplication app = null!;
    private int streams;

    internal FaultLog Faults { get; } = new();

    public int Port { get; private set; }

    public int GrpcPort { get; private set; }

    /// <summary>What nothing that leaves the server may say.</summary>
    public string Folder => folder.Path;

    internal IEnumerable<RouteEndpoint> Endpoints => app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    public async Task InitializeAsync()
    {
        GrpcPort = Ports.Free();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddProvider(Faults);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        foreach (var (key, value) in new Dictionary<string, string>
        {
            ["Embedded:Path"] = folder.Path,
            ["Embedded:GrpcPort"] = $"{GrpcPort}",
            ["Auth:TokenKeys:0"] = new('k', 40),
            [$"Auth:Keys:{Key}:Hash"] = ApiKey.HashOf(Key),
            [$"Auth:Keys:{Key}:Rights"] = "admin",
            ["Cors:Origins:0"] = "https://app.example.com",
            // No model is there to be asked, and it is found out at once.
            ["OpenAI:BaseUrl"] = "http://127.0.0.1:9/v1",
            ["OpenAI:ApiKey"] = "none",
        })
            builder.Configuration[key] = value;
        builder.BoundConnections();
        builder.AddReadyMadeHost();
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler>(_ => new AccessAnswers(most: int.MaxValue));
        app = builder.Build();
        app.UseReadyMadeHost();
        await app.StartAsync();
        Port = new Uri(app.Urls.Single()).Port;
        http.BaseAddress = new Uri($"http://127.0.0.1:{Port}");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        foreach (var id in new[] { Good, Kept })
        {
            await CreateAsync(id);
            using var text = new StringContent(KeptText, Encoding.UTF8, "text/plain");
            using var driven = await http.PostAsync($"/v1/streams/{id}/drive", text);
            driven.EnsureSuccessStatusCode();
        }

        await CreateAsync("gone");
        using var deleted = await http.DeleteAsync("/v1/streams/gone");
        deleted.EnsureSuccessStatusCode();
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>A stream that waits for an upload.</summary>
    public string Fresh()
    {
        var id = $"fresh-{Interlocked.Increment(ref streams)}";
        CreateAsync(id).GetAwaiter().GetResult();
        return id;
    }

    /// <summary>The ids of all streams, as the server lists them once it has seen them all.</summary>
    public async Task<IReadOnlyList<string>> ListedAsync()
    {
        await CreateAsync("newest");
        var ids = new List<string>();
        await Eventually.UntilAsync("the list has come so far", async () => (await PageAsync("")).Ids.Contains("newest"));
        for (var cursor = ""; ;)
        {
            (cursor, var page) = await PageAsync(cursor);
            ids.AddRange(page);
            if (cursor.Length == 0) return ids;
        }
    }

    public async Task<int> StatusAsync(string address)
    {
        using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        return (int)answer.StatusCode;
    }

    private async Task<(string Next, IReadOnlyList<string> Ids)> PageAsync(string cursor)
    {
        var page = await http.GetFromJsonAsync<JsonElement>($"/v1/streams?limit=200&cursor={cursor}");
        return (page.TryGetProperty("nextCursor", out var next) ? next.GetString()! : "", [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)]);
    }

    private async Task CreateAsync(string id)
    {
        using var created = await http.PostAsJsonAsync("/v1/streams", new { id, source = "upload" });
        if (created.StatusCode is not System.Net.HttpStatusCode.Created) throw new InvalidOperationException(await created.Content.ReadAsStringAsync());
    }
}
