using EventSourcedStreams.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>The ready-made host, put together as its program does, on a loopback port.</summary>
internal sealed class HostedApp : IAsyncDisposable
{
    private readonly WebApplication app;

    private HostedApp(WebApplication app)
    {
        this.app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TestKit.Eventually.Limit };
    }

    public HttpClient Client { get; }

    public static Task<HostedApp> StartAsync(IReadOnlyDictionary<string, string?> settings, params ITextSource[] sources) =>
        StartAsync(settings, null, sources);

    /// <param name="configure">What the app adds besides.</param>
    public static async Task<HostedApp> StartAsync(
        IReadOnlyDictionary<string, string?> settings, Action<TextStreamsBuilder>? configure, params ITextSource[] sources)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        foreach (var (key, value) in settings) builder.Configuration[key] = value;
        var streams = builder.Services.AddReadyMadeStreams(builder.Configuration);
        foreach (var source in sources) streams.AddSource(source, clients: true);
        builder.Services.AddHostProblems();
        builder.Services.AddApiDescription();
        configure?.Invoke(streams);
        var app = builder.Build();
        app.UseHostProblems();
        app.MapTextStreamJobs(app.MapTextStreams());
        app.MapHealth();
        app.MapApiDescription();
        await app.StartAsync();
        return new HostedApp(app);
    }

    /// <inheritdoc cref="StartAsync(IReadOnlyDictionary{string, string}, ITextSource[])"/>
    /// <remarks>Returns when it serves: the start waits for a log on a server for some seconds alone.</remarks>
    public static async Task<HostedApp> StartReadyAsync(IReadOnlyDictionary<string, string?> settings, params ITextSource[] sources)
    {
        var app = await StartAsync(settings, sources);
        await app.ReadyAsync();
        return app;
    }

    public IServiceProvider Services => app.Services;

    public Task ReadyAsync() => TestKit.Eventually.UntilAsync("the server is ready", async () =>
    {
        using var ready = await Client.GetAsync("/health/ready");
        return ready.IsSuccessStatusCode;
    });

    /// <summary>As a signal to the process does.</summary>
    public Task StopAsync() => app.StopAsync();

    /// <summary>Without a stop before, it is as if the process had died: no ending is written.</summary>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }
}
