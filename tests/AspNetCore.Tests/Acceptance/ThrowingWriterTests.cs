using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>Point 2: a writer that throws in mid-sentence loses nothing, and all readers are told why.</summary>
public abstract class ThrowingWriterTests(ITestLog log)
{
    private const string Text = "First. Second half sen";

    private readonly ScriptedSource source = new("told");

    [Theory]
    [InlineData(StreamRequests.Events)]
    [InlineData("text/plain")]
    public async Task What_the_driver_saw_is_stored_and_all_see_the_error(string accept)
    {
        await using var app = await TextStreamsApp.StartAsync(new() { Log = log, Sources = [source] });
        var id = await app.Client.CreateAsync(new { source = "told" });
        using var driver = await LiveAnswer.OfAsync(app.Client.DriveAsync(id, accept));
        using var follower = await LiveAnswer.OfAsync(app.Client.FollowAsync(id));
        await source.For(new(id)).SayAsync("First. ", "Second half", " sen");
        source.For(new(id)).Throw(new SourceFailedException("model-gone", "The model went away."));
        await Task.WhenAll(driver.Over, follower.Over);

        driver.Text.Should().Be(Text);
        follower.Text.Should().Be(Text);
        var stored = await app.Client.QueryAsync(id);
        stored.GetProperty("text").GetString().Should().Be(Text);
        stored.GetProperty("status").GetString().Should().Be("error");
        ShouldSayWhy(stored);
        follower.End.Status.Should().Be("error");
        ShouldSayWhy(follower.End.Json);
        if (accept == StreamRequests.Events)
        {
            driver.End.Status.Should().Be("error");
            ShouldSayWhy(driver.End.Json);
        }
        else
        {
            driver.IsCut.Should().BeTrue("a clean end would say that the text is whole");
        }
    }

    private static void ShouldSayWhy(System.Text.Json.JsonElement answer)
    {
        answer.GetProperty("error").GetProperty("code").GetString().Should().Be("model-gone");
        answer.GetProperty("error").GetProperty("message").GetString().Should().Be("The model went away.");
    }

    public sealed class OnLocalLog() : ThrowingWriterTests(new LocalLog());

    public sealed class OnEventStoreDb(EventStoreUnderTest store) : ThrowingWriterTests(new RemoteLog(store)), IClassFixture<EventStoreUnderTest>;

    public sealed class OnLaggingFollowers(LaggingStoreUnderTest store) : ThrowingWriterTests(new RemoteLog(store)), IClassFixture<LaggingStoreUnderTest>;
}
