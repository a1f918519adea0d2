using EventSourcedStreams.TestKit;
using EventSourcedStreams.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.AspNetCore.Tests.Telemetry;

/// <summary>The ready-made host with its telemetry, as its program puts it together, and everything that it
/// logs.</summary>
internal sealed class SeenHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly TempFolder folder;

    private SeenHost(WebApplication app, TempFolder folder, RecordedLogs logs)
    {
        (this.app, this.folder, Logs) = (app, folder, logs);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = Eventually.Limit };
    }

    public HttpClient Client { get; }

    public RecordedLogs Logs { get; }

    public Uri Address => Client.BaseAddress!;

    public static async Task<SeenHost> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null,
        Action<TextStreamsBuilder>? configure = null,
        Action<WebApplication>? map = null,
        TimeProvider? time = null)
    {
        var (folder, logs) = (new TempFolder(), new RecordedLogs());
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        builder.Logging.AddFilter(null, LogLevel.Trace).AddFilter("Microsoft", LogLevel.Trace);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["Embedded:Path"] = folder.Path;
        foreach (var (key, value) in settings ?? new Dictionary<string, string?>()) builder.Configuration[key] = value;
        if (time is not null) builder.Services.AddSingleton(time);
        var streams = builder.AddReadyMadeHost();
        configure?.Invoke(streams);
        var app = builder.Build();
        app.UseReadyMadeHost();
        map?.Invoke(app);
        await app.StartAsync();
        return new SeenHost(app, folder, logs);
    }

    public Task<string> MetricsAsync() => Client.GetStringAsync("/metrics");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Dispose();
    }
}
