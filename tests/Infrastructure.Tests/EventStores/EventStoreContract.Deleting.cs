using EventSourcedStreams.Domain;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests;

public abstract partial class EventStoreContract
{
    private Task<AppendOutcome> TombstoneAsync(string stream) => TombstoneAsync(stream, ExpectedRevision.Any);

    private Task<AppendOutcome> TombstoneAsync(string stream, ExpectedRevision expected) =>
        Log.TombstoneAsync(stream, expected, new EventId(Guid.NewGuid()), """{"by":"somebody"}"""u8.ToArray(), CancellationToken.None);

    [Fact]
    public async Task A_tombstoned_stream_is_gone_for_readers_and_writers()
    {
        await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, Events(3));
        await TombstoneAsync(Stream);

        (await Log.ReadAsync(Stream)).Should().BeOfType<StoreRead.Tombstoned>();
        (await Log.ReadAsync(Stream, long.MaxValue, forward: false)).Should().BeOfType<StoreRead.Tombstoned>();
        (await Log.AppendAsync(Stream, After(2), Event("late"))).Should().BeOfType<AppendOutcome.Deleted>();
        (await Log.AppendAsync(Stream, ExpectedRevision.Any, Event("late"))).Should().BeOfType<AppendOutcome.Deleted>();
        (await Log.AppendAsync(Stream, ExpectedRevision.NoStream, Event("late"))).Should().BeOfType<AppendOutcome.Deleted>();
    }

    [Fact]
    public async Task A_tombstone_again_is_success_and_one_before_any_event_too()
    {
        await TombstoneAsync(Stream);
        await TombstoneAsync(Stream);

        (await Log.ReadAsync(Stream)).Should().BeOfType<StoreRead.Tombstoned>();
    }

    [Fact]
    public async Task A_tombstone_at_an_expected_revision_is_set_only_there()
    {
        await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, Events(3));
        foreach (var other in (ExpectedRevision[])[ExpectedRevision.NoStream, After(1), After(3)])
            (await TombstoneAsync(Stream, other)).Should().Be(new AppendOutcome.Lost(2));
        (await Log.ReadAllAsync(Stream)).Should().HaveCount(3);

        (await TombstoneAsync(Stream, After(2))).Should().BeOfType<AppendOutcome.Appended>();

        (await Log.ReadAsync(Stream)).Should().BeOfType<StoreRead.Tombstoned>();
        (await TombstoneAsync(Stream, After(2))).Should().BeOfType<AppendOutcome.Deleted>();
        (await TombstoneAsync(Stream, ExpectedRevision.Any)).Should().BeOfType<AppendOutcome.Deleted>();
    }

    [Fact]
    public async Task A_tombstone_ends_those_who_follow_after_what_they_were_given()
    {
        await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, Events(2));
        await using var follower = Log.FollowAsync(Stream, 0, CancellationToken.None).GetAsyncEnumerator();
        (await follower.TakeAsync(2)).Should().HaveCount(2);
        await TombstoneAsync(Stream);

        await follower.Awaiting(f => f.TakeAsync(1)).Should().ThrowAsync<StreamTombstonedException>();
    }

    [Fact]
    public async Task Following_a_tombstoned_stream_ends_at_once()
    {
        await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, Events(2));
        await TombstoneAsync(Stream);
        await using var follower = Log.FollowAsync(Stream, 2, CancellationToken.None).GetAsyncEnumerator();

        await follower.Awaiting(f => f.TakeAsync(1)).Should().ThrowAsync<StreamTombstonedException>();
    }

    [Fact]
    public async Task The_feed_has_the_tombstone()
    {
        await using var live = Log.FollowAllAsync(
            LogPosition.Start, Ours with { ExceptTypes = ["ChunkPersisted"] }, CancellationToken.None).GetAsyncEnumerator();
        (await live.TakeAsync(1)).Should().Equal([null]);
        await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, Events(2));
        await TombstoneAsync(Stream);
        await using var later = Log.FollowAllAsync(LogPosition.Start, Ours, CancellationToken.None).GetAsyncEnumerator();

        foreach (var feed in new[] { live, later })
        {
            var seen = (await TakeEventsAsync(feed, 1))[0];
            while (!seen.IsTombstone) seen = (await TakeEventsAsync(feed, 1))[0];
            seen.Stream.Should().Be(Stream);
            seen.Revision.Should().Be(StoredEvent.TombstoneRevision);
            seen.Type.Should().Be(StoredEvent.TombstoneType);
        }
    }

    [Fact]
    public async Task A_limit_by_count_keeps_the_newest()
    {
        await Log.SetLimitsAsync(Stream, new StreamLimits(MaxCount: 2, null), CancellationToken.None);
        var last = Event("4");
        for (var i = 0; i < 5; i++) await Log.AppendedAsync(Stream, After(i - 1), i == 4 ? last : Event($"{i}"));

        (await Log.ReadAllAsync(Stream)).Select(e => e.Revision).Should().Equal(3, 4);
        var back = (await Log.ReadAsync(Stream, long.MaxValue, forward: false)).Should().BeOfType<StoreRead.Page>().Which;
        back.Events.Select(e => e.Revision).Should().Equal(4, 3);
        back.AtEnd.Should().BeTrue();
        (await Log.AppendAsync(Stream, After(3), last)).Should().BeOfType<AppendOutcome.Appended>("it is a repeat");
        (await Log.AppendAsync(Stream, After(1), Event("late"))).Should().Be(new AppendOutcome.Lost(4));
    }

    [Fact]
    public async Task A_limit_set_later_hides_what_is_over_it()
    {
        await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, Events(5));
        await Log.SetLimitsAsync(Stream, new StreamLimits(MaxCount: 1, null), CancellationToken.None);

        (await Log.ReadAllAsync(Stream)).Should().ContainSingle().Which.Revision.Should().Be(4);
        await using var follower = Log.FollowAsync(Stream, 0, CancellationToken.None).GetAsyncEnumerator();
        (await follower.TakeAsync(1))[0].Revision.Should().Be(4);
    }

    [Fact]
    public async Task A_limit_by_age_hides_what_is_older()
    {
        if (!UsesOurClock) return;
        await Log.SetLimitsAsync(Stream, new StreamLimits(null, TimeSpan.FromHours(24)), CancellationToken.None);
        await Log.AppendedAsync(Stream, ExpectedRevision.Any, Event("old"));
        Time.Advance(TimeSpan.FromHours(23));
        await Log.AppendedAsync(Stream, ExpectedRevision.Any, Event("new"));
        (await Log.ReadAllAsync(Stream)).Should().HaveCount(2);

        Time.Advance(TimeSpan.FromHours(2));
        (await Log.ReadAllAsync(Stream)).Should().ContainSingle().Which.Text().Should().Be("new");

        Time.Advance(TimeSpan.FromHours(48));
        (await Log.ReadAllAsync(Stream)).Should().BeEmpty();
        (await Log.AppendedAsync(Stream, After(1), Event("newest"))).Last.Should().Be(2);
        (await Log.ReadAllAsync(Stream)).Should().ContainSingle().Which.Text().Should().Be("newest");
    }

    [Fact]
    public async Task The_same_limits_again_write_nothing()
    {
        var limits = new StreamLimits(MaxCount: 3, TimeSpan.FromHours(1));
        for (var i = 0; i < 3; i++) await Log.SetLimitsAsync(Stream, limits, CancellationToken.None);

        var stored = (await Log.ReadAllAsync("$$" + Stream)).Should().ContainSingle().Which;
        stored.Type.Should().Be("$metadata");
        stored.Text().Should().Contain("\"$maxCount\":3").And.Contain("\"$maxAge\":3600");
    }
}
