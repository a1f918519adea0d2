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
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
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

    public IServiceProvider Services => app.Services;

    /// <summary>As a signal to the process does.</summary>
    public Task StopAsync() => app.StopAsync();

    /// <summary>Without a stop before, it is as if the process had died: no ending is written.</summary>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }
}
