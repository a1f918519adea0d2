using System.Security.Cryptography;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>A folder of commit 86f4349, whose schema knows no kinds: it is brought up to date once, and says what it
/// said.</summary>
public sealed class MigrationTests : IDisposable
{
    private static readonly StoreFilter Lifecycle = new(["text-"], ["ChunkPersisted"]);

    private readonly TemporaryFolder folder = new();

    public MigrationTests() => OldFolder.Write86f4349(folder.Path);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_stream_says_what_it_said()
    {
        await using var before = await ReaderAsync();
        var read = new List<string>();
        foreach (var id in OldFolder.Streams) read.AddRange(await SaidAsync(before, id));

        await using var log = await folder.OpenAsync();

        var again = new List<string>();
        foreach (var id in OldFolder.Streams) again.AddRange(await SaidAsync(log, id));
        again.Should().Equal(read).And.HaveCount(37);
        (await log.ReadAsync("text-deleted")).Should().BeOfType<StoreRead.Tombstoned>();
        (await log.ReadAllAsync("text-live")).Select(stored => stored.Type).Should().StartWith(["StreamCreated", "StreamStarted", "ChunkPersisted"]);
    }

    [Fact]
    public async Task It_is_brought_up_to_date_once()
    {
        Number("PRAGMA user_version").Should().Be(1);

        await using (await folder.OpenAsync()) { }
        var version = Number("PRAGMA schema_version");
        await using (await folder.OpenAsync()) { }

        Number("PRAGMA user_version").Should().Be(2);
        Number("PRAGMA schema_version").Should().Be(version);
        Number("SELECT count(*) FROM log WHERE kind IS NOT NULL").Should().Be(0, "no old row is written again");
    }

    [Fact]
    public async Task It_has_the_tables_of_a_new_log()
    {
        using var fresh = new TemporaryFolder();
        await using (await fresh.OpenAsync()) { }
        await using (await folder.OpenAsync()) { }

        Schemas.Of(folder.Database).Should().Be(Schemas.Of(fresh.Database));
    }

    [Fact]
    public async Task The_lifecycle_feed_tells_the_same_before_and_after()
    {
        List<string> before;
        await using (var reader = await ReaderAsync()) before = await FeedAsync(reader);

        await using var log = await folder.OpenAsync();

        (await FeedAsync(log)).Should().Equal(before);
        before.Should().HaveCountGreaterThan(20).And.NotContain(said => said.Contains("ChunkPersisted"))
            .And.ContainSingle(said => said.Contains("$streamDeleted"));
    }

    [Fact]
    public async Task New_events_stand_beside_old_ones_with_their_kinds()
    {
        await using var log = await folder.OpenAsync();
        var last = (await log.ReadAllAsync("text-live"))[^1].Revision;
        var old = await FeedAsync(log);

        await log.AppendedAsync("text-live", After(last), Event("more"), Event("end", "StreamCompleted"));

        (await FeedAsync(log)).Skip(old.Count).Should().ContainSingle().Which.Should().Contain("StreamCompleted");
        (await log.ReadAllAsync("text-live")).Should().HaveCount((int)last + 3);
        Number("SELECT count(*) FROM log WHERE kind IS NOT NULL").Should().Be(2);
        Number("SELECT group_concat(kind, '') FROM (SELECT kind FROM log WHERE kind IS NOT NULL ORDER BY position)").Should().Be(119);
    }

    [Fact]
    public async Task A_tool_reads_on_while_a_server_brings_it_up_to_date()
    {
        using var held = FolderLock.Acquire(folder.Path);                  // as the old server: the tool reads in place
        await using var reader = await ReaderAsync();
        reader.IsPrivateCopy.Should().BeFalse();
        var before = await FeedAsync(reader);

        using (var database = Database.Open(folder.Database, TimeSpan.FromSeconds(5)))
            Schema.Prepare(database, folder.Database, Schema.Steps, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

        (await FeedAsync(reader)).Should().Equal(before);
    }

    private static async Task<IEnumerable<string>> SaidAsync(IEventStoreReader log, string id) =>
        await log.ReadAsync("text-" + id, 0, true, 100, ReadFrom.Leader, default) is StoreRead.Page page ? page.Events.Select(Said) : [$"{id}: none"];

    private static string Said(StoredEvent e) =>
        $"{e.Stream} {e.Revision} {e.Position} {e.Created:O} {e.Id} {e.Type} {e.ContentType} {Short(e.Data)} {Short(e.Metadata)}";

    private static string Short(ReadOnlyMemory<byte> bytes) => $"{bytes.Length}:{Convert.ToHexString(SHA256.HashData(bytes.Span))[..16]}";

    private static async Task<List<string>> FeedAsync(IEventStoreReader log)
    {
        var told = new List<string>();
        await foreach (var stored in log.FollowAllAsync(LogPosition.Start, Lifecycle, default))
        {
            if (stored is null) break;
            told.Add(Said(stored));
        }

        return told;
    }

    private Task<SqliteEventStoreReader> ReaderAsync() =>
        SqliteEventStoreReader.OpenAsync(new SqliteEventStoreReaderOptions { File = folder.Database }, TimeProvider.System, default);

    private long? Number(string sql)
    {
        using var database = Database.Open(folder.Database, TimeSpan.FromSeconds(10));
        return database.Number(sql);
    }
}
