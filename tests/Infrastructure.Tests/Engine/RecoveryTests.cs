using System.Collections.Concurrent;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

public sealed class RecoveryTests
{
    private readonly ManualTime time = new();

    [Fact]
    public async Task More_streams_than_a_page_that_cannot_be_removed_do_not_keep_another_from_its_turn()
    {
        const int Stuck = 201;
        var source = new ScriptedSource();
        await using var node = await EngineNode.StartAsync(new InMemoryEventStore(new InMemoryStore(time)), time, [source]);
        node.Faults.OnAppend = (stream, events) =>
        {
            if (events[0].Type == "StreamDeleted" && stream != "text-z") throw new LogDamagedException(stream, 0, "damaged.");
        };
        for (var i = 0; i < Stuck; i++) await EndedAsync(node, $"s{i:000}");
        time.Advance(TimeSpan.FromMilliseconds(1));
        var last = await EndedAsync(node, "z");

        await Eventually.UntilAsync("the one that can be removed is gone", async () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return await IsGoneAsync(node, last);
        });

        (await node.EventsAsync(new StreamId("s000")))[^1].Event.Should().BeOfType<StreamEvent.StreamCancelled>();
    }

    [Fact]
    public async Task A_dead_nodes_stream_that_cannot_be_ended_costs_one_try_a_sweep()
    {
        var store = new InMemoryStore(time);
        var source = new ScriptedSource();
        var logger = new CountingLogger();
        await using var dying = await EngineNode.StartAsync(new InMemoryEventStore(store), time, [source], "dying");
        await using var node = await EngineNode.StartAsync(
            new InMemoryEventStore(store), time, [source], "living",
            new StreamEngineOptions { SweepInterval = TimeSpan.FromMinutes(10) }, logger: logger);
        node.Faults.OnAppend = (stream, events) =>
        {
            if (events[0].Type == "StreamFailed") throw new LogDamagedException(stream, 1, "damaged.");
        };
        await dying.DriveAsync(await dying.CreateAsync("s"));
        dying.Faults.GoAway();
        await AdvanceUntilAsync("it has been tried", () => logger.SweepFaults > 0);
        var known = time.GetUtcNow();

        await AdvanceUntilAsync("two minutes have passed", () => time.GetUtcNow() - known > TimeSpan.FromMinutes(2));

        logger.SweepFaults.Should().Be(1);
    }

    private static async Task<StreamId> EndedAsync(EngineNode node, string name)
    {
        var id = await node.CreateAsync(name, retain: TimeSpan.Zero);
        await node.Engine.Endings.CancelAsync(id, null, Caller.Anonymous, default);
        return id;
    }

    private static async Task<bool> IsGoneAsync(EngineNode node, StreamId id)
    {
        try
        {
            await node.Log.ReadLastAsync(id, default);
            return false;
        }
        catch (StreamGoneException)
        {
            return true;
        }
    }

    private Task AdvanceUntilAsync(string what, Func<bool> condition) => Eventually.UntilAsync(what, () =>
    {
        if (condition()) return true;
        time.Advance(TimeSpan.FromMilliseconds(200));
        return false;
    });

    private sealed class CountingLogger : ILogger
    {
        private readonly ConcurrentBag<int> events = [];

        /// <summary>Candidates that could not be done.</summary>
        public int SweepFaults => events.Count(id => id == 103);

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            events.Add(eventId.Id);
    }
}
