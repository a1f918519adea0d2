using System.Net;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>Point 13, where a deletion dies in the middle.</summary>
public abstract class DeletionCutShortTests(ITestLog log)
{
    [Fact]
    public async Task A_deletion_cut_short_before_it_removes_leaves_the_stream_cancelled()
    {
        await using var server = await ManualServer.StartAsync(log);
        var id = await server.CreateAsync();
        using var driver = await LiveAnswer.OfAsync(server.Client.DriveAsync(id));
        using var follower = await LiveAnswer.OfAsync(server.Client.FollowAsync(id));
        server.Log.OnAppend = (_, events) =>
        {
            if (events.Any(e => e.Type == "StreamDeleted")) throw new InvalidOperationException("The process dies here.");
        };
        (await server.Client.DeleteAsync($"/v1/streams/{id}")).StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        await server.AdvanceUntilAsync("the follower has waited long enough", () => follower.Over.IsCompleted);

        follower.End.Status.Should().Be("cancelled");
    }

    public sealed class OnLocalLog() : DeletionCutShortTests(new LocalLog());

    public sealed class OnEventStoreDb(EventStoreUnderTest store) : DeletionCutShortTests(new RemoteLog(store)), IClassFixture<EventStoreUnderTest>;

    public sealed class OnLaggingFollowers(LaggingStoreUnderTest store) : DeletionCutShortTests(new RemoteLog(store)), IClassFixture<LaggingStoreUnderTest>;
}
