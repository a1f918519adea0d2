using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>The files in the folder.</summary>
public sealed class EmbeddedSchemaTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_new_log_has_our_marks_from_the_first_table_on()
    {
        await using (await folder.OpenAsync()) { }

        using var database = OpenDatabase();
        database.Number("PRAGMA application_id").Should().Be(Schema.ApplicationId);
        database.Number("PRAGMA user_version").Should().Be(2);
        database.Number("PRAGMA page_size").Should().Be(8192);
        database.Number("PRAGMA auto_vacuum").Should().Be(2);
    }

    [Fact]
    public async Task A_newer_schema_is_refused_in_words()
    {
        await using (await folder.OpenAsync()) { }
        using (var database = OpenDatabase()) database.Execute("PRAGMA user_version=99");

        (await this.Awaiting(_ => folder.OpenAsync()).Should().ThrowAsync<SqliteEventStoreRefusedException>())
            .WithMessage("*schema 99*Run that version*");
    }

    [Fact]
    public async Task Somebody_elses_database_is_refused_and_left_alone()
    {
        using (var database = OpenDatabase()) database.Execute("CREATE TABLE theirs (a)");

        (await this.Awaiting(_ => folder.OpenAsync()).Should().ThrowAsync<SqliteEventStoreRefusedException>())
            .WithMessage("*something else*another folder*");
        using var again = OpenDatabase();
        again.Number("SELECT count(*) FROM sqlite_master").Should().Be(1);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        await File.WriteAllTextAsync(folder.Database, string.Concat(Enumerable.Repeat("not a database ", 2000)));

        (await this.Awaiting(_ => folder.OpenAsync()).Should().ThrowAsync<SqliteEventStoreRefusedException>()).WithMessage("*log.db*backup*");
    }

    [Theory]
    [InlineData("ALTER TABLE names RENAME TO n0; CREATE VIEW names AS SELECT * FROM n0", "the table 'names'")]
    [InlineData("DROP INDEX streams_by_name", "the index 'streams_by_name'")]
    [InlineData("CREATE TRIGGER t AFTER INSERT ON log BEGIN DELETE FROM log; END", "a trigger 't'")]
    public async Task A_log_whose_tables_are_others_is_refused_in_words(string sql, string named)
    {
        await using (await folder.OpenAsync()) { }
        using (var database = OpenDatabase()) database.Execute(sql);

        (await this.Awaiting(_ => folder.OpenAsync()).Should().ThrowAsync<SqliteEventStoreRefusedException>())
            .WithMessage($"*is marked as a log, and is none*{named}*Restore a backup*");
    }

    [Fact]
    public async Task A_table_or_an_index_that_somebody_added_is_let_be()
    {
        await using (await folder.OpenAsync()) { }
        using (var database = OpenDatabase()) database.Execute("CREATE TABLE theirs (a); CREATE INDEX theirs_too ON log (created); ANALYZE");

        await using (await folder.OpenAsync()) { }
    }

    [Fact]
    public async Task An_older_schema_is_brought_up_to_date_step_by_step()
    {
        await using (var log = await folder.OpenAsync()) await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("old"));
        string[] steps = [.. Schema.Steps, "CREATE TABLE later (a)", "INSERT INTO later SELECT count(*) FROM events"];

        using var database = OpenDatabase();
        Schema.Prepare(database, folder.Database, steps, NullLogger.Instance);

        database.Number("PRAGMA user_version").Should().Be(4);
        database.Number("SELECT a FROM later").Should().Be(1);
    }

    [Fact]
    public async Task Any_tool_reads_the_log_in_order_and_a_stream_by_its_name()
    {
        await using (var log = await folder.OpenAsync())
        {
            await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("0"));
            await log.AppendedAsync("text-b", ExpectedRevision.NoStream, Event("other"));
            await log.AppendedAsync("text-a", After(0), Events(4));
        }

        using var database = OpenDatabase();
        database.Number("SELECT count(*) FROM events").Should().Be(6);
        database.Number("SELECT sum(revision) FROM events WHERE stream = 'text-a'").Should().Be(10);
        foreach (var part in new[] { "settled", "recent" })
            database.Number($"SELECT count(*) FROM {part}").Should().BePositive("both parts of the index have to be read");
        using var rows = database.Prepare("SELECT revision, position FROM events_by_stream WHERE stream = 'text-a' ORDER BY revision");
        var found = new List<(long, long)>();
        while (rows.Step()) found.Add((rows.Int64(0), rows.Int64(1)));
        found.Should().Equal((0, 1), (1, 3), (2, 4), (3, 5), (4, 6));
    }

    [Fact]
    public async Task The_nodes_name_is_made_once()
    {
        await using (var log = await folder.OpenAsync()) log.NodeName(() => "host-4711").Should().Be("host-4711");
        await using var again = await folder.OpenAsync();

        again.NodeName(() => "other").Should().Be("host-4711");
    }

    [Fact]
    public async Task Positions_are_not_used_again_after_the_newest_events_were_removed()
    {
        var stream = "text-a";
        Domain.LogPosition last;
        await using (var log = await folder.OpenAsync())
        {
            last = (await log.AppendedAsync(stream, ExpectedRevision.NoStream, Events(3))).Position;
        }

        using (var database = OpenDatabase()) database.Execute("DELETE FROM log; DELETE FROM settled; DELETE FROM recent; DELETE FROM names; DELETE FROM streams");
        await using var again = await folder.OpenAsync();
        (await again.AppendedAsync(stream, ExpectedRevision.NoStream, Event("new"))).Position.Should().BeGreaterThan(last);
    }

    private Database OpenDatabase() => Database.Open(folder.Database, TimeSpan.FromSeconds(10));
}
