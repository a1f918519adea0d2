using EventSourcedStreams.Domain;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>Followers that fall behind, and many of them.</summary>
public sealed class EmbeddedFollowerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Who_falls_behind_reads_pages_and_misses_nothing()
    {
        await using var log = await folder.OpenAsync(with: o => o with { FollowedEvents = 4 });
        await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("0"));
        await using var follower = log.FollowAsync("text-a", 0, CancellationToken.None).GetAsyncEnumerator();
        await using var feed = log
            .FollowAllAsync(LogPosition.Start, new StoreFilter([], []), CancellationToken.None).GetAsyncEnumerator();
        await follower.TakeAsync(1);
        (await feed.TakeAsync(2))[1].Should().BeNull();
        var waiting = follower.TakeAsync(1);

        for (var i = 1; i < 50; i++) await log.AppendedAsync("text-a", After(i - 1), Event($"{i}"));

        StoredEvent[] seen = [.. await waiting, .. await follower.TakeAsync(48)];
        seen.Select(e => e.Text()).Should().Equal(Enumerable.Range(1, 49).Select(i => $"{i}"));
        var all = await feed.TakeAsync(50);
        all.Count(e => e is null).Should().Be(1, "it caught up once more");
        all.Where(e => e is not null).Select(e => e!.Text()).Should().Equal(Enumerable.Range(1, 49).Select(i => $"{i}"));
    }

    [Fact]
    public async Task Thousands_follow_one_stream()
    {
        await using var log = await folder.OpenAsync();
        var followers = Enumerable.Range(0, 2000).Select(async _ =>
        {
            await using var follower = log.FollowAsync("text-a", 0, CancellationToken.None).GetAsyncEnumerator();
            return await follower.TakeAsync(200);
        }).ToArray();
        for (var i = 0; i < 200; i++) await log.AppendedAsync("text-a", After(i - 1), Event($"{i}"));

        foreach (var seen in await Task.WhenAll(followers))
            seen.Select(e => e.Revision).Should().Equal(Enumerable.Range(0, 200).Select(i => (long)i));
    }

    [Fact]
    public async Task Closing_the_log_ends_those_who_follow()
    {
        await using var log = await folder.OpenAsync();
        await using var follower = log.FollowAsync("text-a", 0, CancellationToken.None).GetAsyncEnumerator();
        var waiting = follower.TakeAsync(1);
        await log.DisposeAsync();

        await waiting.Awaiting(w => w).Should().ThrowAsync<LogUnavailableException>();
    }
}
