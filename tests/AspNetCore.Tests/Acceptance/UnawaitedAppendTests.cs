namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>Point 4: a writer that awaits none of its appends, over a slow log.</summary>
public abstract class UnawaitedAppendTests(ITestLog log)
{
    [Fact]
    public async Task Appends_that_nobody_awaits_are_stored_in_the_order_sent()
    {
        string[] tokens =
        [
            .. Enumerable.Range(0, 500).Select(i => (i % 5) switch { 0 => $"One{i}. ", 1 => $"two{i}", 2 => "! ", 3 => "。", _ => $"🙂{i}\n" }),
        ];
        var eager = new CallbackSource("eager", async (request, append, ct) =>
        {
            foreach (var token in tokens)
            {
                _ = append(token);
                if (token is "。") await Task.Yield();
            }
        });
        await using var app = await TextStreamsApp.StartAsync(new()
        {
            Log = log,
            Sources = [eager],
            Wrap = bytes => new TestKit.FaultyEventStore(bytes, TimeProvider.System) { AppendDelay = TimeSpan.FromMilliseconds(60) },
        });
        var id = await app.Client.CreateAsync(new { source = "eager" });
        using var driver = await LiveAnswer.OfAsync(app.Client.DriveAsync(id));
        using var observer = await LiveAnswer.OfAsync(app.Client.FollowAsync(id));
        await Task.WhenAll(driver.Over, observer.Over);

        driver.IsCut.Should().BeFalse();
        driver.Text.Should().Be(string.Concat(tokens));
        observer.Text.Should().Be(driver.Text);
        (await app.Client.QueryAsync(id)).GetProperty("text").GetString().Should().Be(driver.Text);
    }

    public sealed class OnLocalLog() : UnawaitedAppendTests(new LocalLog());

    public sealed class OnEventStoreDb(EventStoreUnderTest store) : UnawaitedAppendTests(new RemoteLog(store)), IClassFixture<EventStoreUnderTest>;

    public sealed class OnLaggingFollowers(LaggingStoreUnderTest store) : UnawaitedAppendTests(new RemoteLog(store)), IClassFixture<LaggingStoreUnderTest>;
}
