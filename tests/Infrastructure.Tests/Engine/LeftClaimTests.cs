using System.Text.Json;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>A driver that leaves, or is sent away, before its claim is known takes its request's body with it: the
/// server may have made the next request of it.</summary>
public sealed class LeftClaimTests : IAsyncLifetime
{
    private static readonly StreamEngineOptions Options = new() { Driving = new() { OutageLimit = TimeSpan.FromSeconds(2) } };

    private readonly ManualTime time = new();
    private readonly BodySource upload = new();
    private EngineNode node = null!;

    public async Task InitializeAsync() =>
        node = await EngineNode.StartAsync(new InMemoryEventStore(new InMemoryStore(time)), time, [upload], options: Options);

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task The_body_of_a_driver_that_was_told_that_the_log_does_not_answer_is_not_read()
    {
        var id = await node.CreateAsync("a", source: upload.Name);
        node.Faults.AppendDelay = TimeSpan.FromSeconds(2.5);
        using var body = new MemoryStream("the next request's"u8.ToArray());
        var claim = node.Engine.Drivers.DriveAsync(id, body, null, null, Caller.Anonymous, default);
        time.Advance(TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromSeconds(1));
        (await claim.WaitAsync(Eventually.Limit)).Should().BeOfType<DriveResult.Unavailable>();

        await ShouldEndUnreadAsync(id, body, claimedIn: TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public async Task The_body_of_a_driver_that_has_left_is_not_read()
    {
        var id = await node.CreateAsync("a", source: upload.Name);
        node.Faults.AppendDelay = TimeSpan.FromSeconds(1);
        using var body = new MemoryStream("the next request's"u8.ToArray());
        using var gone = new CancellationTokenSource();
        var claim = node.Engine.Drivers.DriveAsync(id, body, null, null, Caller.Anonymous, gone.Token);
        await gone.CancelAsync();
        await claim.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();

        await ShouldEndUnreadAsync(id, body, claimedIn: TimeSpan.FromSeconds(1));
    }

    // The clock stands once the claim is answered: were it to go on, the log might count as away.
    private async Task ShouldEndUnreadAsync(StreamId id, MemoryStream body, TimeSpan claimedIn)
    {
        node.Faults.AppendDelay = TimeSpan.Zero;
        time.Advance(claimedIn);
        await Eventually.UntilAsync("the stream has ended", () => !node.Engine.Drivers.IsDriving(id));

        body.Position.Should().Be(0);
        (await node.EventsAsync(id))[^1].Event.Should().BeOfType<StreamEvent.StreamFailed>().Which.Code.Should().Be("upload-interrupted");
    }

    private sealed class BodySource : ITextSource
    {
        public string Name => "body";

        public bool TakesBody => true;

        public void Validate(JsonElement? input) { }

        public SourceDescription Describe(JsonElement? input) => new(null, null);

        public async Task<SourceResult> RunAsync(SourceRequest request, IAppender output, CancellationToken ct)
        {
            using var reader = new StreamReader(request.Body!, leaveOpen: true);
            await output.AppendAsync(await reader.ReadToEndAsync(ct));
            return SourceResult.Ended;
        }
    }
}
