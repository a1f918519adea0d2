using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreDb;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests.EventStoreDb;

/// <summary>A server that goes away and comes back, as itself or as another one.</summary>
public sealed class EventStoreDbRestartTests : IAsyncLifetime
{
    private const string Stream = "text-a";
    private static readonly StoreFilter Ours = new(["text-"], []);

    private readonly RestartableStore store = new();
    private SqliteEventStore served = null!;
    private EventStoreDbStore log = null!;

    public async Task InitializeAsync()
    {
        served = await store.NewLogAsync();
        await NameAsync(served);
        await store.ServeAsync(served);
        log = await store.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await log.DisposeAsync();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Followers_go_on_without_gap_or_repeat_while_the_server_restarts()
    {
        const int Count = 300;
        await using var follower = log.FollowAsync(Stream, 0, default).GetAsyncEnumerator();
        await using var feed = log.FollowAllAsync(LogPosition.Start, Ours, default).GetAsyncEnumerator();
        var following = Task.Run(() => follower.TakeAsync(Count));
        var feeding = Task.Run(async () =>
        {
            var seen = new List<StoredEvent>();
            while (seen.Count < Count)
                if ((await feed.TakeAsync(1))[0] is { } stored) seen.Add(stored);
            return seen;
        });

        for (var i = 0; i < Count; i++)
        {
            if (i % 100 == 50)
            {
                await store.GoAwayAsync();
                await store.ServeAsync(served);
            }

            await SettledAsync(After(i - 1), Event($"{i}"));
        }

        (await following).Select(e => e.Text()).Should().Equal(Enumerable.Range(0, Count).Select(i => $"{i}"));
        (await feeding).Select(e => e.Revision).Should().Equal(Enumerable.Range(0, Count).Select(i => (long)i));
    }

    [Fact]
    public async Task A_server_without_tls_says_what_to_write_when_tls_is_asked_of_it()
    {
        var open = () => store.OpenAsync(options => options with { ConnectionString = options.ConnectionString.Replace("tls=false", "tls=true") });

        (await open.Should().ThrowAsync<LogUnavailableException>()).Which.Message.Should().Contain("no secure connection").And.Contain("tls=false");
    }

    [Fact]
    public async Task Without_the_server_nothing_is_known_and_with_it_the_same_append_finds_out()
    {
        var append = Event("a");
        await using var hasty = await store.OpenAsync(options => options with { RepeatLimit = TimeSpan.FromSeconds(2) });
        await store.GoAwayAsync();

        (await hasty.AppendAsync(Stream, ExpectedRevision.NoStream, append)).Should().BeOfType<AppendOutcome.Unknown>()
            .Which.Why.Should().Contain("cannot be reached");
        for (var i = 0; i < 3; i++) (await hasty.AppendAsync(Stream, ExpectedRevision.NoStream, append)).Should().BeOfType<AppendOutcome.Unknown>();
        await hasty.Awaiting(l => l.ReadAsync(Stream)).Should().ThrowAsync<LogUnavailableException>();
        await hasty.Awaiting(l => l.TombstoneAsync(Stream, ExpectedRevision.Any, new EventId(Guid.NewGuid()), default, default)).Should().ThrowAsync<LogUnavailableException>();
        await Eventually.UntilAsync("after so many failures the server is left alone", async () =>
        {
            (await hasty.AppendAsync(Stream, ExpectedRevision.NoStream, append)).Should().BeOfType<AppendOutcome.Unknown>();
            return hasty.Problem?.Contains("cannot be reached", StringComparison.Ordinal) == true;
        });

        await store.ServeAsync(served);
        await SettledAsync(hasty, ExpectedRevision.NoStream, append);

        hasty.Problem.Should().BeNull();
        (await served.ReadAllAsync(Stream)).Should().ContainSingle().Which.Id.Should().Be(append.Id);
    }

    [Fact]
    public async Task A_log_that_cannot_be_reached_cannot_be_opened_yet()
    {
        await store.GoAwayAsync();

        await store.Awaiting(s => s.OpenAsync()).Should().ThrowAsync<LogUnavailableException>();
    }

    [Fact]
    public async Task Another_log_at_the_same_address_is_neither_read_nor_written()
    {
        await log.AppendedAsync(Stream, ExpectedRevision.NoStream, Event("ours"));
        await using var follower = log.FollowAsync(Stream, 0, default).GetAsyncEnumerator();
        (await follower.TakeAsync(1))[0].Text().Should().Be("ours");
        var live = follower.TakeAsync(1);
        var another = await store.NewLogAsync();
        await NameAsync(another);
        await another.AppendedAsync(Stream, ExpectedRevision.NoStream, Event("theirs"), Event("theirs"));
        await store.GoAwayAsync();
        (await log.AppendAsync(Stream, After(0), Event("nowhere"))).Should().BeOfType<AppendOutcome.Unknown>("the connection is lost, and that is known");
        await store.ServeAsync(another);

        await Eventually.UntilAsync("it is noticed", async () =>
            await log.AppendAsync(Stream, After(1), Event("mixed")) is AppendOutcome.Unknown && log.Problem?.Contains("Another event log") == true);
        await log.Awaiting(l => l.ReadAsync(Stream)).Should().ThrowAsync<LogUnavailableException>().WithMessage("Another event log*");
        (await another.ReadAllAsync(Stream)).Should().HaveCount(2);
        live.IsCompleted.Should().BeFalse();

        await store.GoAwayAsync();
        await store.ServeAsync(served);
        await SettledAsync(After(0), Event("ours again"));

        (await live)[0].Text().Should().Be("ours again");
        log.Problem.Should().BeNull();
    }

    [Fact]
    public async Task A_log_restored_to_an_older_state_ends_the_feed_instead_of_going_on_in_it()
    {
        await log.AppendedAsync(Stream, ExpectedRevision.NoStream, Event("kept"));
        var older = await store.CopyAsync(served);
        await log.AppendedAsync(Stream, After(0), Event("lost"));
        await using var feed = log.FollowAllAsync(LogPosition.Start, Ours, default).GetAsyncEnumerator();
        (await TakeTwoAsync()).Select(e => e.Text()).Should().Equal("kept", "lost");

        await store.GoAwayAsync();
        await store.ServeAsync(older);

        var next = async () =>
        {
            while (true) await feed.TakeAsync(1);
        };
        await next.Should().ThrowAsync<LogRestoredException>();

        async Task<List<StoredEvent>> TakeTwoAsync()
        {
            var seen = new List<StoredEvent>();
            while (seen.Count < 2)
                if ((await feed.TakeAsync(1))[0] is { } stored) seen.Add(stored);
            return seen;
        }
    }

    [Fact]
    public async Task A_slow_follower_loses_nothing()
    {
        const int Count = 2000;
        await using var follower = log.FollowAsync(Stream, 0, default).GetAsyncEnumerator();
        await log.AppendedAsync(Stream, ExpectedRevision.NoStream, Event("0"));
        await follower.TakeAsync(1);

        for (var at = 0L; at < Count - 1; at += 100) await log.AppendedAsync(Stream, After(at), Events(100, new string('x', 1000)));

        (await follower.TakeAsync(Count)).Select(e => e.Revision).Should().Equal(Enumerable.Range(1, Count).Select(i => (long)i));
    }

    private Task SettledAsync(ExpectedRevision expected, params NewEvent[] events) => SettledAsync(log, expected, events);

    private static async Task SettledAsync(EventStoreDbStore log, ExpectedRevision expected, params NewEvent[] events) => await Eventually.UntilAsync(
        "it is appended", async () => await log.AppendAsync(Stream, expected, events) is AppendOutcome.Appended);

    private static async Task NameAsync(SqliteEventStore log) => await StreamLog.OpenAsync(
        log, StreamPrefix.Default, Guid.NewGuid, TimeProvider.System, new NodeRun("node-a", "run"), default);
}
