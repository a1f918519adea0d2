using System.Diagnostics;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>Logs that were made to harm their reader: every command ends, and says why.</summary>
public sealed class HostileStoreTests : IAsyncLifetime, IDisposable
{
    private const string Endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TempFolder folder = new(), output = new();

    public async Task InitializeAsync()
    {
        await using var log = await folder.OpenLogAsync();
        await log.WriteAsync("a", Created("a"), Started(), Chunk(0, 0, "text"), Completed(4, 1));
        await log.WriteAsync("b", Created("b"), Started());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        folder.Dispose();
        output.Dispose();
    }

    [Theory]
    [InlineData("names", $"ALTER TABLE names RENAME TO n0; CREATE VIEW names AS {Endless} SELECT 'text-' || x AS name, x AS stream FROM c")]
    [InlineData("streams", $"ALTER TABLE streams RENAME TO s0; CREATE VIEW streams AS {Endless} SELECT x AS id, 'text-' || x AS name, 3 AS head FROM c")]
    [InlineData("log", $"ALTER TABLE log RENAME TO l0; CREATE VIEW log AS {Endless} SELECT x AS position, 1 AS stream, x AS revision, zeroblob(16) AS id, "
        + "'ChunkPersisted' AS type, '' AS content_type, 0 AS created, zeroblob(1000000000) AS data, zeroblob(9) AS metadata, 1 AS kind FROM c")]
    [InlineData("names", "DROP TABLE names; CREATE TABLE names (name TEXT PRIMARY KEY, stream INTEGER NOT NULL, "
        + "big BLOB GENERATED ALWAYS AS (zeroblob(1000000000)) VIRTUAL) WITHOUT ROWID")]
    [InlineData("cleanups", "DROP TABLE cleanups; CREATE VIRTUAL TABLE cleanups USING fts5(stream)")]
    [InlineData("recent", "DROP TABLE recent")]
    public async Task A_table_that_is_another_is_named_before_anything_is_read_by_it(string table, string sql)
    {
        folder.Tamper(sql);

        var verified = await EndsAsync("verify", "--json");
        verified.ExitCode.Should().Be(ExitCode.Findings);
        verified.Findings().Should().Contain(new Found("tables", null, null));
        verified.Out.Should().Contain($"the table '{table}' as this program makes it");

        foreach (var command in new string[][] { ["list"], ["show", "a"], ["text", "a"], ["stats"], ["export", "--all", "--out", output.File("e")] })
        {
            var run = await EndsAsync(command);
            run.ExitCode.Should().Be(ExitCode.Findings);
            run.Error.Should().StartWith("streams-audit: Damage: ").And.Contain($"'{table}'");
        }
    }

    [Theory]
    [InlineData("events", "DROP VIEW events; CREATE VIEW events AS SELECT 1 AS position", "the view 'events' as this program makes it")]
    [InlineData("events_by_stream", "DROP VIEW events_by_stream", "the view 'events_by_stream' as this program makes it")]
    [InlineData("theirs", "CREATE TABLE theirs (x)", "nothing but what this program makes")]
    [InlineData("slow", "CREATE INDEX slow ON log (length(hex(data)))", "nothing but what this program makes")]
    [InlineData("t", "CREATE TRIGGER t AFTER INSERT ON log BEGIN DELETE FROM log; END", "nothing but what this program makes")]
    public async Task What_people_are_told_to_use_and_what_was_added_are_part_of_what_is_verified(string name, string sql, string expected)
    {
        folder.Tamper(sql);

        var run = await EndsAsync("verify", "--json");

        run.ExitCode.Should().Be(ExitCode.Findings);
        run.Findings().Should().Contain(new Found("tables", null, null));
        run.Out.Should().Contain(expected).And.Contain($"'{name}'");
        (await EndsAsync("text", "a")).Out.Should().Be("text");
    }

    [Theory]
    [InlineData("ALTER TABLE names RENAME TO n0; CREATE VIEW names AS SELECT * FROM n0")]
    [InlineData("CREATE TRIGGER t AFTER INSERT ON log BEGIN UPDATE log SET data = zeroblob(9); END")]
    [InlineData("DROP INDEX streams_by_name; CREATE INDEX streams_by_name ON streams (name)")]
    public async Task Nothing_is_written_into_tables_that_are_others(string sql)
    {
        using var from = new TempFolder();
        await using (var log = await from.OpenLogAsync()) await log.WriteAsync("c", Created("c"), Cancelled());
        var file = await from.ExportAsync(output);
        folder.Tamper(sql);

        var imported = await EndsAsync("import", file);
        var copied = await AuditRun.OfAsync("copy", "--from", from.Path, "--to", folder.Path);

        (imported.ExitCode, copied.ExitCode).Should().Be((ExitCode.Findings, ExitCode.Findings));
        imported.Error.Should().Contain("is marked as a log, and is none");
        await this.Awaiting(_ => SqliteEventStore.OpenAsync(
            new SqliteEventStoreOptions { Path = folder.Path }, TimeProvider.System, NullLogger.Instance, default)).Should().ThrowAsync<SqliteEventStoreRefusedException>();
    }

    [Theory]
    [InlineData("a row of 40 MB", "UPDATE log SET data = zeroblob(40000000) WHERE position = 5", "unreadable", "b", 0L)]
    [InlineData("a type of 9 MB", "UPDATE log SET type = hex(zeroblob(4500000)) WHERE position = 5", "unreadable", "b", 0L)]
    [InlineData("a name of 9 MB", "UPDATE streams SET name = 'text-' || hex(zeroblob(4500000)) WHERE id = 2", "tables", null, null)]
    [InlineData("2 MB of labels", "UPDATE log SET data = CAST('{\"id\":\"b\",\"source\":\"demo\",\"contentType\":\"\",\"idleTimeoutSeconds\":9,\"labels\":{\"a\":\"' "
        + "|| hex(zeroblob(1000000)) || '\"},\"given\":[]}' AS BLOB) WHERE position = 5", "data", "b", 0L)]
    [InlineData("a head without end", "UPDATE streams SET head = 9223372036854775806 WHERE id = 2", "head", "b", 2L)]
    [InlineData("a revision below 0", "UPDATE recent SET revision = -5 WHERE position = 5; UPDATE settled SET revision = -5 WHERE position = 5", "tables", "b", 0L)]
    [InlineData("texts for bytes", "UPDATE log SET data = CAST(data AS TEXT) WHERE position = 5", "tables", "b", 0L)]
    public async Task A_value_that_cannot_be_is_found_and_hides_nothing_else(string what, string sql, string code, string? stream, long? revision)
    {
        folder.Tamper(sql);

        var run = await EndsAsync("verify", "--json");

        run.ExitCode.Should().Be(ExitCode.Findings, what);
        run.Findings().Should().Contain(new Found(code, stream, revision)).And.NotContain(found => found.Stream == "a");
        (await EndsAsync("list")).Out.Length.Should().BeLessThan(20_000);
        var shown = await EndsAsync("show", "b");
        shown.Out.Length.Should().BeLessThan(20_000);
        shown.Out.Split('\n').Length.Should().BeLessThan(40);
        (await EndsAsync("text", "a")).Out.Should().Be("text");
    }

    [Fact]
    public void A_question_that_takes_more_than_a_sound_file_of_its_size_needs_ends_as_damage()
    {
        using var database = Database.OpenUntrusted(folder.File("log.db"), TimeSpan.FromSeconds(1));

        database.Invoking(endless => endless.Number($"{Endless} SELECT count(*) FROM c"))
            .Should().Throw<DatabaseException>().Where(e => e.IsDamage).WithMessage($"*{ReadBudget.Spent}*");
        database.RenewBudget();
        database.Number("SELECT count(*) FROM log").Should().Be(6);
    }

    [Fact]
    public async Task A_pipe_or_a_device_is_no_store()
    {
        if (!OperatingSystem.IsLinux()) return;
        using (var made = Process.Start("mkfifo", output.File("log.db"))) await made.WaitForExitAsync();
        using (var made = Process.Start("mkfifo", output.File("pipe"))) await made.WaitForExitAsync();

        foreach (var store in new[] { output.Path, output.File("pipe"), "/dev/zero" })
        {
            var run = await AuditRun.OfAsync("list", "--store", store).WaitAsync(Patience);
            run.ExitCode.Should().Be(ExitCode.CannotRead);
            run.Error.Should().Contain("no ordinary file");
        }

        var imported = await EndsAsync("import", output.File("pipe"));
        imported.ExitCode.Should().Be(ExitCode.CannotRead);
    }

    private Task<AuditRun> EndsAsync(params string[] args) => AuditRun.OfAsync([.. args, "--store", folder.Path]).WaitAsync(Patience);
}
