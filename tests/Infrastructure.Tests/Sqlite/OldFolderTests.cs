using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>A folder as version 0.1 left it, with one text, a node's heartbeats and the limits of both: it opens, and
/// all of it holds.</summary>
public sealed class OldFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public OldFolderTests()
    {
        using var database = Database.Open(folder.Database, TimeSpan.FromSeconds(10));
        database.Execute($"PRAGMA page_size=8192; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA application_id={Schema.ApplicationId}; PRAGMA user_version=1");
        database.Execute(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Sqlite", "Old", "version-1.sql")));
        database.Execute("PRAGMA journal_mode=WAL");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Its_text_is_read()
    {
        await using var log = await folder.OpenAsync();

        (await log.ReadAllAsync("text-old-1")).Select(stored => stored.Type)
            .Should().Equal("StreamCreated", "StreamStarted", "ChunkPersisted", "StreamCompleted");
    }

    [Fact]
    public async Task Its_limits_are_metadata_and_hold()
    {
        await using var log = await folder.OpenAsync();

        (await log.ReadAllAsync("$$text.node-old-node")).Should().ContainSingle().Which.Text().Should().Be("""{"$maxCount":1}""");
        await log.AppendedAsync("text.node-old-node", After(2), Event("beat", "NodeHeartbeat"));
        (await log.ReadAllAsync("text.node-old-node")).Should().ContainSingle().Which.Revision.Should().Be(3);
    }

    [Fact]
    public async Task The_same_limits_again_write_nothing()
    {
        await using var log = await folder.OpenAsync();
        var end = await log.EndAsync(default);

        await log.SetLimitsAsync("text.node-old-node", new StreamLimits(MaxCount: 1, null), default);
        await log.SetLimitsAsync("text.requests", new StreamLimits(null, TimeSpan.FromHours(24)), default);

        (await log.EndAsync(default)).Should().Be(end);
    }

    [Fact]
    public async Task Its_text_can_be_deleted_as_EventStoreDB_does_it()
    {
        await using var log = await folder.OpenAsync();

        await log.DeleteAsync("text-old-1", ExpectedRevision.Exactly(Revision.From(3)), default);

        (await log.ReadAsync("text-old-1")).Should().BeOfType<StoreRead.Missing>();
    }
}
