using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreDb;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.EventStoreDb;

/// <summary>An engine whose server goes away under live streams, on the real clock.</summary>
public sealed class EventStoreDbOutageTests : IAsyncLifetime
{
    private const int Streams = 100;

    private readonly RestartableStore store = new();
    private readonly ScriptedSource source = new();
    private SqliteEventStore served = null!;
    private EventStoreDbStore log = null!;
    private EngineNode node = null!;
    private StreamId[] ids = [];
    private DriverReader[] drivers = [];

    public async Task InitializeAsync()
    {
        served = await store.NewLogAsync();
        await store.ServeAsync(served);
        log = await store.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        await log.DisposeAsync();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task An_outage_within_the_limit_costs_no_token_and_loses_nothing()
    {
        await DriveAsync(TimeSpan.FromMinutes(10));
        await store.GoAwayAsync();
        await Eventually.UntilAsync("the outage is known", () => log.Problem is not null);
        await SayAsync("During. ");
        await Eventually.UntilAsync("every driver has every token", () => drivers.All(driver => driver.Text == "Before. During. "));

        await store.ServeAsync(served);
        await SayAsync("After.");
        foreach (var id in ids) source.For(id).End();
        foreach (var driver in drivers) (await driver.End.WaitAsync(Eventually.Limit))!.Status.Should().Be(StreamStatus.Done);

        foreach (var (id, driver) in ids.Zip(drivers))
            (await node.BodyAsync(id)).Text.ToString().Should().Be("Before. During. After.").And.Be(driver.Text);
        await Eventually.UntilAsync("nothing is wrong any more", () => node.Engine.Problem is null);
    }

    [Fact]
    public async Task An_outage_over_the_limit_ends_streams_truthfully_once_the_server_is_back()
    {
        await DriveAsync(TimeSpan.FromSeconds(5));
        await store.GoAwayAsync();
        await SayAsync("During. ");

        foreach (var driver in drivers)
        {
            var end = await driver.End.WaitAsync(Eventually.Limit);
            end!.Status.Should().BeNull("the log has not said how it ended");
            end.Error!.Code.Should().Be("log-unavailable");
        }

        await store.ServeAsync(served);
        await Eventually.UntilAsync("every stream has its ending", () => node.Engine.Drivers.Count == 0);
        foreach (var id in ids)
        {
            var events = await node.EventsAsync(id);
            events[^1].Event.Should().BeOfType<StreamEvent.StreamFailed>().Which.Code.Should().Be("log-unavailable");
            events.Count(e => e.Event.IsEnding).Should().Be(1);
            (await node.BodyAsync(id)).Text.ToString().Should().Be("Before. During. ");
        }
    }

    private async Task DriveAsync(TimeSpan outageLimit)
    {
        var options = new StreamEngineOptions { Driving = new DrivingLimits { OutageLimit = outageLimit } };
        node = await EngineNode.StartAsync(log, TimeProvider.System, [source], options: options);
        ids = await Task.WhenAll(Enumerable.Range(0, Streams).Select(i => node.CreateAsync($"s{i}")));
        drivers = await Task.WhenAll(ids.Select(node.DriveAsync));
        await SayAsync("Before. ");
        await Eventually.UntilAsync("it is saved", () => drivers.All(driver => driver.SavedLength == "Before. ".Length));
    }

    private async Task SayAsync(string text)
    {
        foreach (var id in ids) await source.For(id).SayAsync(text);
    }
}
