using EventSourcedStreams.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.AspNetCore.Tests.Hosting;

/// <summary>An app that embeds the library, put together with the front door alone, on a loopback port and a folder of
/// its own.</summary>
internal sealed class OwnApp : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly TempFolder folder;

    private OwnApp(WebApplication app, TempFolder folder) => (this.app, this.folder) = (app, folder);

    public IServiceProvider Services => app.Services;

    public HttpClient Client { get; } = new() { Timeout = Eventually.Limit };

    public string Folder => folder.Path;

    /// <param name="services">Adds text streams.</param>
    /// <param name="endpoints">Maps them; null: at the usual place.</param>
    /// <param name="settings">Beside <c>TextStreams:Embedded:Path</c>.</param>
    public static OwnApp Build(
        Action<WebApplicationBuilder> services, Action<WebApplication>? endpoints = null, params (string Key, string Value)[] settings)
    {
        var folder = new TempFolder();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["TextStreams:Embedded:Path"] = folder.Path;
        foreach (var (key, value) in settings) builder.Configuration[key] = value;
        services(builder);
        var app = builder.Build();
        (endpoints ?? (own => own.MapTextStreams()))(app);
        return new OwnApp(app, folder);
    }

    /// <inheritdoc cref="Build"/>
    public static async Task<OwnApp> StartAsync(
        Action<WebApplicationBuilder> services, Action<WebApplication>? endpoints = null, params (string Key, string Value)[] settings)
    {
        var app = Build(services, endpoints, settings);
        try
        {
            await app.StartAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async Task StartAsync()
    {
        await app.StartAsync();
        Client.BaseAddress = new Uri(app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Dispose();
    }
}
