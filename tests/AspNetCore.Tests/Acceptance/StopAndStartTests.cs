using EventSourcedStreams.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>The host stops with streams running, or dies, and is started on the same log.</summary>
/// <param name="clock">Of the start after a death.</param>
/// <param name="found">By when, on that clock, a start has found out that the process before it is dead.</param>
public abstract class StopAndStartTests(ITestLog log, TimeProvider clock, TimeSpan found) : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ScriptedSource source = new("told");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_stop_ends_what_runs_as_interrupted_and_tells_everybody()
    {
        string id;
        await using (var app = await StartAsync(outageLimit: "00:10:00")) // no outage here is to be too long
        {
            id = await app.Client.CreateAsync(new { source = "told" });
            var rawId = await app.Client.CreateAsync(new { source = "told" });
            using var driver = await LiveAnswer.OfAsync(app.Client.DriveAsync(id, StreamRequests.Events));
            using var raw = await LiveAnswer.OfAsync(app.Client.DriveAsync(rawId));
            using var follower = await LiveAnswer.OfAsync(app.Client.FollowAsync(id));
            await source.For(new(id)).SayAsync("One. ", "and half");
            await source.For(new(rawId)).SayAsync("raw");

            await app.StopAsync().WaitAsync(Eventually.Limit);
            await Task.WhenAll(driver.Over, raw.Over, follower.Over);

            source.For(new(id)).Token.IsCancellationRequested.Should().BeTrue();
            foreach (var told in (LiveAnswer[])[driver, follower])
            {
                told.Text.Should().Be("One. and half");
                told.End.Status.Should().Be("error");
                told.End.Json.GetProperty("error").GetProperty("code").GetString().Should().Be("interrupted");
            }

            raw.IsCut.Should().BeTrue();
        }

        await using var again = await StartAsync();
        var stored = await again.Client.QueryAsync(id);
        stored.GetProperty("status").GetString().Should().Be("error");
        stored.GetProperty("text").GetString().Should().Be("One. and half");
        await again.StopAsync();
    }

    [Fact]
    public async Task A_start_ends_what_a_dead_process_left_running_as_soon_as_that_is_certain()
    {
        string id;
        await using (var app = await StartAsync())
        {
            id = await app.Client.CreateAsync(new { source = "told" });
            using var driver = await LiveAnswer.OfAsync(app.Client.DriveAsync(id));
            using var follower = await LiveAnswer.OfAsync(app.Client.FollowAsync(id));
            await source.For(new(id)).SayAsync("Saved. ", "never saved");
            await follower.HasAsync("Saved. ");
        }

        await using var again = await StartAsync(clock);
        using var late = await LiveAnswer.OfAsync(again.Client.FollowAsync(id));
        var began = clock.GetTimestamp();
        await late.Over.WaitAsync(Eventually.Limit);
        clock.GetElapsedTime(began).Should().BeLessThan(found);

        late.End.Status.Should().Be("error");
        late.End.Json.GetProperty("error").GetProperty("code").GetString().Should().Be("interrupted");
        "Saved. never saved".Should().StartWith(late.Text);
        late.Text.Should().StartWith("Saved. ");
        await again.StopAsync();
    }

    private async Task<HostedApp> StartAsync(TimeProvider? own = null, string outageLimit = "00:00:05")
    {
        var app = await HostedApp.StartAsync(
            new Dictionary<string, string?>(log.SettingsFor(folder.Path)) { ["Streams:OutageLimit"] = outageLimit },
            streams => streams.Services.AddSingleton(own ?? TimeProvider.System),
            source);
        await app.ReadyAsync();
        return app;
    }

    /// <summary>Its folder has one process: a start knows at once, before the recovery would come round
    /// again.</summary>
    public sealed class OnLocalLog() : StopAndStartTests(new LocalLog(), new SlowTime(10), found: TimeSpan.FromSeconds(8));

    /// <summary>Other processes may live: the dead one has to be silent over its outage limit and what comes on
    /// top.</summary>
    public sealed class OnEventStoreDb(EventStoreUnderTest store)
        : StopAndStartTests(new RemoteLog(store), TimeProvider.System, found: Eventually.Limit), IClassFixture<EventStoreUnderTest>;
}
