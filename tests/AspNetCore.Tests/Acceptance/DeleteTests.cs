using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>Point 13: a stream that is not there any more, or never was, has defined answers.</summary>
public abstract class DeleteTests(ITestLog log) : IAsyncLifetime
{
    private readonly ScriptedSource source = new("told");
    private TextStreamsApp app = null!;

    /// <remarks>What comes within 2 s of a stream's end is told as its deletion.</remarks>
    public async Task InitializeAsync() =>
        app = await TextStreamsApp.StartAsync(new() { Log = log, Sources = [source], Time = new SlowTime(20) });

    public async Task DisposeAsync() => await app.DisposeAsync();

    /// <summary>Many times: its end as cancelled and its removal come one after the other, and a follower may come
    /// between.</summary>
    [Fact]
    public async Task Followers_of_a_running_stream_that_is_deleted_are_told_deleted_whenever_they_come()
    {
        for (var round = 0; round < 50; round++)
        {
            var id = await app.Client.CreateAsync(new { source = "told" });
            using var driver = await app.Client.DriveAsync(id);
            using var live = await LiveAnswer.OfAsync(app.Client.FollowAsync(id));
            var deleting = app.Client.DeleteAsync($"/v1/streams/{id}");
            using var late = await app.Client.FollowAsync(id);
            await Task.WhenAll(deleting, live.Over);

            live.End.Status.Should().Be("deleted");
            if (late.StatusCode == HttpStatusCode.Gone) continue;
            using var answer = await LiveAnswer.OfAsync(Task.FromResult(late));
            await answer.Over;
            answer.End.Status.Should().Be("deleted");
        }
    }

    [Fact]
    public async Task Deleting_a_running_stream_stops_it_and_tells_everybody()
    {
        var id = await app.Client.CreateAsync(new { source = "told" });
        using var driver = await LiveAnswer.OfAsync(app.Client.DriveAsync(id, StreamRequests.Events));
        using var follower = await LiveAnswer.OfAsync(app.Client.FollowAsync(id));
        await source.For(new(id)).SayAsync("One. ", "Two");

        using var deleted = await app.Client.DeleteAsync($"/v1/streams/{id}");
        await Task.WhenAll(driver.Over, follower.Over);

        deleted.StatusCode.Should().Be(HttpStatusCode.NoContent);
        source.For(new(id)).Token.IsCancellationRequested.Should().BeTrue();
        driver.End.Status.Should().Be("cancelled", "that is how its text ended, before it was removed");
        follower.End.Status.Should().Be("deleted");
    }

    [Fact]
    public async Task After_a_deletion_every_request_is_answered_410()
    {
        var id = await app.Client.CreateAsync(new { source = "told" });
        (await app.Client.DeleteAsync($"/v1/streams/{id}")).StatusCode.Should().Be(HttpStatusCode.NoContent);

        await ShouldAllBeAsync(id, HttpStatusCode.Gone, "/problems/deleted");
        using var create = await app.Client.PostAsJsonAsync("/v1/streams", new { id, source = "told" });
        create.StatusCode.Should().Be(HttpStatusCode.Gone, "ids are never used again");
    }

    [Fact]
    public Task An_unknown_stream_is_answered_404() => ShouldAllBeAsync("nobody", HttpStatusCode.NotFound, "/problems/unknown-stream");

    private async Task ShouldAllBeAsync(string id, HttpStatusCode status, string type)
    {
        (HttpMethod, string)[] requests =
        [
            (HttpMethod.Delete, ""), (HttpMethod.Delete, ""), (HttpMethod.Get, ""), (HttpMethod.Get, "/text"), (HttpMethod.Get, "/events"),
            (HttpMethod.Post, "/drive"), (HttpMethod.Post, "/cancel"),
        ];
        foreach (var (method, path) in requests)
        {
            using var request = new HttpRequestMessage(method, $"/v1/streams/{id}{path}");
            using var response = await app.Client.SendAsync(request);

            response.StatusCode.Should().Be(status, "{0} {1}", method, path);
            (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().Should().Be(type, "{0} {1}", method, path);
        }
    }

    public sealed class OnLocalLog() : DeleteTests(new LocalLog());

    public sealed class OnEventStoreDb(EventStoreUnderTest store) : DeleteTests(new RemoteLog(store)), IClassFixture<EventStoreUnderTest>;

    public sealed class OnLaggingFollowers(LaggingStoreUnderTest store) : DeleteTests(new RemoteLog(store)), IClassFixture<LaggingStoreUnderTest>;
}
