using EventSourcedStreams.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Client.Tests;

/// <summary>The real server with a scripted source and uploads, and clients of it, directly or by a proxy that
/// cuts.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    private readonly List<ServiceProvider> all = [];
    private WebApplication app = null!;

    public ScriptedSource Script { get; } = new();

    public int Port => new Uri(app.Urls.Single()).Port;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddTextStreams().AddSource(Script, clients: true).AddUpload();
        builder.Services.AddInMemoryTextStreams(clock: null);
        app = builder.Build();
        app.MapTextStreams();
        await app.StartAsync();
    }

    public TextStreamsClient Client(int? port = null)
    {
        var services = new ServiceCollection();
        services.AddTextStreamsClient(options =>
        {
            options.BaseAddress = new Uri($"http://127.0.0.1:{port ?? Port}/v1/streams");
            (options.RetryDelay, options.Retries) = (TimeSpan.FromMilliseconds(2), 3);
        });
        all.Add(services.BuildServiceProvider());
        return all[^1].GetRequiredService<TextStreamsClient>();
    }

    public async Task DisposeAsync()
    {
        foreach (var each in all) await each.DisposeAsync();
        await app.DisposeAsync();
    }
}
