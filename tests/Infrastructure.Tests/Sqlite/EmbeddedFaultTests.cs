using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>Commits that fail.</summary>
public sealed class EmbeddedFaultTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [RootFact]
    public async Task On_a_full_disk_appends_are_unknown_reads_go_on_and_room_heals_it()
    {
        using var disk = Mount.SmallDisk(folder.Path, "2m");
        await using var log = await folder.OpenAsync();
        var written = new List<NewEvent>();
        AppendOutcome result;
        NewEvent next;
        do
        {
            next = Event(new string('x', 60_000) + written.Count);
            result = await log.AppendAsync("text-a", After(written.Count - 1), next);
            if (result is AppendOutcome.Appended) written.Add(next);
        }
        while (result is AppendOutcome.Appended);

        result.Should().BeOfType<AppendOutcome.Unknown>().Which.Why.Should().Contain("full");
        written.Should().NotBeEmpty();
        log.CanWrite.Should().BeFalse();
        (await log.ReadAllAsync("text-a")).Select(e => e.Id).Should().Equal(written.Select(e => e.Id));
        (await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
                log.AppendAsync($"text-{i}", ExpectedRevision.NoStream, Event(new string('y', 60_000))))))
            .Should().Contain(r => r is AppendOutcome.Unknown);

        disk.Resize("64m");

        (await log.AppendedAsync("text-a", After(written.Count - 1), next)).Last.Should().Be(written.Count);
        log.CanWrite.Should().BeTrue();
        (await log.ReadAllAsync("text-a")).Select(e => e.Id).Should().Equal([.. written.Select(e => e.Id), next.Id]);
        await log.DisposeAsync();
    }

    [RootFact]
    public async Task Followers_miss_nothing_over_a_full_disk()
    {
        using var disk = Mount.SmallDisk(folder.Path, "2m");
        await using var log = await folder.OpenAsync();
        await using var follower = log.FollowAsync("text-a", 0, CancellationToken.None).GetAsyncEnumerator();
        var ids = new List<Domain.EventId>();
        for (var full = false; !full;)
        {
            var next = Event(new string('x', 60_000));
            ids.Add(next.Id);
            while (await log.AppendAsync("text-a", After(ids.Count - 2), next) is not AppendOutcome.Appended)
            {
                full = true;
                disk.Resize("64m");
            }
        }

        (await follower.TakeAsync(ids.Count)).Select(e => e.Id).Should().Equal(ids);
        await follower.DisposeAsync();
        await log.DisposeAsync();
    }

    [RootFact]
    public async Task A_folder_that_is_read_only_is_refused_in_words()
    {
        await using (var log = await folder.OpenAsync()) await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("a"));
        using (Mount.ReadOnly(folder.Path))
        {
            (await this.Awaiting(_ => folder.OpenAsync()).Should().ThrowAsync<SqliteEventStoreRefusedException>())
                .WithMessage($"*{folder.Path}*writ*");
        }

        await using var again = await folder.OpenAsync();
        (await again.ReadAllAsync("text-a")).Should().ContainSingle();
    }

    [Fact]
    public async Task While_another_holds_the_database_appends_are_unknown_and_reads_go_on()
    {
        await using var log = await folder.OpenAsync(with: o => o with { BusyTimeout = TimeSpan.FromMilliseconds(20) });
        await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("a"));
        var second = Event("b");
        using (var other = Database.Open(folder.Database, TimeSpan.FromSeconds(10)))
        {
            other.Execute("BEGIN IMMEDIATE");
            (await log.AppendAsync("text-a", After(0), second)).Should().BeOfType<AppendOutcome.Unknown>().Which.Why.Should().Contain("locked");
            (await log.ReadAllAsync("text-a")).Should().ContainSingle();
            log.CanWrite.Should().BeFalse();
            other.Execute("ROLLBACK");
        }

        (await log.AppendedAsync("text-a", After(0), second)).Last.Should().Be(1);
        log.CanWrite.Should().BeTrue();
    }

    [Fact]
    public async Task A_caller_that_is_gone_before_its_append_began_writes_nothing()
    {
        await using var log = await folder.OpenAsync(with: o => o with { BusyTimeout = TimeSpan.FromMinutes(1) });
        using var gone = new CancellationTokenSource();
        Task<AppendOutcome> held, left;
        using (var other = Database.Open(folder.Database, TimeSpan.FromSeconds(10)))
        {
            other.Execute("BEGIN IMMEDIATE");
            held = log.AppendAsync("text-a", ExpectedRevision.NoStream, Event("a"));
            await Eventually.UntilAsync("the writer has begun the first append", () => log.Queued == 0);
            left = log.AppendAsync("text-b", ExpectedRevision.NoStream, Events(1), gone.Token);
            await gone.CancelAsync();
            other.Execute("ROLLBACK");
        }

        (await held).Should().BeOfType<AppendOutcome.Appended>();
        await left.Awaiting(l => l).Should().ThrowAsync<OperationCanceledException>();
        await log.AppendedAsync("text-c", ExpectedRevision.NoStream, Event("c"));
        (await log.ReadAsync("text-b")).Should().BeOfType<StoreRead.Missing>();
    }

    [Fact]
    public async Task A_stale_revision_among_many_in_one_commit_is_answered_alone()
    {
        await using var log = await folder.OpenAsync(with: o => o with { BusyTimeout = TimeSpan.FromMinutes(1) });
        await log.AppendedAsync("text-3", ExpectedRevision.NoStream, Event("before"));
        Task<AppendOutcome>[] appends;
        using (var other = Database.Open(folder.Database, TimeSpan.FromSeconds(10)))
        {
            other.Execute("BEGIN IMMEDIATE");
            appends = [.. Enumerable.Range(0, 50).Select(i => log.AppendAsync($"text-{i % 10}", After((i / 10) - 1), Event($"{i}")))];
            other.Execute("ROLLBACK");
        }

        var results = await Task.WhenAll(appends);
        for (var i = 0; i < results.Length; i++)
        {
            if (i == 3) results[i].Should().Be(new AppendOutcome.Lost(0));
            else results[i].Should().BeOfType<AppendOutcome.Appended>().Which.Last.Should().Be(i / 10);
        }
    }

    [Fact]
    public async Task Limits_hold_from_the_next_append_on_within_one_commit()
    {
        await using var log = await folder.OpenAsync(with: o => o with { BusyTimeout = TimeSpan.FromMinutes(1) });
        Task[] all;
        using (var other = Database.Open(folder.Database, TimeSpan.FromSeconds(10)))
        {
            other.Execute("BEGIN IMMEDIATE");
            all =
            [
                log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(3)),
                log.SetLimitsAsync("text-a", new StreamLimits(2, null), CancellationToken.None),
                log.AppendedAsync("text-a", After(2), Events(3)),
                log.SetLimitsAsync("text-a", new StreamLimits(1, null), CancellationToken.None),
                log.AppendedAsync("text-a", After(5), Events(1)),
            ];
            other.Execute("ROLLBACK");
        }

        await Task.WhenAll(all);
        (await log.ReadAllAsync("text-a")).Should().ContainSingle().Which.Revision.Should().Be(6);
        await log.DisposeAsync();
        using var database = Database.Open(folder.Database, TimeSpan.FromSeconds(10));
        database.Number("SELECT count(*) FROM events WHERE stream = 'text-a'").Should().Be(1);
    }

    [Fact]
    public async Task A_full_queue_makes_callers_wait_and_closing_leaves_nobody_waiting()
    {
        await using var log = await folder.OpenAsync(
            with: o => o with { BusyTimeout = TimeSpan.FromMinutes(1), MaxQueuedAppends = 4 });
        Task<AppendOutcome>[] appends;
        Task closing;
        using (var other = Database.Open(folder.Database, TimeSpan.FromSeconds(10)))
        {
            other.Execute("BEGIN IMMEDIATE");
            appends = [.. Enumerable.Range(0, 100).Select(i => log.AppendAsync($"text-{i}", ExpectedRevision.NoStream, Event("x")))];
            log.Queued.Should().BeLessThanOrEqualTo(4);
            closing = log.DisposeAsync().AsTask();
            other.Execute("ROLLBACK");
        }

        var results = await Task.WhenAll(appends).WaitAsync(Eventually.Limit);
        await closing;
        results.Count(r => r is AppendOutcome.Appended).Should().BeGreaterThanOrEqualTo(4, "what was queued is written");
        results.Should().OnlyContain(r => r is AppendOutcome.Appended || r is AppendOutcome.Unknown);
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_answered_from_what_is_there_and_followers_see_it_once()
    {
        var losses = 0;
        await using var log = await folder.OpenAsync(with: o => o with { Committed = () => Lose(ref losses) });
        await using var follower = log.FollowAsync("text-a", 0, CancellationToken.None).GetAsyncEnumerator();
        await using var feed = log
            .FollowAllAsync(Domain.LogPosition.Start, new StoreFilter(["text-a"], []), CancellationToken.None).GetAsyncEnumerator();
        await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("0"));
        await follower.TakeAsync(1);
        while ((await feed.TakeAsync(1))[0] is null) { }

        losses = 1;
        (await log.AppendedAsync("text-a", After(0), Event("1"))).Last.Should().Be(1);
        losses = 1;
        (await log.AppendedAsync("text-a", ExpectedRevision.Any, Event("2"))).Last.Should().Be(2);
        await log.AppendedAsync("text-a", After(2), Event("3"));

        (await follower.TakeAsync(3)).Select(e => e.Text()).Should().Equal("1", "2", "3");
        (await TakeEventsAsync(feed, 3)).Should().Equal("1", "2", "3");
    }

    [Fact]
    public async Task An_append_that_stays_unknown_is_found_by_the_same_append_again()
    {
        var losses = 2;
        await using var log = await folder.OpenAsync(with: o => o with { Committed = () => Lose(ref losses) });
        var events = Events(2);

        (await log.AppendAsync("text-a", ExpectedRevision.NoStream, events)).Should().BeOfType<AppendOutcome.Unknown>();
        (await log.AppendedAsync("text-a", ExpectedRevision.NoStream, events)).Last.Should().Be(1);
        (await log.ReadAllAsync("text-a")).Should().HaveCount(2);
    }

    private static void Lose(ref int losses)
    {
        if (losses-- > 0) throw new IOException("The answer was lost.");
    }

    private static async Task<IReadOnlyList<string>> TakeEventsAsync(IAsyncEnumerator<StoredEvent?> feed, int count)
    {
        var seen = new List<string>();
        while (seen.Count < count)
            if ((await feed.TakeAsync(1))[0] is { } stored) seen.Add(stored.Text());

        return seen;
    }
}
