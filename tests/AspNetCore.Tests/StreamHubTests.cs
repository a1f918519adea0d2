using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests;

public sealed class StreamHubTests
{
    [Fact]
    public async Task Nobody_joins_behind_the_last_frame_to_wait_for_ever()
    {
        await using var app = await TextStreamsApp.StartAsync(new());
        var id = await app.CreateAsync();
        (await app.Client.DeleteAsync($"/v1/streams/{id}")).IsSuccessStatusCode.Should().BeTrue();
        await using var hub = new StreamBroadcast(new StreamId(id), Revision.From(0), app.Engine.Log, TimeProvider.System);

        await Eventually.UntilAsync(
            "who comes late is sent to the log", () => hub.TryJoin(new BroadcastObserver(1024, () => { }), Revision.From(0)) is null, TimeSpan.FromSeconds(10));
    }
}
