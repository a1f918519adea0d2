using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>The kind that is kept with a row: new types need no new schema, and a kind that is not its type's is
/// damage.</summary>
public sealed class EmbeddedKindTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("ChunkPersisted", 1)]
    [InlineData("StreamCreated", 19)]
    [InlineData("StreamCompleted", 19)]
    [InlineData("StreamDeleted", 19)]
    [InlineData("NodeHeartbeat", 20)]
    [InlineData("StreamCancelRequested", 20)]
    [InlineData("LogNamed", 20)]
    [InlineData("AccessRecorded", 4)]
    [InlineData("JobRequested", 20)]
    [InlineData("JobProgressed", 4)]
    [InlineData("SomebodyElses", null)]
    [InlineData("$metadata", null)]
    public async Task What_is_stored_is_for_ever(string type, int? kind)
    {
        await using (var log = await folder.OpenAsync()) await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("a", type), Event("b", type));

        Number($"SELECT count(*) FROM log WHERE kind IS {(kind is { } number ? $"{number}" : "NULL")}").Should().Be(2);
    }

    [Fact]
    public async Task A_tombstone_has_a_kind()
    {
        await using (var log = await folder.OpenAsync())
        {
            await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("a"));
            await log.TombstoneAsync("text-a", ExpectedRevision.Any, new EventId(Guid.NewGuid()), default, default);
        }

        Number("SELECT kind FROM log WHERE type = '$streamDeleted'").Should().Be(19);
    }

    [Fact]
    public async Task New_types_of_content_and_notes_need_no_new_schema()
    {
        using var drawn = EventKinds.With(new EventType("Drawn", EventKind.Content, InLifecycleFeed: false));
        using var touched = EventKinds.With(new EventType("Touched", EventKind.Note, InLifecycleFeed: false));
        using var forked = EventKinds.With(new EventType("Forked", EventKind.Note));
        await using (var log = await folder.OpenAsync())
        {
            await log.AppendedAsync(
                "text-a",
                ExpectedRevision.NoStream,
                Event("0", "StreamCreated"), Event("1", "Drawn"), Event("2", "Touched"), Event("3", "Forked"), Event("4"), Event("5", "SomebodyElses"));

            (await TypesAsync(log, new StoreFilter(["text-"], EventKinds.LeftOutOfLifecycleFeed)))
                .Should().Equal("StreamCreated", "Forked", "SomebodyElses");
            (await TypesAsync(log, new StoreFilter(["text-"], []))).Should().HaveCount(6);
        }

        Number("SELECT group_concat(coalesce(kind, 0), '') FROM (SELECT kind FROM log ORDER BY position)").Should().Be(19_1_2_18_1_0);
        Number("SELECT count(*) FROM log INDEXED BY log_in_feed WHERE kind >= 16 OR (kind IS NULL AND type <> 'ChunkPersisted')").Should().Be(3);
    }

    [Fact]
    public async Task A_type_that_was_not_known_when_it_was_written_is_judged_by_who_reads()
    {
        await using (var log = await folder.OpenAsync()) await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("0", "Drawn"));
        using var drawn = EventKinds.With(new EventType("Drawn", EventKind.Content, InLifecycleFeed: false));

        await using var again = await folder.OpenAsync();

        (await again.ReadAllAsync("text-a")).Should().ContainSingle();
        (await TypesAsync(again, new StoreFilter(["text-"], EventKinds.LeftOutOfLifecycleFeed))).Should().BeEmpty();
    }

    [Theory]
    [InlineData("kind = 19", "kind 19*'ChunkPersisted' is kind 1")]
    [InlineData("kind = 2", "kind 2*'ChunkPersisted' is kind 1")]
    [InlineData("kind = -1", "kind -1*'ChunkPersisted' is kind 1")]
    [InlineData("type = 'StreamStarted'", "kind 1*'StreamStarted' is kind 19")]
    public async Task A_kind_that_is_not_its_types_is_damage(string change, string what)
    {
        await using (var log = await folder.OpenAsync()) await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Events(3));
        Execute($"UPDATE log SET {change} WHERE revision = 1");

        await using var again = await folder.OpenAsync();

        (await this.Awaiting(_ => again.ReadAsync("text-a")).Should().ThrowAsync<LogDamagedException>())
            .WithMessage($"*{what}*").Which.Revision.Should().Be(1);
        (await this.Awaiting(_ => again.ReadAsync("text-a", 1, forward: false)).Should().ThrowAsync<LogDamagedException>())
            .Which.Revision.Should().Be(1);
    }

    [Fact]
    public async Task A_wrong_kind_does_not_stop_the_feed()
    {
        await using (var log = await folder.OpenAsync())
            await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("0", "StreamCreated"), Event("1"), Event("2", "StreamCompleted"));
        Execute("UPDATE log SET kind = 19 WHERE revision = 1; UPDATE log SET kind = 18 WHERE revision = 2");

        await using var again = await folder.OpenAsync();

        (await TypesAsync(again, new StoreFilter(["text-"], ["ChunkPersisted"]))).Should().Equal("StreamCreated", "StreamCompleted");
    }

    [Fact]
    public async Task A_kind_that_is_lost_follows_from_the_type()
    {
        await using (var log = await folder.OpenAsync()) await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("0", "StreamCreated"), Event("1"));
        Execute("UPDATE log SET kind = NULL");

        await using var again = await folder.OpenAsync();

        (await again.ReadAllAsync("text-a")).Should().HaveCount(2);
        (await TypesAsync(again, new StoreFilter(["text-"], ["ChunkPersisted"]))).Should().Equal("StreamCreated");
    }

    private static async Task<List<string>> TypesAsync(SqliteEventStore log, StoreFilter filter)
    {
        var types = new List<string>();
        await foreach (var stored in log.FollowAllAsync(LogPosition.Start, filter, default))
        {
            if (stored is null) break;
            types.Add(stored.Type);
        }

        return types;
    }

    private void Execute(string sql)
    {
        using var database = Database.Open(folder.Database, TimeSpan.FromSeconds(10));
        database.Execute(sql);
    }

    private long? Number(string sql)
    {
        using var database = Database.Open(folder.Database, TimeSpan.FromSeconds(10));
        return database.Number(sql);
    }
}
