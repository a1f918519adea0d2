using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>Damage of every kind, as <c>show</c> tells of it: it goes on behind it, and blames no event for the one
/// before.</summary>
public sealed class StreamHistoryTests : IDisposable
{
    private const string This = "stream = (SELECT id FROM streams WHERE name = 'text-s')";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a missing event", "0 1 2! 3 4 5", "it is not to be found; ", "DELETE FROM {table} WHERE {this} AND revision = 2")]
    [InlineData("a missing beginning", "0! 1 2 3 4 5", "it is not to be found; ", "DELETE FROM {table} WHERE {this} AND revision = 0")]
    [InlineData("a missing end", "0 1 2 3 4 5!", "the stream's head is 5, but this event is not to be found.", "DELETE FROM {table} WHERE {this} AND revision = 5")]
    [InlineData("two missing", "0 1 2! 3! 4 5", "it is not to be found; ", "DELETE FROM {table} WHERE {this} AND revision IN (2, 3)")]
    public Task What_was_removed_is_named(string what, string expected, string damage, string sql) => DamageAsync(what, expected, damage, sql);

    [Theory]
    [InlineData("changed text", "0 1 2! 3 4 5", "Its hash does not fit", "UPDATE log SET data = CAST(replace(CAST(data AS TEXT), 'two', 'TWO') AS BLOB) WHERE {this} AND revision = 2")]
    [InlineData("a changed actor", "0 1 2 3! 4 5", "Its hash does not fit", "UPDATE log SET metadata = CAST(replace(CAST(metadata AS TEXT), 'alice', 'mall') AS BLOB) WHERE {this} AND revision = 3")]
    [InlineData("data that is no JSON", "0 1 2! 3 4 5", "Its hash does not fit", "UPDATE log SET data = CAST('{' AS BLOB) WHERE {this} AND revision = 2")]
    [InlineData("metadata that is none", "0 1 2! 3 4 5", "Its metadata", "UPDATE log SET metadata = CAST('x' AS BLOB) WHERE {this} AND revision = 2")]
    [InlineData("metadata that is none twice", "0 1 2! 3! 4 5", "Its metadata", "UPDATE log SET metadata = CAST('x' AS BLOB) WHERE {this} AND revision IN (2, 3)")]
    [InlineData("another type", "0 1 2! 3 4 5", "Its hash does not fit", "UPDATE log SET type = 'ChunkPersistent' WHERE {this} AND revision = 2")]
    [InlineData("two exchanged", "0 1 2! 3! 4! 5", "Its hash does not fit",
        "CREATE TEMP TABLE kept AS SELECT revision, data, metadata FROM log WHERE {this}; "
        + "UPDATE log SET data = (SELECT data FROM kept WHERE kept.revision = 5 - log.revision), "
        + "metadata = (SELECT metadata FROM kept WHERE kept.revision = 5 - log.revision) WHERE {this} AND revision IN (2, 3)")]
    public Task What_was_changed_is_named(string what, string expected, string damage, string sql) => DamageAsync(what, expected, damage, sql);

    [Fact]
    public async Task A_wrong_offset_and_a_wrong_length_under_right_hashes_are_named()
    {
        await using (var log = await folder.OpenLogAsync())
        {
            await log.WriteAsync("offset", Created("offset"), Started(), Chunk(0, 0, "one"), Chunk(1, 4, "two"));
            await log.WriteAsync("length", Created("length"), Started(), Chunk(0, 0, "one"), Completed(2, 1));
        }

        (await ShowAsync("offset")).Out.Should().Contain("Damage at revision 3: its offset is 4, and 3 bytes stand before it.");
        (await ShowAsync("length")).Out.Should().Contain("Damage at revision 3: it ends at 2 bytes, and 3 are there.");
    }

    [Fact]
    public async Task A_stream_whose_events_are_all_gone_is_damage_and_not_unknown()
    {
        await WriteAsync();
        foreach (var table in new[] { "settled", "recent", "log" }) folder.Tamper($"DELETE FROM {table} WHERE {This}");

        var run = await ShowAsync("s");

        run.ExitCode.Should().Be(ExitCode.Findings);
        run.Out.Should().StartWith("s: damaged from its beginning on\nDamage at revision 0: the stream's head is 5, but this event is not to be found.\n");
        (await AuditRun.OfAsync("text", "s", "--store", folder.Path)).ExitCode.Should().Be(ExitCode.Findings);
    }

    private async Task DamageAsync(string what, string expected, string damage, string sql)
    {
        await WriteAsync();
        foreach (var table in sql.Contains("{table}", StringComparison.Ordinal) ? new[] { "settled", "recent", "log" } : ["log"])
            folder.Tamper(sql.Replace("{table}", table, StringComparison.Ordinal).Replace("{this}", This, StringComparison.Ordinal));

        var run = await AuditRun.OfAsync("show", "s", "--json", "--store", folder.Path);

        run.ExitCode.Should().Be(ExitCode.Findings, what);
        var events = run.Json.OrderBy(line => line.GetProperty("revision").GetInt64()).ToList();
        string.Join(' ', events.Select(e => $"{e.GetProperty("revision")}{(e.TryGetProperty("damage", out _) ? "!" : "")}")).Should().Be(expected, what);
        events.First(e => e.TryGetProperty("damage", out _)).GetProperty("damage").GetString().Should().StartWith(damage, what);
    }

    private async Task WriteAsync()
    {
        await using var log = await folder.OpenLogAsync();
        await log.WriteAsync("before", Created("before"));
        await log.WriteAsync("s", Created(), Started(), Chunk(0, 0, "two"), Chunk(1, 3, "three"), Chunk(2, 8, "four"), Completed(12, 3));
    }

    private Task<AuditRun> ShowAsync(string id) => AuditRun.OfAsync("show", id, "--store", folder.Path);
}
