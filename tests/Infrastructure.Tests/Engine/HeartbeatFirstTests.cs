using System.Collections.Concurrent;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>A node that was cut off says that it lives before it writes anything else.</summary>
public sealed class HeartbeatFirstTests : IAsyncLifetime
{
    private const int Streams = 10;

    private readonly ManualTime time = new();
    private readonly ScriptedSource source = new();
    private readonly ConcurrentQueue<string> appended = new();
    private EngineNode node = null!;
    private StreamId[] ids = [];
    private DriverReader[] drivers = [];

    public async Task InitializeAsync()
    {
        node = await EngineNode.StartAsync(new InMemoryEventStore(new InMemoryStore(time)), time, [source]);
        ids = await Task.WhenAll(Enumerable.Range(0, Streams).Select(i => node.CreateAsync($"s{i}")));
        drivers = await Task.WhenAll(ids.Select(node.DriveAsync));
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task After_an_outage_the_heartbeat_comes_before_any_backlog()
    {
        node.Faults.GoAway();
        await SayAsync("Before. ");
        await AdvanceUntilAsync("only a heartbeat still waits for the log", () => node.Faults.HeldAppends.ToList() is ["text.node-a"]);
        await SayAsync("During. ");
        node.Faults.OnAppend = (stream, _) => appended.Enqueue(stream);

        node.Faults.ComeBack();
        await AdvanceUntilAsync("all is durable", () => drivers.All(driver => driver.SavedLength == 16));

        appended.First().Should().Be("text.node-a");
        appended.Should().Contain(stream => stream.StartsWith("text-"));
    }

    [Fact]
    public async Task An_append_in_doubt_is_repeated_behind_a_heartbeat_that_does_not_wait_for_its_time()
    {
        var failed = 0;
        node.Faults.OnAppend = (stream, _) =>
        {
            appended.Enqueue(stream);
            if (stream.StartsWith("text-") && Interlocked.Exchange(ref failed, 1) == 0) throw new LogUnavailableException("The log is away.");
        };
        var began = time.GetUtcNow();

        await source.For(ids[0]).SayAsync("Before. ");
        await Eventually.UntilAsync("the append has failed and a heartbeat was sent", () => appended.Count == 2);
        await AdvanceUntilAsync("it is durable", () => drivers[0].SavedLength == 8);

        appended.Should().Equal("text-s0", "text.node-a", "text-s0");
        (time.GetUtcNow() - began).Should().BeLessThan(TimeSpan.FromSeconds(2));
    }

    private async Task SayAsync(string text)
    {
        foreach (var id in ids) await source.For(id).SayAsync(text);
    }

    private Task AdvanceUntilAsync(string what, Func<bool> condition) => Eventually.UntilAsync(what, () =>
    {
        if (condition()) return true;
        time.Advance(TimeSpan.FromMilliseconds(100));
        return false;
    });
}
