using EventSourcedStreams.TestKit;
namespace EventSourcedStreams.Infrastructure.Tests;

public abstract partial class StreamLogContract
{
    [Fact]
    public async Task Following_gives_what_is_there_and_then_what_comes()
    {
        await Text.AppendedAsync(Log, Text.Created, Text.Started, Text.Chunk("a"));
        await using var all = Log.FollowAsync(Text.Id, Revision.None, CancellationToken.None).GetAsyncEnumerator();
        await using var some = Log.FollowAsync(Text.Id, Revision.From(1), CancellationToken.None).GetAsyncEnumerator();
        (await all.TakeAsync(3)).Select(e => e.Revision.Value).Should().Equal(0, 1, 2);
        (await some.TakeAsync(1)).Select(e => e.Revision.Value).Should().Equal(2);

        await Text.AppendedAsync(Log, Text.Chunk("b"));
        await Text.AppendedAsync(Log, Text.Completed);

        (await all.TakeAsync(2)).Select(e => e.Revision.Value).Should().Equal(3, 4);
        (await some.TakeAsync(2)).Select(e => e.Revision.Value).Should().Equal(3, 4);
    }

    [Fact]
    public async Task Following_waits_for_a_stream_that_is_not_there_yet()
    {
        await using var follower = Log.FollowAsync(Text.Id, Revision.None, CancellationToken.None).GetAsyncEnumerator();
        var first = follower.TakeAsync(1);
        await Text.AppendedAsync(Log, Text.Created);

        (await first)[0].Event.Should().Be(Text.Created);
    }

    [Fact]
    public async Task Followers_on_two_instances_see_each_event_once_and_in_order_while_it_grows()
    {
        const int Chunks = 400;
        var second = await SecondAsync();
        await Text.AppendedAsync(Log, Text.Created, Text.Started);
        var followers = Enumerable.Range(-1, 6).Select(after => Task.Run(async () =>
        {
            await using var follower = (after % 2 == 0 ? Log : second)
                .FollowAsync(Text.Id, Revision.From(after), CancellationToken.None).GetAsyncEnumerator();
            return (After: after, Seen: await follower.TakeAsync(Chunks + 1 - after));
        })).ToArray();

        for (var i = 0; i < Chunks; i += 4)
            await Text.AppendedAsync(Log, Text.Chunk("a"), Text.Chunk("b"), Text.Chunk("c"), Text.Chunk("d"));

        foreach (var (after, seen) in await Task.WhenAll(followers))
            seen.Select(e => e.Revision.Value).Should().Equal(Enumerable.Range(after + 1, Chunks + 1 - after).Select(i => (long)i));
    }

    [Fact]
    public async Task Following_ends_by_cancellation_while_it_waits()
    {
        using var stop = new CancellationTokenSource();
        await Text.AppendedAsync(Log, Text.Created);
        await using var follower = Log.FollowAsync(Text.Id, Revision.From(0), stop.Token).GetAsyncEnumerator();
        var waiting = follower.MoveNextAsync().AsTask();
        await stop.CancelAsync();

        await waiting.Awaiting(w => w.WaitAsync(Eventually.Limit)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Following_ends_when_the_stream_is_deleted()
    {
        await Text.AppendedAsync(Log, Text.Created);
        await using var follower = Log.FollowAsync(Text.Id, Revision.None, CancellationToken.None).GetAsyncEnumerator();
        (await follower.TakeAsync(1)).Should().HaveCount(1);
        await DeleteAsync(Text);

        await follower.Awaiting(f => f.TakeAsync(1)).Should().ThrowAsync<StreamGoneException>();
    }
}
