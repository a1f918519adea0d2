using EventSourcedStreams.Domain;
using EventSourcedStreams.Infrastructure.Tests.Sqlite;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>A list that is built from a damaged log: what cannot be read is listed as damaged, all else as it
/// is.</summary>
public sealed class DamagedLogListTests : IDisposable
{
    private const int Streams = 12;

    private readonly TemporaryFolder folder = new();

    /// <summary>A disk that is slow for some seconds is no log that is away.</summary>
    private readonly SlowTime slowly = new(10);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("UPDATE log SET data = CAST(replace(CAST(data AS TEXT), '\"length\":5', '\"length\":6') AS BLOB) WHERE type = 'StreamCompleted'")]
    [InlineData("UPDATE log SET data = CAST(replace(CAST(data AS TEXT), 'script', 'scripd') AS BLOB) WHERE type = 'StreamCreated'")]
    [InlineData("UPDATE log SET metadata = CAST(replace(CAST(metadata AS TEXT), '\"at\":\"2', '\"at\":\"3') AS BLOB) WHERE type = 'StreamCreated'")]
    [InlineData("UPDATE log SET metadata = X'7B7D7D' WHERE type = 'StreamStarted'")]
    [InlineData("UPDATE log SET type = 'StreamFailed' WHERE type = 'StreamCompleted'")]
    [InlineData("UPDATE log SET type = 'StreamKompleted' WHERE type = 'StreamCompleted'")]
    [InlineData("UPDATE log SET id = X'00' WHERE type = 'StreamCreated'")]
    [InlineData("UPDATE log SET content_type = 'text/plain' WHERE type = 'StreamCompleted'")]
    [InlineData("UPDATE log SET revision = 7 WHERE type = 'StreamCompleted'")]
    [InlineData("UPDATE log SET stream = (SELECT id FROM streams WHERE name = 'text-s2') WHERE type = 'StreamCompleted'")]
    [InlineData("UPDATE log SET stream = 4711 WHERE type = 'StreamCreated'")]
    [InlineData("DELETE FROM log WHERE type = 'StreamCompleted'")]
    [InlineData("DELETE FROM log WHERE type = 'StreamCreated'")]
    [InlineData("UPDATE log SET kind = 1 WHERE type = 'StreamCompleted'")]
    [InlineData("UPDATE log SET kind = 1 WHERE type = 'StreamCreated'")]
    [InlineData("UPDATE names SET name = 'text-S1' WHERE name = 'text-s1'")]
    [InlineData("DELETE FROM names WHERE name = 'text-s1'")]
    public async Task What_does_not_fit_its_chain_is_listed_as_damaged(string change)
    {
        await WriteAsync();
        var truth = await ListAsync(slowly);
        truth.Should().HaveCount(Streams).And.NotContain(stream => stream.IsDamaged);
        const string Of = "stream = (SELECT id FROM streams WHERE name = 'text-s1')";
        Execute(change.Contains(" log ", StringComparison.Ordinal) ? $"{change} AND {Of}" : change);

        var shown = await ListAsync(slowly);

        shown.Single(stream => stream.IsDamaged).Id.Value.Should().Be("s1");
        shown.Where(stream => !stream.IsDamaged).Should().Equal(truth.Where(stream => stream.Id.Value != "s1"));
    }

    [Fact]
    public async Task Bytes_that_are_flipped_anywhere_in_the_log_show_no_wrong_list()
    {
        await WriteAsync();
        var truth = (await ListAsync(slowly)).ToDictionary(stream => stream.Id);
        using (var database = Database.Open(folder.Database, TimeSpan.FromSeconds(5))) database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        var bytes = await File.ReadAllBytesAsync(folder.Database);
        int listed = 0, damaged = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var copy = (byte[])bytes.Clone();
            for (var i = random.Next(1, 4); i > 0; i--) copy[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            if (seed % 7 == 1) copy.AsSpan(random.Next(2, bytes.Length / 4096) * 4096, 4096).Clear();
            if (seed % 7 == 0) copy.AsSpan(random.Next(1, bytes.Length / 8192) * 8192, 8192).Clear();
            foreach (var rest in new[] { "-wal", "-shm" }) File.Delete(folder.Database + rest);
            await File.WriteAllBytesAsync(folder.Database, copy);
            IReadOnlyList<StreamSummary> shown;
            try
            {
                shown = await ListAsync(TimeProvider.System);                    // many of them are never filled
            }
            catch (Exception e) when (e is SqliteEventStoreRefusedException or LogDamagedException or LogUnavailableException)
            {
                continue;
            }

            foreach (var stream in shown)
            {
                truth.Should().ContainKey(stream.Id, "of seed {0}", seed);
                if (!stream.IsDamaged) stream.Should().Be(truth[stream.Id], "of seed {0}", seed);
            }

            listed += shown.Count;
            damaged += shown.Count(stream => stream.IsDamaged);
        }

        listed.Should().BeGreaterThan(600);
        damaged.Should().BeGreaterThan(10);
    }

    private async Task WriteAsync()
    {
        var source = new ScriptedSource();
        await using var log = await folder.OpenAsync(TimeProvider.System);
        await using var node = await EngineNode.StartAsync(log, slowly, [source], exclusive: true);
        for (var i = 0; i < Streams; i++)
        {
            var id = await node.CreateAsync($"s{i}");
            if (i == 0) continue;                                                // one that is pending
            var driver = await node.DriveAsync(id);
            var run = source.For(id);
            await run.SayAsync("text.");
            run.End(new SourceResult("stop"));
            await driver.Finished;
        }

        await node.Engine.StopAsync(default);
    }

    /// <summary>By a catalog that begins anew.</summary>
    private async Task<IReadOnlyList<StreamSummary>> ListAsync(TimeProvider time)
    {
        await using var log = await folder.OpenAsync(TimeProvider.System);
        await using var node = await EngineNode.StartAsync(log, time, [new ScriptedSource()], exclusive: true);
        return (await node.Engine.ListAsync(new CatalogQuery(null, null, 200), default)).Items;
    }

    private void Execute(string sql)
    {
        using var database = Database.Open(folder.Database, TimeSpan.FromSeconds(5));
        database.Execute(sql);
    }
}
