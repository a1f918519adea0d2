using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>Damage is an error that names the place, never a shorter or another text. Bytes of data are covered by the
/// hash, above.</summary>
public sealed class EmbeddedDamageTests
{
    private const int Streams = 12;

    [Theory]
    [InlineData("DELETE FROM streams WHERE name = 'text-a'")]
    [InlineData("DELETE FROM names WHERE name = 'text-a'")]
    [InlineData("DELETE FROM streams; DELETE FROM names WHERE name <> 'text-a'")]
    [InlineData("UPDATE streams SET name = 'text-A' WHERE name = 'text-a'")]
    [InlineData("UPDATE streams SET head = 1 WHERE name = 'text-a'")]
    [InlineData("DELETE FROM log WHERE revision = 4")]
    [InlineData("DELETE FROM log WHERE revision = 2")]
    [InlineData("DELETE FROM log WHERE revision = 0")]
    [InlineData("DELETE FROM log")]
    [InlineData("DELETE FROM settled; DELETE FROM recent")]
    [InlineData("DELETE FROM settled WHERE revision >= 3; DELETE FROM recent WHERE revision >= 3")]
    [InlineData("UPDATE settled SET position = position + 1; UPDATE recent SET position = position + 1")]
    [InlineData("INSERT OR IGNORE INTO recent SELECT * FROM settled; INSERT OR IGNORE INTO settled SELECT * FROM recent")]
    public async Task Lost_rows_are_damage(string loss)
    {
        using var folder = new TemporaryFolder();
        await using (var log = await folder.OpenAsync())
        {
            // The first stands in the settled part of the index already, the others do not.
            await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("0"));
            await log.AppendedAsync("text-a", After(0), Events(4));
        }

        using (var database = Database.Open(folder.Database, TimeSpan.FromSeconds(10))) database.Execute(loss);
        await using var again = await folder.OpenAsync();

        var forward = () => again.ReadAsync("text-a");
        var backward = () => again.ReadAsync("text-a", long.MaxValue, forward: false);

        (await forward.Should().ThrowAsync<LogDamagedException>()).Which.Stream.Should().Be("text-a");
        (await backward.Should().ThrowAsync<LogDamagedException>()).Which.Revision.Should().NotBeNull();
        (await again.AppendedAsync("text-b", ExpectedRevision.NoStream, Event("others go on"))).Last.Should().Be(0);
    }

    [Fact]
    public async Task A_thousand_damaged_places_never_read_as_something_else()
    {
        using var copies = new DamagedCopies();
        await copies.WriteAsync(WriteAsync);
        int refused = 0, damaged = 0;
        for (var seed = 0; seed < 1000; seed++)
        {
            var at = seed;
            if (!await copies.TryAsync(seed, async log => damaged += await ReadAsync(log, at))) refused++;
        }

        // Most places hold data or nothing; but if no trial met anything, the trials would prove nothing.
        refused.Should().BeInRange(1, 200);
        damaged.Should().BeGreaterThan(100);
    }

    private static int Count(int stream) => stream == 0 ? 1 : stream * 13;

    private static async Task WriteAsync(SqliteEventStore log)
    {
        for (var turn = 0; turn < Count(Streams - 1); turn++)
        {
            for (var s = 0; s < Streams; s++)
            {
                if (turn >= Count(s)) continue;
                var size = turn == 5 ? 30_000 : 20 + (turn * 7 % 200);
                await log.AppendedAsync($"text-{s}", After(turn - 1), Event(new string('x', size), turn % 5 == 0 ? "StreamStarted" : "ChunkPersisted"));
            }
        }
    }

    /// <returns>How many streams were reported as damaged.</returns>
    private static async Task<int> ReadAsync(SqliteEventStore log, int seed)
    {
        var damaged = 0;
        for (var s = 0; s < Streams; s++)
        {
            var name = $"text-{s}";
            try
            {
                var forward = await log.ReadAllAsync(name, pageOf: 50);
                forward.Select(e => (e.Stream, e.Revision)).Should()
                    .Equal(Enumerable.Range(0, Count(s)).Select(i => (name, (long)i)), "of seed {0}", seed);
                var last = (await log.ReadAsync(name, long.MaxValue, forward: false, 1)).Should().BeOfType<StoreRead.Page>().Which;
                last.Events.Should().ContainSingle().Which.Revision.Should().Be(Count(s) - 1, "of seed {0}", seed);
            }
            catch (LogDamagedException e)
            {
                e.Stream.Should().Match(n => n == name || n == "$$" + name);
                damaged++;
            }
        }

        return damaged;
    }
}
