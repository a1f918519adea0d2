using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Jobs;

/// <summary>All of one person goes, as a job that says how far it is.</summary>
public abstract class DeleteAllTests(ITestLog log) : IAsyncLifetime
{
    private readonly ScriptedSource source = new("told");
    private TextStreamsApp app = null!;

    /// <remarks>What comes within 2 s of a stream's end is told as its deletion.</remarks>
    public async Task InitializeAsync() =>
        app = await TextStreamsApp.StartAsync(new() { Log = log, Sources = [source], Time = new SlowTime(20) });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task All_streams_of_a_label_go_those_that_run_too_and_no_others()
    {
        var hers = new List<string>();
        for (var i = 0; i < 40; i++) hers.Add(await CreateAsync("ann"));
        var bobs = await CreateAsync("bob");
        using var driver = await LiveAnswer.OfAsync(app.Client.DriveAsync(hers[0], StreamRequests.Events));
        using var follower = await LiveAnswer.OfAsync(app.Client.FollowAsync(hers[0]));
        await source.For(new(hers[0])).SayAsync("One. ");

        var end = await app.Client.DoneAsync(await app.Client.DeleteAllAsync("user:ann"));
        await Task.WhenAll(driver.Over, follower.Over);

        end.Numbers().Should().Be((40, 40, 0));
        end.GetProperty("kind").GetString().Should().Be("deletion");
        end.GetProperty("labels").GetProperty("user").GetString().Should().Be("ann");
        end.GetProperty("by").GetString().Should().Be("anonymous");
        follower.End.Status.Should().Be("deleted");
        foreach (var id in hers) (await StatusAsync(id)).Should().Be(HttpStatusCode.Gone);
        (await StatusAsync(bobs)).Should().Be(HttpStatusCode.OK);
        var list = await app.Client.GetFromJsonAsync<JsonElement>("/v1/streams");
        list.GetProperty("items").EnumerateArray().Select(stream => stream.GetProperty("id").GetString()).Should().Equal(bobs);
    }

    [Fact]
    public async Task Two_nodes_see_the_same_job_and_one_of_them_is_enough()
    {
        await using var other = await TextStreamsApp.StartAsync(new() { Log = log, Sources = [source], Node = "node-2" });
        for (var i = 0; i < 10; i++) await CreateAsync("ann");

        var job = await app.Client.DeleteAllAsync("user:ann");

        (await other.Client.DoneAsync(job)).Numbers().Should().Be((10, 10, 0));
    }

    [Theory]
    [InlineData("", "label")]
    [InlineData("?label=", "label")]
    [InlineData("?label=ann", "label")]
    [InlineData("?label=:ann", "label")]
    [InlineData("?label=user:ann&label=user:bob", "label")]
    [InlineData("?label=user:ann&status=done", "status")]
    [InlineData("?lable=user:ann", "lable")]
    public async Task What_might_mean_more_than_was_meant_is_refused_and_deletes_nothing(string query, string field)
    {
        var id = await CreateAsync("ann");

        using var answer = await app.Client.DeleteAsync($"/v1/streams{query}");

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().Should().Be(field);
        (await StatusAsync(id)).Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("0193f0b0c0de70008000000000000001", HttpStatusCode.NotFound, "/problems/unknown-job")]
    [InlineData("nothing", HttpStatusCode.BadRequest, "/problems/invalid-request")]
    public async Task A_job_that_is_not_known_is_said_to_be_so(string job, HttpStatusCode status, string type)
    {
        using var answer = await app.Client.GetAsync($"/v1/jobs/{job}");

        answer.StatusCode.Should().Be(status);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().Should().Be(type);
    }

    [Fact]
    public async Task A_method_that_is_not_served_is_told_those_that_are()
    {
        using var answer = await app.Client.PutAsync("/v1/streams", null);

        answer.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        answer.Content.Headers.Allow.Should().Equal("GET", "HEAD", "POST", "DELETE");
    }

    private Task<string> CreateAsync(string user) => app.Client.CreateAsync(new { source = "told", labels = new { user } });

    private async Task<HttpStatusCode> StatusAsync(string id)
    {
        using var answer = await app.Client.GetAsync($"/v1/streams/{id}");
        return answer.StatusCode;
    }

    public sealed class OnLocalLog() : DeleteAllTests(new LocalLog());

    public sealed class OnEventStoreDb(EventStoreUnderTest store) : DeleteAllTests(new RemoteLog(store)), IClassFixture<EventStoreUnderTest>;

    public sealed class OnLaggingFollowers(LaggingStoreUnderTest store) : DeleteAllTests(new RemoteLog(store)), IClassFixture<LaggingStoreUnderTest>;
}
