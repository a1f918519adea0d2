using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>A source has its sign to stop before any other node can see why.</summary>
public sealed class SourceStopTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private readonly ScriptedSource source = new();
    private readonly ManualResetEventSlim written = new();
    private EngineNode node = null!;

    public async Task InitializeAsync() =>
        node = await EngineNode.StartAsync(new InMemoryEventStore(new InMemoryStore(time)), time, [source]);

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        written.Dispose();
    }

    [Fact]
    public async Task A_source_is_told_to_stop_before_its_ending_is_written_though_its_driver_is_being_sent_text()
    {
        var id = await node.CreateAsync("a");
        bool? told = null;
        node.Faults.OnAppend = (_, events) =>
        {
            if (!events.Any(one => one.Type == StoredTypes.StreamCancelled)) return;
            told = source.For(id).Token.IsCancellationRequested;
            written.Set();
        };
        var driving = (DriveResult.Driving)await node.Engine.Drivers.DriveAsync(id, null, null, null, Caller.Anonymous, default);
        var reading = ReadAsync(driving.Output);
        await source.For(id).SayAsync("Half a pair: \uD83D");
        time.Advance(TimeSpan.FromMilliseconds(10));

        // What is left of the text is sent on the thread that ends the stream.
        await Task.Run(() => node.Engine.Drivers.End(id, new StreamCommand.Cancel("ann", null, time.GetUtcNow()) { At = time.GetUtcNow() }));
        await reading;

        told.Should().BeTrue();
    }

    [Fact]
    public async Task What_a_source_hangs_on_its_token_holds_up_nothing()
    {
        var id = await node.CreateAsync("a");
        var driver = await node.DriveAsync(id);
        await source.For(id).Begun;
        await using var slow = source.For(id).Token.Register(() => written.Wait(TimeSpan.FromMinutes(1)));

        _ = node.Engine.Drivers.End(id, new StreamCommand.Cancel("ann", null, time.GetUtcNow()) { At = time.GetUtcNow() });

        (await driver.End.WaitAsync(Eventually.Limit))!.Status.Should().Be(StreamStatus.Cancelled);
        written.Set();
    }

    [Fact]
    public async Task A_source_that_goes_on_after_the_end_still_lets_other_work_go_before_it()
    {
        var id = await node.CreateAsync("a");
        var driver = await node.DriveAsync(id);
        var output = await source.For(id).OutputAsync();
        _ = node.Engine.Drivers.End(id, new StreamCommand.Cancel("ann", null, time.GetUtcNow()) { At = time.GetUtcNow() });
        await driver.End.WaitAsync(Eventually.Limit);

        Enumerable.Range(0, 2048).Select(_ => output.AppendAsync("more")).Should().Contain(task => task != Task.CompletedTask);
    }

    /// <summary>Takes the last of the text, and is not done with it before the ending is written.</summary>
    private async Task ReadAsync(ClientQueue output)
    {
        List<DriverItem>? items = null;
        while (true)
        {
            items = await output.ReadAsync(items, default);
            if (items.Exists(item => item.Text?.Contains('\uFFFD') == true)) written.Wait(Eventually.Limit).Should().BeTrue();
            if (items.Count == 0 || items.Exists(item => item.End is not null)) return;
        }
    }
}
