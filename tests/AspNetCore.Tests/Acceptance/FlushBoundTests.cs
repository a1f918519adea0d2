using System.Text;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>Point 3: whatever the text looks like, observers are at most the flush interval behind, and dots do not
/// multiply writes.</summary>
public abstract class FlushBoundTests(ITestLog log) : IAsyncLifetime
{
    private static readonly TimeSpan Bound = BatchLimits.Default.FlushInterval;

    private ManualServer server = null!;

    public static TheoryData<string, string[]> Texts => new()
    {
        { "500 Japanese sentences", [.. Enumerable.Range(0, 500).Select(i => $"文{i}です。")] },
        { "a code block", InTokens(string.Concat(Enumerable.Range(0, 60).Select(i => $"    if (a[{i}] != b.c{i}) return f(x => x.y);\n"))) },
        { "JSON in one line", InTokens("{" + string.Join(",", Enumerable.Range(0, 150).Select(i => $"\"key{i}\":[{i}.5,null]")) + "}") },
        { "no mark at all", [.. Enumerable.Range(0, 500).Select(i => $"word{i} ")] },
    };

    public async Task InitializeAsync() => server = await ManualServer.StartAsync(log);

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task An_observer_is_never_further_behind_than_the_flush_interval(string kind, string[] tokens)
    {
        var step = TimeSpan.FromMilliseconds(20);
        var id = await server.CreateAsync();
        using var driver = await LiveAnswer.OfAsync(server.Client.DriveAsync(id));
        using var observer = await LiveAnswer.OfAsync(server.Client.FollowAsync(id));
        var (sent, dueAt) = (0L, new Queue<(DateTimeOffset At, long Length)>());
        foreach (var token in tokens)
        {
            await server.Script(id).SayAsync(token);
            sent += Encoding.UTF8.GetByteCount(token);
            dueAt.Enqueue((server.Time.GetUtcNow() + Bound, sent));
            server.Time.Advance(step);
            if (dueAt.Peek().At > server.Time.GetUtcNow()) continue;

            // The clock stands: had the text to wait for more of it, this would wait for ever.
            var wanted = dueAt.Dequeue().Length;
            await TestKit.Eventually.UntilAsync($"the observer of {kind} has {wanted} bytes", () => observer.Length >= wanted);
        }

        server.Script(id).End();
        await server.OverAsync(driver, observer);
        observer.Text.Should().Be(string.Concat(tokens)).And.Be(driver.Text);
    }

    [Fact]
    public async Task Five_hundred_tokens_with_dots_are_a_write_each_flush_interval()
    {
        var step = TimeSpan.FromMilliseconds(5);
        var id = await server.CreateAsync();
        using var driver = await LiveAnswer.OfAsync(server.Client.DriveAsync(id));
        for (var i = 0; i < 500; i++)
        {
            await server.Script(id).SayAsync("a.b");
            server.Time.Advance(step);
        }

        server.Script(id).End();
        await server.OverAsync(driver);

        var writes = 0;
        await foreach (var recorded in server.Engine.Log.ReadAsync(new(id), Revision.None, ReadFrom.Leader, default))
        {
            if (recorded.Event is StreamEvent.ChunkPersisted) writes++;
        }

        writes.Should().BeLessThanOrEqualTo((int)Math.Ceiling(500 * step / Bound) + 1);
        (await server.Client.QueryAsync(id)).GetProperty("length").GetInt64().Should().Be(1500);
    }

    /// <summary>Pieces of four characters, about what a model's tokens are.</summary>
    private static string[] InTokens(string text) => [.. text.Chunk(4).Select(piece => new string(piece))];

    public sealed class OnLocalLog() : FlushBoundTests(new LocalLog());

    public sealed class OnEventStoreDb(EventStoreUnderTest store) : FlushBoundTests(new RemoteLog(store)), IClassFixture<EventStoreUnderTest>;
}
