using EventSourcedStreams.Domain;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Infrastructure.Tests;

public sealed class DirectoryApplyTests : CatalogTest
{
    private static readonly Labels Everything = Labels.From([new("user", "42"), new("odd \0 name", "\"'\n漢字😀\0 end"), new("empty", "")]);

    public static TheoryData<string> Endings => ["completed", "failed", "cancelled", "timed out", "deleted", "pending", "streaming"];

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task What_is_given_back_is_what_the_fold_says(string ending)
    {
        var created = Created("s", Everything, TimeSpan.FromTicks(123_456_789), Noon.AddTicks(7)) with { Source = "my\0source" };
        IReadOnlyList<StreamEvent> history = ending switch
        {
            "pending" => [created],
            "streaming" => [created, Started(Noon.AddSeconds(1))],
            "completed" => [created, Started(Noon.AddSeconds(1)), Completed(12_345_678_901, 3, Noon.AddSeconds(2))],
            "failed" => [created, Started(Noon.AddSeconds(1)), Failed("rate-limited", "Too\0 many \u2028 😀", 3, 1)],
            "cancelled" => [created, Cancelled("enough")],
            "timed out" => [created, Started(), TimedOut(3, 1)],
            _ => [created, Started(), Completed(3, 1), Deleted(StreamStatus.Done, 3, 1)],
        };
        Feed.With("s", [.. history]);
        await Feed.ApplyAsync();
        await ReopenAsync();

        var folded = Recorded("s", history).Aggregate(default(StreamSummary), StreamSummary.Apply);

        var found = ending == "deleted"
            ? (await Catalog.FindDueAsync(new DueQuery.DeletionCutShort(), null, 1, Ct)).Items
            : (await ListAsync()).Items;
        found.Should().Equal(folded!);
    }

    [Fact]
    public async Task Applying_the_same_again_changes_nothing()
    {
        Feed.With("a", Created("a"), Started()).With("b", Created("b")).WithTombstone("b");
        await Catalog.ApplyAsync(Feed.Items, Feed.Checkpoint, Ct);
        var before = (await ListAsync()).Items;

        await Catalog.ApplyAsync(Feed.Items, Feed.Checkpoint, Ct);
        await Catalog.ApplyAsync([Feed.Items[2]], new("log-1", Feed.Items[2].Position, Feed.Checkpoint.LastEvent), Ct);

        (await ListAsync()).Items.Should().Equal(before);
        (await Catalog.CheckpointAsync(Ct)).Should().Be(Feed.Checkpoint);
    }

    [Fact]
    public async Task A_run_that_overlaps_the_one_before_goes_on_behind_it()
    {
        Feed.With("a", Created("a"), Started());
        await Catalog.ApplyAsync(Feed.Items, Feed.Checkpoint, Ct);
        Feed.With("a", first: 2, Completed(3, 1));
        await Catalog.ApplyAsync(Feed.Items, Feed.Checkpoint, Ct);

        (await ListAsync()).Items.Should().ContainSingle().Which.Status.Should().Be(StreamStatus.Done);
    }

    [Fact]
    public async Task A_life_in_one_run_is_what_it_is_event_by_event()
    {
        StreamEvent[] life = [Created("a", Everything), Started(), Completed(3, 1)];
        Feed.With("a", life);
        await Feed.ApplyAsync();
        var atOnce = (await ListAsync(StreamStatus.Done, ("user", "42"))).Items;

        await Catalog.ResetAsync(Ct);
        var feed = new CatalogFeed(Catalog);
        for (var i = 0; i < life.Length; i++) await feed.With("a", first: i, life[i]).ApplyAsync();

        atOnce.Should().ContainSingle();
        (await ListAsync(StreamStatus.Done, ("user", "42"))).Items.Should().Equal(atOnce);
        (await ListAsync(StreamStatus.Streaming, ("user", "42"))).Items.Should().BeEmpty();
    }

    [Fact]
    public async Task A_life_and_its_tombstone_in_one_run_leave_nothing()
    {
        Feed.With("a", Created("a", Everything), Started(), Completed(), Deleted(StreamStatus.Done)).WithTombstone("a");
        await Feed.ApplyAsync();

        (await IdsAsync()).Should().BeEmpty();
        (await DueAsync(new DueQuery.DeletionCutShort())).Should().BeEmpty();
    }

    [Fact]
    public async Task The_checkpoint_says_how_far_and_from_which_log()
    {
        (await Catalog.CheckpointAsync(Ct)).Should().BeNull();
        Feed.With("a", Created("a"));
        await Feed.ApplyAsync();
        await ReopenAsync();

        (await Catalog.CheckpointAsync(Ct)).Should().Be(Feed.Checkpoint);
    }

    [Fact]
    public async Task A_reset_forgets_all_and_another_log_can_follow()
    {
        Feed.With("a", Created("a", Everything)).With("b", Created("b"));
        await Feed.ApplyAsync();

        var other = new CatalogFeed(Catalog, "log-2").With("c", Created("c"));
        await other.Invoking(f => f.ApplyAsync()).Should().ThrowAsync<InvalidOperationException>();
        await Catalog.ResetAsync(Ct);

        (await Catalog.CheckpointAsync(Ct)).Should().BeNull();
        (await IdsAsync()).Should().BeEmpty();
        await other.ApplyAsync();
        (await IdsAsync()).Should().Equal("c");
    }

    [Fact]
    public async Task A_tombstoned_stream_is_gone_with_its_labels()
    {
        Feed.With("a", Created("a", Everything)).With("b", Created("b", Everything)).WithTombstone("a").WithTombstone("never seen");
        await Feed.ApplyAsync();

        (await IdsAsync()).Should().Equal("b");
        (await IdsAsync(label: ("user", "42"))).Should().Equal("b");
    }

    [Fact]
    public async Task A_fenced_stream_is_not_listed_and_is_found_for_the_sweeper_until_its_tombstone()
    {
        Feed.With("a", Created("a", Everything), Started(), Completed(), Deleted(StreamStatus.Done));
        await Feed.ApplyAsync();

        (await IdsAsync()).Should().BeEmpty();
        (await IdsAsync(label: ("user", "42"))).Should().BeEmpty();
        (await IdsAsync(StreamStatus.Deleted)).Should().BeEmpty();
        (await IdsAsync(StreamStatus.Deleted, ("user", "42"))).Should().BeEmpty();
        (await DueAsync(new DueQuery.DeletionCutShort())).Should().Equal("a");

        Feed.WithTombstone("a");
        await Feed.ApplyAsync();
        (await DueAsync(new DueQuery.DeletionCutShort())).Should().BeEmpty();
    }

    [Fact]
    public async Task What_is_not_its_matter_is_left_out_what_cannot_be_right_is_listed_as_damaged_and_the_feed_goes_on()
    {
        Feed.With("no beginning", first: 7, Completed());
        Feed.Items.Add(new FeedItem.Damaged(Feed.Next(), "text-x", "its hash is another."));
        Feed.With("a", Created("a"), Started(), Chunk(0, 0, "text"), Created("a"));
        Feed.Items.Add(new FeedItem.CaughtUp(Feed.Next()));
        Feed.Items.Add(new FeedItem.Requested(
            Feed.Next(), new Domain.EventId(Guid.Empty), new(new StreamId("a"), null) { At = Noon }, new(Node, 0, "anonymous")));
        Feed.With("b", Created("b"));
        await Feed.ApplyAsync();

        (await IdsAsync()).Should().Equal("b", "a", "no beginning");
        (await ListAsync()).Items[1].Should().Match<StreamSummary>(s => s.Length == 0 && s.Revision == Revision.From(1));
        (await ListAsync()).Items.Select(s => s.IsDamaged).Should().Equal(false, true, true);
        (await Catalog.CheckpointAsync(Ct)).Should().Be(Feed.Checkpoint);
    }

    [Fact]
    public async Task A_run_is_applied_as_a_whole_or_not_at_all()
    {
        Feed.With("a", Created("a"));
        // A position that SQLite cannot hold makes the second item fail.
        Feed.Items.Add(new FeedItem.Recorded(Recorded("b", 0, Created("b"), position: ulong.MaxValue)));

        await Feed.Invoking(f => f.ApplyAsync()).Should().ThrowAsync<OverflowException>();

        (await IdsAsync()).Should().BeEmpty();
        (await Catalog.CheckpointAsync(Ct)).Should().BeNull();
    }
}
