using System.Text;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>Point 12: what an observer is sent grows with the text, not with its square.</summary>
public abstract class ObserverBytesTests(ITestLog log) : IAsyncLifetime
{
    private const int Tokens = 1000;
    private const int TokensPerFlush = 20;

    /// <summary>Of an event: id, name, offset, chunk of the transfer encoding.</summary>
    private const int FrameBytes = 80;
    private const int HeaderBytes = 500;

    private static readonly string[] Words = ["token ", "für ", "漢字、", "\"x\": ", "🙂 ", "more ", "and ", "line\t"];

    private ManualServer server = null!;

    public async Task InitializeAsync() => server = await ManualServer.StartAsync(log);

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Bytes_to_an_observer_are_linear_in_the_text_live_and_later()
    {
        var measured = new List<(long Text, long Live, long Later)>();
        foreach (var n in (int[])[Tokens, 2 * Tokens, 4 * Tokens]) measured.Add(await MeasureAsync(n));

        for (var i = 0; i < measured.Count; i++)
        {
            var (text, live, later) = measured[i];
            var flushes = (Tokens << i) / TokensPerFlush;
            live.Should().BeLessThan((long)(1.3 * text) + (FrameBytes * (flushes + 3)) + HeaderBytes);
            later.Should().BeLessThan((long)(1.3 * text) + (FrameBytes * 5) + HeaderBytes, "batches are joined");
        }

        (measured[2].Live - measured[1].Live).Should().BeCloseTo(2 * (measured[1].Live - measured[0].Live), 2000);
        (measured[2].Later - measured[1].Later).Should().BeCloseTo(2 * (measured[1].Later - measured[0].Later), 2000);
    }

    private async Task<(long Text, long Live, long Later)> MeasureAsync(int tokens)
    {
        var id = await server.CreateAsync();
        using var driver = await LiveAnswer.OfAsync(server.Client.DriveAsync(id));
        using var tap = new TappedClient(server.Address);
        using var observer = await LiveAnswer.OfAsync(tap.Http.FollowAsync(id));
        var text = new StringBuilder();
        for (var i = 0; i < tokens; i++)
        {
            text.Append(Words[i % Words.Length]);
            await server.Script(id).SayAsync(Words[i % Words.Length]);
            if (i % TokensPerFlush != TokensPerFlush - 1) continue;
            server.Time.Advance(TimeSpan.FromMilliseconds(100));
            await observer.HasAsync(text.ToString());
            await server.SettledAsync();
        }

        server.Script(id).End();
        await server.OverAsync(driver, observer);
        observer.Text.Should().Be(text.ToString());
        using var late = new TappedClient(server.Address);
        using var replay = await LiveAnswer.OfAsync(late.Http.FollowAsync(id));
        await replay.Over;
        replay.Text.Should().Be(text.ToString());
        return (observer.Length, tap.Received, late.Received);
    }

    public sealed class OnLocalLog() : ObserverBytesTests(new LocalLog());

    public sealed class OnEventStoreDb(EventStoreUnderTest store) : ObserverBytesTests(new RemoteLog(store)), IClassFixture<EventStoreUnderTest>;

    public sealed class OnLaggingFollowers(LaggingStoreUnderTest store) : ObserverBytesTests(new RemoteLog(store)), IClassFixture<LaggingStoreUnderTest>;
}
