using System.Text.Json;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>A source that awaits its append, and looks at its token only between two of them.</summary>
public sealed class LetGoTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private readonly InsistentSource source = new();
    private InMemoryStore store = null!;
    private EngineNode node = null!;

    public async Task InitializeAsync()
    {
        store = new InMemoryStore(time);
        node = await EngineNode.StartAsync(
            new InMemoryEventStore(store), time, [source], options: new StreamEngineOptions { Driving = new DrivingLimits { UnsavedLimit = 100 } });
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task An_ending_lets_go_of_it_while_the_log_is_away()
    {
        var (id, driver) = await PausedAsync();

        _ = node.Engine.Drivers.End(id, new StreamCommand.Cancel("ann", null, time.GetUtcNow()) { At = time.GetUtcNow() });

        await source.Returned.Task.WaitAsync(Eventually.Limit);
        driver.Finished.IsCompleted.Should().BeFalse("the ending waits for the log");
    }

    [Fact]
    public async Task Another_writers_ending_lets_go_of_it_while_the_log_is_away()
    {
        var (id, driver) = await PausedAsync();
        await using var other = await EngineNode.StartAsync(new InMemoryEventStore(store), time, [], "b");
        var ending = other.Engine.Endings.CancelAsync(id, null, Caller.Anonymous, default);
        await Eventually.UntilAsync("the other has ended it", () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return ending.IsCompleted;
        });
        var last = (await other.EventsAsync(id))[^1];

        node.Engine.Drivers.OvertakenBy(last);

        await source.Returned.Task.WaitAsync(Eventually.Limit);
        (await driver.End)!.Status.Should().Be(StreamStatus.Cancelled);
    }

    [Fact]
    public async Task A_stream_that_is_given_up_lets_go_of_it_and_of_what_it_had_unsaved()
    {
        node.Faults.OnAppend = (_, events) =>
        {
            if (events[0].Type == "ChunkPersisted") throw new LogDamagedException("text-s", 1, "damaged.");
        };
        var id = await node.CreateAsync("s");
        var driver = await node.DriveAsync(id);
        var end = driver.End;
        await Eventually.UntilAsync("the driver is told", () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return end.IsCompleted;
        });

        (await end)!.Status.Should().BeNull("this node does not know how it ends");
        await source.Returned.Task.WaitAsync(Eventually.Limit);
        await Eventually.UntilAsync("nothing of it is left", () => node.Engine.Drivers.Count == 0);
        node.Engine.Drivers.UnsavedBytes.Should().Be(0);
    }

    [Fact]
    public async Task Where_too_much_is_unsaved_over_all_streams_each_is_paused_until_its_own_text_is_saved()
    {
        var slow = new InsistentSource();
        await using var full = await EngineNode.StartAsync(
            new InMemoryEventStore(new InMemoryStore(time)), time, [slow],
            options: new StreamEngineOptions { Driving = new DrivingLimits { UnsavedTotal = 50 } });
        full.Faults.OnAppend = (_, events) =>
        {
            if (events[0].Type == "StreamStarted") full.Faults.GoAway();
        };
        var id = await full.CreateAsync("s");
        await full.DriveAsync(id);

        await slow.Paused.Task.WaitAsync(Eventually.Limit);

        full.Engine.Drivers.UnsavedBytes.Should().Be(50);
        full.Faults.OnAppend = null;
        full.Faults.ComeBack();
        await Eventually.UntilAsync("it goes on", async () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return (await full.BodyAsync(id)).Summary.Length > 100;
        });
    }

    [Fact]
    public async Task Where_too_much_is_unsaved_over_all_streams_what_is_left_of_a_streams_own_text_keeps_it_paused()
    {
        var script = new ScriptedSource();
        await using var full = await EngineNode.StartAsync(
            new InMemoryEventStore(new InMemoryStore(time)), time, [script],
            options: new StreamEngineOptions { Driving = new DrivingLimits { UnsavedTotal = 10 } });
        var (a, b) = (await full.CreateAsync("a"), await full.CreateAsync("b"));
        var driver = await full.DriveAsync(a);
        await full.DriveAsync(b);
        _ = await script.For(b).OfferAsync("ten bytes "); // no sentence ends: it waits for its time
        full.Faults.GoAway();
        _ = await script.For(a).OfferAsync("a\n");
        await Eventually.UntilAsync("an append is under way", () => full.Faults.HeldAppends.Contains("text-a"));
        var paused = await script.For(a).OfferAsync("more");

        full.Faults.ComeBack();
        await Eventually.UntilAsync("the first of its text is saved", () => driver.SavedLength == 2);
        paused.IsCompleted.Should().BeFalse();

        await Eventually.UntilAsync("it goes on", () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return paused.IsCompleted;
        });
    }

    private async Task<(StreamId Id, DriverReader Driver)> PausedAsync()
    {
        node.Faults.OnAppend = (_, events) =>
        {
            if (events[0].Type == "StreamStarted") node.Faults.GoAway();
        };
        var id = await node.CreateAsync("s");
        var driver = await node.DriveAsync(id);
        await source.Paused.Task.WaitAsync(Eventually.Limit);
        return (id, driver);
    }

    private sealed class InsistentSource : ITextSource
    {
        public string Name => "script";

        /// <summary>An append has to wait.</summary>
        public TaskCompletionSource Paused { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Returned { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Validate(JsonElement? input) { }

        public SourceDescription Describe(JsonElement? input) => new(null, null);

        public async Task<SourceResult> RunAsync(SourceRequest request, IAppender output, CancellationToken ct)
        {
            try
            {
                while (true)
                {
                    ct.ThrowIfCancellationRequested();
                    var taken = output.AppendAsync("ten bytes\n");
                    if (!taken.IsCompleted) Paused.TrySetResult();
                    await taken;
                    await Task.Yield();
                }
            }
            finally
            {
                Returned.TrySetResult();
            }
        }
    }
}
