using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Infrastructure.Tests;

public abstract partial class StreamLogContract
{
    private static readonly EventContext ByAda = new(Holder, Epoch: 0, "ada", "corr-1");

    [Fact]
    public async Task Jobs_that_were_asked_for_are_read_in_order_with_their_actors_and_places()
    {
        await Log.LimitJobsAsync(CancellationToken.None);
        (await Log.ReadJobsAsync(Revision.From(0), CancellationToken.None).ToListAsync()).Should().BeEmpty();
        var (first, second) = (Asked("a"), Asked("b"));
        var place = await Log.AppendJobAsync(first, ByAda, new AppendId(Guid.NewGuid()), CancellationToken.None);
        await Log.AppendJobAsync(second, ByAda, new AppendId(Guid.NewGuid()), CancellationToken.None);

        var all = await (await SecondAsync()).ReadJobsAsync(Revision.From(0), CancellationToken.None).ToListAsync();

        all.Select(job => job.Request).Should().Equal(first, second);
        all.Select(job => job.Context.Actor).Should().Equal("ada", "ada");
        all[0].Position.Should().Be(place.Should().BeOfType<AppendOutcome.Appended>().Subject.Position);
        (await Log.ReadJobsAsync(all[1].Revision, CancellationToken.None).ToListAsync()).Should().Equal(all[1]);
        (await Log.ReadJobsAsync(all[1].Revision.Next, CancellationToken.None).ToListAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task The_lifecycle_feed_tells_that_a_job_was_asked_for_and_its_place_is_found_again()
    {
        await Text.AppendedAsync(Log, Text.Created);
        await Log.AppendJobAsync(Asked("a"), ByAda, new AppendId(Guid.NewGuid()), CancellationToken.None);
        await Log.AppendProgressAsync(Noted("a", 1), Revision.None, new AppendId(Guid.NewGuid()), CancellationToken.None);
        await Text.AppendedAsync(Log, Text.Started);

        var items = await Log.FollowAllAsync(LogPosition.Start, CancellationToken.None)
            .Where(item => item is not FeedItem.CaughtUp).Take(3).ToListAsync();

        items.Select(item => item.GetType()).Should().Equal(typeof(FeedItem.Recorded), typeof(FeedItem.JobRequested), typeof(FeedItem.Recorded));
        (await Log.FindAsync(items[1].Position, CancellationToken.None)).Should().Be(((FeedItem.JobRequested)items[1]).Id);
    }

    [Fact]
    public async Task The_last_word_on_a_job_is_read_and_of_two_at_one_revision_one_loses()
    {
        (await Log.ReadProgressAsync("a", CancellationToken.None)).Should().BeNull();
        await Log.LimitJobAsync("a", CancellationToken.None);
        var first = (AppendOutcome.Appended)await Log.AppendProgressAsync(Noted("a", 1), Revision.None, new AppendId(Guid.NewGuid()), CancellationToken.None);
        await Log.AppendProgressAsync(Noted("a", 2), Revision.From(first.Last), new AppendId(Guid.NewGuid()), CancellationToken.None);

        (await Log.AppendProgressAsync(Noted("a", 3), Revision.From(first.Last), new AppendId(Guid.NewGuid()), CancellationToken.None))
            .Should().BeOfType<AppendOutcome.Lost>();

        (await (await SecondAsync()).ReadProgressAsync("a", CancellationToken.None))!.Progress.Should().Be(Noted("a", 2));
        (await Store.ReadAllAsync(Prefix.Job("a"))).Should().ContainSingle();
    }

    private ServiceEvent.JobRequested Asked(string job) =>
        new(job, JobKind.Delete, Labels.From([new("user", "ann")]), Names.None) { At = Time.GetUtcNow() };

    private ServiceEvent.JobProgressed Noted(string job, long done) => new(
        job, JobKind.Delete, Labels.From([new("user", "ann")]), Names.None, "ada", Time.GetUtcNow(), new LogPosition(7, 7), Holder,
        Total: 9, done, Failed: 0, Names.None, Bytes: null, Ended: false)
    { At = Time.GetUtcNow() };
}
