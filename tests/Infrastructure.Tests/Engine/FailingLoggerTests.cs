using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>A line that cannot be written costs the line alone.</summary>
public sealed class FailingLoggerTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private readonly ScriptedSource source = new();
    private EngineNode node = null!;

    public async Task InitializeAsync() =>
        node = await EngineNode.StartAsync(new InMemoryEventStore(new InMemoryStore(time)), time, [source], logger: new FullDiskLogger());

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task A_driver_is_told_how_its_stream_has_ended()
    {
        var id = await node.CreateAsync("a");
        var driver = await node.DriveAsync(id);
        await source.For(id).SayAsync("all of it");

        source.For(id).End();

        (await driver.End.WaitAsync(Eventually.Limit))!.Status.Should().Be(StreamStatus.Done);
    }

    [Fact]
    public async Task A_source_that_fails_ends_its_stream()
    {
        var id = await node.CreateAsync("a");
        var driver = await node.DriveAsync(id);
        await source.For(id).SayAsync("half of it");

        source.For(id).Throw(new InvalidOperationException());

        var end = await driver.End.WaitAsync(Eventually.Limit);
        end!.Status.Should().Be(StreamStatus.Error);
        end.Error!.Code.Should().Be("source-failed");
    }
}
