using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>Point 14: the log is down when the last text and the ending are to be written.</summary>
public abstract class LastAppendTests(ITestLog log) : IAsyncLifetime
{
    private const string Text = "Saved. And the rest";

    private ManualServer server = null!;

    public async Task InitializeAsync() => server = await ManualServer.StartAsync(log);

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData(StreamRequests.Events, false)]
    [InlineData(StreamRequests.Events, true)]
    [InlineData("text/plain", false)]
    [InlineData("text/plain", true)]
    public async Task Within_the_outage_limit_the_stream_ends_done_with_everything_once(string accept, bool answersAreLost)
    {
        var id = await server.CreateAsync();
        using var driver = await LiveAnswer.OfAsync(server.Client.DriveAsync(id, accept));
        using var follower = await LiveAnswer.OfAsync(server.Client.FollowAsync(id));
        await EndWithoutLogAsync(id, driver, answersAreLost);
        await server.AdvanceAsync(TimeSpan.FromSeconds(20));
        driver.Over.IsCompleted.Should().BeFalse("its ending is not certain");

        server.Log.ComeBack();
        await server.AdvanceUntilAsync("both have the end", () => driver.Over.IsCompleted && follower.Over.IsCompleted);

        driver.IsCut.Should().BeFalse();
        driver.Text.Should().Be(Text).And.Be(follower.Text);
        if (accept == StreamRequests.Events) driver.End.Status.Should().Be("done");
        follower.End.Status.Should().Be("done");
        await ShouldBeStoredOnceAsync(id);
    }

    [Theory]
    [InlineData(StreamRequests.Events)]
    [InlineData("text/plain")]
    public async Task Past_the_limit_the_driver_is_told_that_it_is_not_known_and_the_log_has_the_truth(string accept)
    {
        var id = await server.CreateAsync();
        using var driver = await LiveAnswer.OfAsync(server.Client.DriveAsync(id, accept));
        using var follower = await LiveAnswer.OfAsync(server.Client.FollowAsync(id));
        await EndWithoutLogAsync(id, driver, answersAreLost: false);
        await server.AdvanceUntilAsync("the driver has been told", () => driver.Over.IsCompleted);

        driver.Text.Should().Be(Text);
        if (accept == StreamRequests.Events)
        {
            driver.End.Status.Should().Be("unknown");
            driver.End.Json.GetProperty("error").GetProperty("code").GetString().Should().Be("log-unavailable");
        }
        else
        {
            driver.IsCut.Should().BeTrue("a clean end would mean done");
        }

        follower.Over.IsCompleted.Should().BeFalse("it waits for what the log will say");
        await server.AdvanceAsync(TimeSpan.FromSeconds(60));
        server.Log.ComeBack();
        await server.AdvanceUntilAsync("the follower has the end", () => follower.Over.IsCompleted);

        follower.End.Status.Should().Be("done", "the writer had ended well before the log went away for too long");
        follower.Text.Should().Be(Text);
        await ShouldBeStoredOnceAsync(id);
    }

    [Fact]
    public async Task A_stream_that_runs_into_the_limit_ends_as_log_unavailable_with_all_its_text()
    {
        var id = await server.CreateAsync();
        using var driver = await LiveAnswer.OfAsync(server.Client.DriveAsync(id, StreamRequests.Events));
        using var follower = await LiveAnswer.OfAsync(server.Client.FollowAsync(id));
        server.Log.GoAway();
        await server.Script(id).SayAsync(Text);
        await server.AdvanceUntilAsync("the driver has been told", () => driver.Over.IsCompleted);
        driver.End.Status.Should().Be("unknown");
        server.Script(id).Token.IsCancellationRequested.Should().BeTrue();

        server.Log.ComeBack();
        await server.AdvanceUntilAsync("the follower has the end", () => follower.Over.IsCompleted);

        follower.End.Status.Should().Be("error");
        follower.End.Json.GetProperty("error").GetProperty("code").GetString().Should().Be("log-unavailable");
        follower.Text.Should().Be(Text).And.Be(driver.Text);
        var stored = await server.Client.QueryAsync(id);
        stored.GetProperty("status").GetString().Should().Be("error");
        stored.GetProperty("text").GetString().Should().Be(Text);
    }

    private async Task EndWithoutLogAsync(string id, LiveAnswer driver, bool answersAreLost)
    {
        await server.Script(id).SayAsync("Saved. ");
        server.Time.Advance(TimeSpan.FromMilliseconds(100));
        await TestKit.Eventually.UntilAsync(
            "the first sentence is durable", async () => (await server.Client.QueryAsync(id)).GetProperty("length").GetInt64() == 7);
        if (answersAreLost) server.Log.LoseAnswers();
        else server.Log.GoAway();
        await server.Script(id).SayAsync("And the rest");
        server.Script(id).End();
        await driver.HasAsync(Text);
    }

    private async Task ShouldBeStoredOnceAsync(string id)
    {
        var stored = await server.Client.QueryAsync(id);
        stored.GetProperty("status").GetString().Should().Be("done");
        stored.GetProperty("text").GetString().Should().Be(Text);
        var endings = 0;
        await foreach (var recorded in server.Engine.Log.ReadAsync(new(id), Revision.None, ReadFrom.Leader, default))
        {
            if (recorded.Event.IsEnding) endings++;
        }

        endings.Should().Be(1);
    }

    public sealed class OnLocalLog() : LastAppendTests(new LocalLog());

    public sealed class OnEventStoreDb(EventStoreUnderTest store) : LastAppendTests(new RemoteLog(store)), IClassFixture<EventStoreUnderTest>;

    public sealed class OnLaggingFollowers(LaggingStoreUnderTest store) : LastAppendTests(new RemoteLog(store)), IClassFixture<LaggingStoreUnderTest>;
}
