using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using EventSourcedStreams.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.AspNetCore.Tests.Access;

/// <summary>The ready-made host as its program puts it together, on a loopback port and a folder of its own, with
/// keys.</summary>
internal sealed class KeyedHost : IAsyncDisposable
{
    public static readonly string TokenKey = new('k', 40);

    private readonly WebApplication app;
    private readonly TempFolder folder;
    private readonly HttpClient http;

    private KeyedHost(WebApplication app, TempFolder folder, ScriptedSource source, ShiftedTime time)
    {
        (this.app, this.folder, Source, Time) = (app, folder, source, time);
        http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1000 }) { BaseAddress = new Uri(app.Urls.First()), Timeout = Eventually.Limit };
    }

    /// <summary>The source <c>told</c>.</summary>
    public ScriptedSource Source { get; }

    public ShiftedTime Time { get; }

    public IServiceProvider Services => app.Services;

    public string Folder => folder.Path;

    public Uri Address => http.BaseAddress!;

    /// <param name="keys">Each a name, which is its secret too, and its rights; behind a colon its tenant.</param>
    /// <param name="guesses">Wrong keys from one address at once.</param>
    /// <param name="waiting">Stands before all that is served; null: nothing does.</param>
    /// <param name="logs">Gets what the server logs, at every level.</param>
    public static async Task<KeyedHost> StartAsync(
        IReadOnlyDictionary<string, string> keys, IReadOnlyDictionary<string, string?>? settings = null, ILoggerProvider? logs = null, int guesses = 1_000_000,
        WaitingAnswers? waiting = null)
    {
        var (folder, source, time) = (new TempFolder(), new ScriptedSource("told"), new ShiftedTime());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (logs is not null) builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["Embedded:Path"] = folder.Path;
        builder.Configuration["Auth:TokenKeys:0"] = TokenKey;
        foreach (var (name, rights) in keys)
            foreach (var (key, value) in Settings(name, rights)) builder.Configuration[key] = value;
        foreach (var (key, value) in settings ?? new Dictionary<string, string?>()) builder.Configuration[key] = value;
        builder.Services.AddSingleton<TimeProvider>(time);
        if (waiting is not null) builder.Services.AddSingleton<IStartupFilter>(waiting);
        builder.AddReadyMadeHost().AddSource(source, clients: true);
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler>(_ => new AccessAnswers(guesses));
        var app = builder.Build();
        app.UseReadyMadeHost();
        await app.StartAsync();
        return new KeyedHost(app, folder, source, time);
    }

    /// <summary>All that is served, as method and pattern; what names no method has <c>*</c>.</summary>
    public IEnumerable<(string Method, string Pattern)> Endpoints =>
        from endpoint in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"]
        select (method, endpoint.RoutePattern.RawText!);

    /// <summary>As an operator edits the settings, while the server runs.</summary>
    public void Configure(params (string Key, string? Value)[] settings)
    {
        var configuration = (IConfigurationManager)app.Configuration;
        foreach (var (key, value) in settings) configuration[key] = value;
        ((IConfigurationRoot)configuration).Reload();
    }

    /// <param name="credential">Sent as Bearer; null: none.</param>
    public async Task<HttpResponseMessage> SendAsync(
        string method, string path, string? credential, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (credential is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        if (body is not null) request.Content = body as HttpContent ?? JsonContent.Create(body);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async Task<int> StatusAsync(string method, string path, string? credential, object? body = null, params (string Name, string Value)[] headers)
    {
        using var answer = await SendAsync(method, path, credential, body, headers);
        return (int)answer.StatusCode;
    }

    public async Task<JsonElement> JsonAsync(string method, string path, string? credential, object? body = null)
    {
        using var answer = await SendAsync(method, path, credential, body);
        answer.IsSuccessStatusCode.Should().BeTrue($"{method} {path} answers {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<string> MintAsync(string credential, string path, object body) =>
        (await JsonAsync("POST", path, credential, body)).GetProperty("token").GetString()!;

    /// <summary>Stops the server, and reads what it has put on record. It would wait 2 s for that to be written, which
    /// a busy disk may take for an append: no time passes for it meanwhile.</summary>
    public async Task<IReadOnlyList<ServiceEvent.AccessRecorded>> RecordAsync()
    {
        Time.Stand();
        await app.StopAsync();
        await using var log = await SqliteEventStore.OpenAsync(new SqliteEventStoreOptions { Path = Folder }, Time, NullLogger.Instance, default);
        var recorded = new List<ServiceEvent.AccessRecorded>();
        while (await log.ReadAsync(StreamPrefix.Default.Access, recorded.Count, forward: true, maxCount: 1000, ReadFrom.Leader, default)
            is StoreRead.Page { Events: [_, ..] events })
            recorded.AddRange(events.Select(stored => (ServiceEvent.AccessRecorded)ServiceCodec.Decode(stored).Event));
        return recorded;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Dispose();
    }

    private static IEnumerable<(string Key, string Value)> Settings(string name, string rights)
    {
        yield return ($"Auth:Keys:{name}:Hash", ApiKey.HashOf(name));
        yield return ($"Auth:Keys:{name}:Rights", rights.Split(':')[0]);
        if (rights.Split(':') is [_, var tenant]) yield return ($"Auth:Keys:{name}:Tenant", tenant);
    }
}
