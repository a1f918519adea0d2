using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

public sealed class StoreTests : IDisposable
{
    private static readonly StoreLocation Elsewhere = new StoreLocation.EventStoreDb("esdb://elsewhere");

    private readonly TempFolder folder = new();
    private readonly AuditContext context = new(new AuditConsole(TextWriter.Null, TextWriter.Null), TimeProvider.System);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Both_ways_of_enumerating_find_the_same_streams_with_their_heads_and_tombstones()
    {
        await using var memory = new InMemoryEventStore(new InMemoryStore(TimeProvider.System));
        await using (var log = await folder.OpenLogAsync())
        {
            foreach (var each in new IEventStore[] { log, memory })
            {
                for (var i = 0; i < 600; i++) await each.WriteAsync($"s{i}", Created($"s{i}"), Started());
                await each.TombstoneAsync(
                    "text-s7", ExpectedRevision.Any, new EventId(Guid.NewGuid()), TombstoneMetadata.Write(new Deletion("bob", Noon, StreamHead.None)), default);
                await each.SetLimitsAsync("text.requests", new StreamLimits(1, null), default);
            }
        }

        await using var embedded = await OpenAsync();
        await using var fed = Store.Over(Elsewhere, StreamPrefix.Default, memory);
        var fromTables = await embedded.StreamsAsync(default).ToListAsync();
        var fromFeed = await fed.StreamsAsync(default).ToListAsync();

        fromTables.Should().HaveCount(600);
        fromTables.Select(e => (e.Id, e.Head, e.IsTombstoned, e.Deletion?.By))
            .Should().BeEquivalentTo(fromFeed.Select(e => (e.Id, e.Head, e.IsTombstoned, e.Deletion?.By)));
        fromTables.Select(e => e.Id.Value).Should().Equal(Enumerable.Range(0, 600).Select(i => $"s{i}"));
        fromTables.Where(e => e.IsTombstoned).Should().ContainSingle()
            .Which.Deletion.Should().Be(new Deletion("bob", Noon, StreamHead.None));
    }

    [Fact]
    public async Task A_feed_names_a_stream_of_which_only_text_is_left()
    {
        await using var memory = new InMemoryEventStore(new InMemoryStore(TimeProvider.System));
        await memory.WriteAsync("a", Created("a"), Started(), Chunk(0, 0, "x"));
        await memory.WriteAsync("b", Chunk(0, 0, "only text"));
        await using var store = Store.Over(Elsewhere, StreamPrefix.Default, memory);

        (await store.StreamsAsync(default).ToListAsync()).Select(e => e.Id.Value).Should().Equal("a", "b");
    }

    [Fact]
    public async Task All_events_come_in_the_logs_order_and_end()
    {
        await using (var log = await folder.OpenLogAsync())
        {
            await log.WriteAsync("a", Created("a"), Started(), Completed());
            await log.AppendAsync(
                "theirs", ExpectedRevision.NoStream, [new NewEvent(new EventId(Guid.NewGuid()), "T", "x", default, default)], default);
            await log.WriteAsync("b", Created("b"));
            await log.TombstoneAsync("text-b", ExpectedRevision.Any, new EventId(Guid.NewGuid()), default, default);
        }

        await using var store = await OpenAsync();
        var all = await store.AllEventsAsync(LogPosition.Start, default).ToListAsync();

        all.Select(e => (e.Stream, e.Type)).Should().EndWith(("text-b", "$streamDeleted"))
            .And.StartWith([("text-a", "StreamCreated"), ("text-a", "StreamStarted"), ("text-a", "StreamCompleted")])
            .And.NotContain(e => e.Stream == "theirs");
        all.Should().BeInAscendingOrder(e => e.Position);
        (await store.AllEventsAsync(all[^1].Position, default).ToListAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Events_of_a_stream_come_over_many_pages_and_checked()
    {
        var events = Enumerable.Range(0, 2000).Select(i => (StreamEvent)Chunk(i, i, "x"));
        await using (var log = await folder.OpenLogAsync()) await log.WriteAsync("long", [Created("long"), Started(), .. events]);

        await using var store = await OpenAsync();

        (await store.EventsAsync(new StreamId("long"), from: 5, default).ToListAsync())
            .Select(e => e.Revision).Should().Equal(Enumerable.Range(5, 1997).Select(i => (long)i));
        (await store.CheckedEventsAsync(new StreamId("long"), default).ToListAsync()).Should().HaveCount(2002);
        (await store.EventsAsync(new StreamId("never"), from: 0, default).ToListAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_changed_event_is_named_by_the_checked_reading()
    {
        await using (var log = await folder.OpenLogAsync())
            await log.WriteAsync("s", Created("s"), Started(), Chunk(0, 0, "true"), Completed(4, 1));
        folder.Tamper("UPDATE log SET data = CAST(replace(CAST(data AS TEXT), 'true', 'fals') AS BLOB) WHERE type = 'ChunkPersisted'");

        await using var store = await OpenAsync();

        (await store.Awaiting(s => s.CheckedEventsAsync(new StreamId("s"), default).ToListAsync().AsTask())
            .Should().ThrowAsync<LogDamagedException>()).Which.Revision.Should().Be(2);
    }

    [Fact]
    public async Task Writing_is_refused_while_a_server_has_the_log_and_locks_it_otherwise()
    {
        var location = StoreLocation.Parse(folder.Path);
        await using (await RunningServer.StartAsync(folder.Path))
        {
            (await this.Awaiting(_ => StoreOpening.WriteAsync(location, StreamPrefix.Default, context, default)).Should().ThrowAsync<AuditException>())
                .WithMessage($"*{folder.Path}*Stop the server*");
        }

        await using var written = await StoreOpening.WriteAsync(location, StreamPrefix.Default, context, default);
        await folder.Awaiting(f => f.OpenLogAsync()).Should().ThrowAsync<SqliteEventStoreRefusedException>();
    }

    [Fact]
    public async Task The_logs_identity_is_read()
    {
        string logId;
        await using (var server = await RunningServer.StartAsync(folder.Path)) logId = server.Node.Log.LogId;

        await using var store = await OpenAsync();

        (await store.LogIdAsync(default)).Should().Be(logId);
    }

    private Task<Store> OpenAsync() => Store.OpenAsync(StoreLocation.Parse(folder.Path), StreamPrefix.Default, context, default);
}
