using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore.Tests;

/// <summary>What a test's server is made of.</summary>
public sealed record TextStreamsAppSetup
{
    /// <summary>Shared by several: several nodes on one log.</summary>
    public ITestLog Log { get; init; } = new LocalLog();

    /// <summary>Put around the log of bytes: holds appends back, loses answers, goes away.</summary>
    internal Func<IEventStore, IEventStore> Wrap { get; init; } = log => log;

    /// <summary>Beside <c>upload</c>, <c>demo</c> and the app's own <c>script</c>.</summary>
    public IReadOnlyList<ITextSource> Sources { get; init; } = [];

    internal StreamEngineOptions Options { get; init; } = new();

    internal TextStreamsHttpOptions Http { get; init; } = new() { DefaultSource = "script" };

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public string Node { get; init; } = "node-1";

    /// <summary>By which clock what is left after a stop is cut.</summary>
    public TimeProvider CutTime { get; init; } = TimeProvider.System;

    /// <summary>Gets what the server logs; null: it is dropped.</summary>
    public ILoggerProvider? Logs { get; init; }

    /// <summary>Null: nothing looks at what its engine counts.</summary>
    public RecordedMetrics? Metrics { get; init; }

    /// <summary>Middleware before the endpoints, as an app's own sign-in.</summary>
    public Action<WebApplication>? Before { get; init; }

    /// <summary>Options for what is below the prefix.</summary>
    public Action<TextStreamEndpointsOptions> Below { get; init; } = _ => { };

    /// <summary>Conventions on the endpoints.</summary>
    public Action<RouteGroupBuilder>? Endpoints { get; init; }
}

/// <summary>A real server on a loopback port, over a log in memory unless told otherwise.</summary>
public sealed class TextStreamsApp : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string folder;
    private readonly SqliteCatalog catalog;
    private readonly IEventStore log;

    private TextStreamsApp(
        WebApplication app, StreamEngine engine, ScriptedSource script, SqliteCatalog catalog, string folder, IEventStore log)
    {
        (this.app, this.catalog, this.folder, this.log) = (app, catalog, folder, log);
        (Engine, Script) = (engine, script);
        BaseAddress = new Uri(app.Urls.Single());
        Client = new HttpClient { BaseAddress = BaseAddress, Timeout = Eventually.Limit };
    }

    public Uri BaseAddress { get; }

    public HttpClient Client { get; }

    internal StreamEngine Engine { get; }

    internal EngineAccess Access => app.Services.GetRequiredService<EngineAccess>();

    public TextStreams Streams => app.Services.GetRequiredService<TextStreams>();

    /// <summary>The source <c>script</c>: a test says what it appends, and when.</summary>
    public ScriptedSource Script { get; }

    public static async Task<TextStreamsApp> StartAsync(TextStreamsAppSetup? setup = null)
    {
        setup ??= new TextStreamsAppSetup();
        var bytes = setup.Wrap(await setup.Log.OpenAsync(setup.Time));
        var node = new NodeRun(setup.Node, Guid.NewGuid().ToString("N"));
        var log = await StreamLog.OpenAsync(bytes, setup.Log.Prefix, Guid.NewGuid, setup.Time, node, default);
        var folder = Directory.CreateTempSubdirectory("text-streams-").FullName;
        var catalog = await SqliteCatalog.OpenAsync(Path.Combine(folder, "directory.db"), NullLogger.Instance, default);
        var script = new ScriptedSource();
        var engine = await StreamEngine.StartAsync(
            new StreamEngineSetup
            {
                Log = log,
                Catalog = catalog,
                Node = node,
                IsExclusive = false,
                Sources = [script, new UploadSource(), new DemoSource(setup.Time), .. setup.Sources],
                Options = setup.Options,
                NewId = Guid.NewGuid,
                Time = setup.Time,
                Logger = NullLogger.Instance,
                Metrics = setup.Metrics?.Metrics ?? StreamMetrics.OfProcess,
            },
            default);

        var app = Build(setup);
        app.Services.GetRequiredService<EngineAccess>().Set(engine);
        await app.StartAsync();
        return new TextStreamsApp(app, engine, script, catalog, folder, bytes);
    }

    private static WebApplication Build(TextStreamsAppSetup setup)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (setup.Logs is { } logs) builder.Logging.AddProvider(logs);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(_ => new EngineAccess { Cuts = new RequestCuts(setup.CutTime) });
        builder.Services.AddSingleton<IEndpointAddressScheme<LinkedRoute>, LinkedRoutes>();
        builder.Services.AddSingleton(provider => new TextStreams(
            provider.GetRequiredService<EngineAccess>(), provider.GetRequiredService<IOptions<TextStreamsHttpOptions>>()));
        builder.Services.Configure<TextStreamsHttpOptions>(http =>
        {
            http.DefaultSource = setup.Http.DefaultSource;
            http.ClientSources = setup.Http.ClientSources;
            http.Origins = setup.Http.Origins;
            http.ObserverQueueBytes = setup.Http.ObserverQueueBytes;
            http.LastWordsLimit = setup.Http.LastWordsLimit;
            http.MaxRequests = setup.Http.MaxRequests;
            http.TakeLimit = setup.Http.TakeLimit;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = 2 * Eventually.Limit);
        var app = builder.Build();
        setup.Before?.Invoke(app);
        var endpoints = app.MapTextStreams(setup.Below);
        var jobs = app.MapTextStreamJobs(endpoints);
        setup.Endpoints?.Invoke(endpoints);
        setup.Endpoints?.Invoke(jobs);
        return app;
    }

    public async Task<string> CreateAsync(object? body = null)
    {
        using var response = await Client.PostAsJsonAsync("/v1/streams", body ?? new { source = "script" });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    /// <summary>Returns when the driver has its headers.</summary>
    public Task<HttpResponseMessage> DriveAsync(string id, string accept = "*/*")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{id}/drive");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>A stream that has ended well with these pieces as its batches.</summary>
    public async Task<string> CreateDoneAsync(params string[] pieces)
    {
        var id = await CreateAsync();
        var run = Script.For(new(id));
        using var driver = await DriveAsync(id);
        driver.EnsureSuccessStatusCode();
        var length = 0L;
        foreach (var piece in pieces)
        {
            await run.SayAsync(piece);
            length += Encoding.UTF8.GetByteCount(piece);
            var wanted = length;
            await Eventually.UntilAsync(
                "the piece is durable", async () => (await Engine.Bodies.FindAsync(new StreamId(id), default))!.Summary.Length == wanted);
        }

        run.End(new SourceResult("stop"));
        await driver.Content.ReadAsStringAsync();
        return id;
    }

    public async Task<JsonElement> GetAsync(string id) => await Client.GetFromJsonAsync<JsonElement>($"/v1/streams/{id}");

    /// <summary>Stops the server in the order that the host does: endings are written while it still answers.</summary>
    public async Task StopAsync()
    {
        await Engine.StopAsync(default);
        await Access.ClearAsync();
        await app.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        await Access.ClearAsync();
        await app.DisposeAsync();
        await Engine.DisposeAsync();
        await catalog.DisposeAsync();
        await log.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
