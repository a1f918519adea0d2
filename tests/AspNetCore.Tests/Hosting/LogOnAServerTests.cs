using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.EventStoreServer;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.AspNetCore.Tests.Hosting;

/// <summary>The host on a log that is on a server: it starts without it, and serves as soon as it is there.</summary>
public sealed class LogOnAServerTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly TempFolder cache = new();
    private readonly ScriptedSource source = new("told");
    private readonly int port = Ports.Free();
    private SqliteEventStore log = null!;
    private EmbeddedLogServer? server;

    public async Task InitializeAsync() => log = await SqliteEventStore.OpenAsync(
        new SqliteEventStoreOptions { Path = folder.Path }, TimeProvider.System, NullLogger.Instance, default);

    public async Task DisposeAsync()
    {
        await GoAwayAsync();
        await log.DisposeAsync();
        folder.Dispose();
        cache.Dispose();
    }

    [Fact]
    public async Task It_starts_without_the_log_says_why_it_is_not_ready_and_becomes_so_by_itself()
    {
        await using var app = await StartAsync();
        (await ReadinessAsync(app.Client)).Status.Should().Be(HttpStatusCode.ServiceUnavailable);
        await Eventually.UntilAsync("it says why", async () =>
            (await ReadinessAsync(app.Client)) is (HttpStatusCode.ServiceUnavailable, { } why) && why.StartsWith("EventStoreDB cannot be reached: ", StringComparison.Ordinal));
        using (var refused = await app.Client.PostAsJsonAsync("/v1/streams", new { source = "told" }))
        {
            refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            refused.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
            (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().Should().Be("/problems/log-unavailable");
        }

        await ComeAsync();
        await Eventually.UntilAsync("it is ready", async () => (await ReadinessAsync(app.Client)).Status == HttpStatusCode.OK);

        await DriveAsync(app.Client, "Now it speaks.");
        await app.StopAsync();
    }

    [Fact]
    public async Task A_log_that_goes_away_makes_it_unready_and_costs_running_streams_nothing()
    {
        await ComeAsync();
        await using var app = await StartAsync();
        await app.ReadyAsync();
        var id = await app.Client.CreateAsync(new { source = "told" });
        using var driver = await LiveAnswer.OfAsync(app.Client.DriveAsync(id, StreamRequests.Events));
        await source.For(new(id)).SayAsync("Before. ");
        await driver.HasAsync("Before. ");

        await GoAwayAsync();
        await source.For(new(id)).SayAsync("During. ");
        await driver.HasAsync("Before. During. ");
        await Eventually.UntilAsync("it is not ready", async () => (await ReadinessAsync(app.Client)).Status == HttpStatusCode.ServiceUnavailable);

        await ComeAsync();
        await Eventually.UntilAsync("it is ready again", async () => (await ReadinessAsync(app.Client)).Status == HttpStatusCode.OK);
        await source.For(new(id)).SayAsync("After.");
        source.For(new(id)).End();
        await driver.Over;

        driver.End.Status.Should().Be("done");
        (await app.Client.QueryAsync(id)).GetProperty("text").GetString().Should().Be("Before. During. After.");
        await app.StopAsync();
    }

    [Fact]
    public async Task The_list_is_there_again_after_a_start_and_its_folder_is_used_by_one_process()
    {
        await ComeAsync();
        await using (var app = await StartAsync())
        {
            await app.ReadyAsync();
            await DriveAsync(app.Client, "Once.");
            var second = () => StartAsync();
            (await second.Should().ThrowAsync<IOException>()).Which.Message.Should().Contain("EventStore:CachePath");
            await app.StopAsync();
        }

        await using var again = await StartAsync();
        await again.ReadyAsync();
        await Eventually.UntilAsync("it is listed", async () =>
            (await again.Client.GetFromJsonAsync<JsonElement>("/v1/streams")).GetProperty("items").GetArrayLength() == 1);
        await again.StopAsync();
    }

    private Task<HostedApp> StartAsync() => HostedApp.StartAsync(
        new Dictionary<string, string?>
        {
            ["EventStore:ConnectionString"] = $"esdb://127.0.0.1:{port}?tls=false",
            ["EventStore:CachePath"] = cache.Path,
            ["Streams:OutageLimit"] = "00:10:00",                                // no outage here is to be too long
        },
        source);

    private async Task DriveAsync(HttpClient client, string text)
    {
        var id = await client.CreateAsync(new { source = "told" });
        using var driver = await LiveAnswer.OfAsync(client.DriveAsync(id));
        await source.For(new(id)).SayAsync(text);
        source.For(new(id)).End();
        await driver.Over;
        driver.Text.Should().Be(text);
        (await client.QueryAsync(id)).GetProperty("text").GetString().Should().Be(text);
    }

    private static async Task<(HttpStatusCode Status, string? Why)> ReadinessAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/health/ready");
        return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("event-log").GetString());
    }

    private async Task ComeAsync() =>
        server = await EmbeddedLogServer.StartAsync(log, port, TimeProvider.System, NullLoggerFactory.Instance, default);

    private async Task GoAwayAsync()
    {
        if (Interlocked.Exchange(ref server, null) is { } running) await running.DisposeAsync();
    }
}
