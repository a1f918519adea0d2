namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>Point 5: tokens do not wait for the log. By a clock that stands, a token that did would never
/// come.</summary>
public abstract class SlowLogTests(ITestLog log) : IAsyncLifetime
{
    private ManualServer server = null!;

    public async Task InitializeAsync() => server = await ManualServer.StartAsync(log);

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData(StreamRequests.Events)]
    [InlineData("text/plain")]
    public async Task With_appends_of_60_ms_each_token_reaches_the_driver_at_the_time_it_was_made(string accept)
    {
        var id = await server.CreateAsync();
        using var driver = await LiveAnswer.OfAsync(server.Client.DriveAsync(id, accept));
        server.Log.AppendDelay = TimeSpan.FromMilliseconds(60);

        var text = await SayEachAsync(id, driver, advance: TimeSpan.FromMilliseconds(5));

        server.Script(id).End();
        await server.AdvanceUntilAsync("the driver has its end", () => driver.Over.IsCompleted);
        await ShouldBeStoredAsync(id, text);
    }

    [Theory]
    [InlineData(StreamRequests.Events)]
    [InlineData("text/plain")]
    public async Task With_the_log_held_back_altogether_every_token_reaches_the_driver(string accept)
    {
        var id = await server.CreateAsync();
        using var driver = await LiveAnswer.OfAsync(server.Client.DriveAsync(id, accept));
        server.Log.GoAway();

        var text = await SayEachAsync(id, driver, advance: TimeSpan.Zero);

        driver.Events.Should().NotContain(one => one.Name == "saved");
        server.Log.ComeBack();
        server.Script(id).End();
        await server.AdvanceUntilAsync("the driver has its end", () => driver.Over.IsCompleted);
        await ShouldBeStoredAsync(id, text);
    }

    /// <summary>The next token is made only when the driver has the one before; the clock stands while it is under
    /// way.</summary>
    private async Task<string> SayEachAsync(string id, LiveAnswer driver, TimeSpan advance)
    {
        var text = "";
        for (var i = 0; i < 400; i++)
        {
            var token = i % 7 == 0 ? $"end {i}. " : $"tok{i} ";
            text += token;
            await server.Script(id).SayAsync(token);
            await driver.HasAsync(text);
            server.Time.Advance(advance);
        }

        driver.Text.Should().Be(text);
        return text;
    }

    private async Task ShouldBeStoredAsync(string id, string text)
    {
        var stored = await server.Client.QueryAsync(id);
        stored.GetProperty("status").GetString().Should().Be("done");
        stored.GetProperty("text").GetString().Should().Be(text);
    }

    public sealed class OnLocalLog() : SlowLogTests(new LocalLog());

    public sealed class OnEventStoreDb(EventStoreUnderTest store) : SlowLogTests(new RemoteLog(store)), IClassFixture<EventStoreUnderTest>;

    public sealed class OnLaggingFollowers(LaggingStoreUnderTest store) : SlowLogTests(new RemoteLog(store)), IClassFixture<LaggingStoreUnderTest>;
}
