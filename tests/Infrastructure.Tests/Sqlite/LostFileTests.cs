using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>The log's files are taken away under a running server: nothing more is acknowledged, and it says
/// why.</summary>
public sealed class LostFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Wal => folder.Database + "-wal";

    public void Dispose() => folder.Dispose();

    [UnixTheory]
    [InlineData("log.db removed", "*log.db has been removed*")]
    [InlineData("log.db replaced", "*Another file stands in the place of*log.db*")]
    [InlineData("log.db cut", "*log.db has been cut to 16384 bytes*")]
    [InlineData("log.db-wal removed", "*log.db-wal has been removed*")]
    [InlineData("log.db-wal replaced", "*Another file stands in the place of*log.db-wal*")]
    [InlineData("log.db-wal cut", "*log.db-wal has been cut to 0 bytes*")]
    [InlineData("both removed", "*log.db has been removed*")]
    public async Task Nothing_more_is_acknowledged(string what, string words)
    {
        await using (var before = await folder.OpenAsync())
            for (var i = 0; i < 40; i++) await before.AppendedAsync($"text-{i}", ExpectedRevision.NoStream, Event(new string('x', 4000)));
        await using var log = await folder.OpenAsync(with: o => o with { IdleAfter = TimeSpan.FromMinutes(10) });
        await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("0"));

        Do(what);

        for (var attempt = 0; attempt < 3; attempt++)
            (await log.AppendAsync("text-a", After(0), Event("1"))).Should().BeOfType<AppendOutcome.Unknown>().Which.Why.Should().Match(words).And.Contain("Stop the server");
        log.CanWrite.Should().BeFalse();
        (await log.AppendAsync("text-b", ExpectedRevision.NoStream, Event("0"))).Should().BeOfType<AppendOutcome.Unknown>();
    }

    [UnixTheory]
    [InlineData("log.db removed", "*log.db has been removed*")]
    [InlineData("log.db replaced", "*Another file stands in the place of log.db*")]
    [InlineData("log.db cut", "*log.db has been cut to 16384 bytes*")]
    [InlineData("log.db-wal removed", "*log.db-wal has been removed*")]
    [InlineData("log.db-wal cut", "*log.db-wal has been cut to 0 bytes*")]
    public async Task A_read_that_meets_it_is_told_what_the_matter_is_and_never_of_damage_or_another_text(string what, string words)
    {
        const int Streams = 60;
        var text = new string('x', 4000);
        await using (var before = await folder.OpenAsync())
            for (var i = 0; i < Streams; i++) await before.AppendedAsync($"text-{i}", ExpectedRevision.NoStream, Event(text));
        await using var log = await folder.OpenAsync(with: o => o with { Readers = 2, IdleAfter = TimeSpan.FromMinutes(10) });
        for (var i = 0; i < Streams; i++) await log.AppendedAsync($"text-{i}", After(0), Event(text));
        await log.ReadAsync("text-0");

        Do(what);

        var (told, read) = (0, 0);
        foreach (var i in Enumerable.Range(0, Streams).Concat(Enumerable.Range(0, Streams)))
        {
            try
            {
                (await log.ReadAllAsync($"text-{i}")).Select(stored => stored.Text()).Should().Equal(text, text);
                read++;
            }
            catch (LogUnavailableException e)
            {
                e.Advice.Should().Match(words).And.Contain("Stop the server");
                told++;
            }
        }

        (told + read).Should().Be(2 * Streams);
        if (what.EndsWith("cut", StringComparison.Ordinal)) told.Should().BePositive("what is cut away cannot be read");
    }

    [UnixFact]
    public async Task A_loss_that_a_read_has_met_first_is_met_by_the_next_append_too()
    {
        await using var log = await folder.OpenAsync(with: o => o with { IdleAfter = TimeSpan.FromMinutes(10) });
        await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("0"));

        Do("log.db-wal cut");

        await log.Awaiting(l => l.ReadAsync("text-a")).Should().ThrowAsync<LogUnavailableException>();
        (await log.AppendAsync("text-a", After(0), Event("1"))).Should().BeOfType<AppendOutcome.Unknown>()
            .Which.Why.Should().Contain("log.db-wal has been cut to 0 bytes");
    }

    [UnixTheory]
    [InlineData("log.db removed", "*log.db is not there*log.db-wal is there*")]
    [InlineData("log.db emptied", "*log.db is empty*log.db-wal is there*")]
    [InlineData("both removed", "*log.db is not there*this folder had a log*")]
    public async Task A_start_without_the_log_that_was_there_begins_no_new_one(string what, string words)
    {
        await using (var log = await folder.OpenAsync(with: o => o with { IdleAfter = TimeSpan.FromMinutes(10) }))
        {
            log.NodeName(() => "node-1");
            await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("0"));
            using var copy = new TemporaryFolder();
            foreach (var file in new[] { folder.Database, Wal }) File.Copy(file, Path.Combine(copy.Path, Path.GetFileName(file)));
            await log.DisposeAsync();
            foreach (var file in new[] { folder.Database, Wal }) File.Copy(Path.Combine(copy.Path, Path.GetFileName(file)), file, overwrite: true);
        }

        var (whole, wal) = (await File.ReadAllBytesAsync(folder.Database), await File.ReadAllBytesAsync(Wal));
        if (what == "log.db emptied") await File.WriteAllBytesAsync(folder.Database, []);
        else File.Delete(folder.Database);
        if (what == "both removed") File.Delete(Wal);

        (await folder.Invoking(lost => lost.OpenAsync()).Should().ThrowAsync<SqliteEventStoreRefusedException>()).WithMessage(words);

        await File.WriteAllBytesAsync(folder.Database, whole);
        if (what == "both removed") await File.WriteAllBytesAsync(Wal, wal);
        await using var back = await folder.OpenAsync();
        (await back.ReadAllAsync("text-a")).Select(stored => stored.Text()).Should().Equal("0");
    }

    [UnixFact]
    public async Task A_folder_whose_node_has_no_log_is_a_new_one_once_its_name_is_gone()
    {
        await using (var log = await folder.OpenAsync()) log.NodeName(() => "node-1");
        File.Delete(folder.Database);
        await folder.Invoking(lost => lost.OpenAsync()).Should().ThrowAsync<SqliteEventStoreRefusedException>();

        File.Delete(Path.Combine(folder.Path, "node"));

        await using var begun = await folder.OpenAsync();
        (await begun.AppendAsync("text-a", ExpectedRevision.NoStream, Event("0"))).Should().BeOfType<AppendOutcome.Appended>();
    }

    [UnixFact]
    public async Task A_file_that_is_moved_away_and_back_is_written_on()
    {
        await using var log = await folder.OpenAsync();
        await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("0"));
        File.Move(folder.Database, folder.Database + ".away");
        (await log.AppendAsync("text-a", After(0), Event("1"))).Should().BeOfType<AppendOutcome.Unknown>();
        File.Exists(folder.Database).Should().BeFalse("none is made in its place");

        File.Move(folder.Database + ".away", folder.Database);

        (await log.AppendedAsync("text-a", After(0), Event("1"))).Last.Should().Be(1);
        log.CanWrite.Should().BeTrue();
        (await log.ReadAllAsync("text-a")).Should().HaveCount(2);
    }

    [Theory]
    [InlineData("PRAGMA wal_checkpoint(TRUNCATE)")]
    [InlineData("PRAGMA wal_checkpoint(RESTART)")]
    [InlineData("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")]
    [InlineData("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)")]
    public async Task What_a_tool_may_do_is_no_loss(string sql)
    {
        await using (var before = await folder.OpenAsync())
            for (var i = 0; i < 40; i++) await before.AppendedAsync($"text-{i}", ExpectedRevision.NoStream, Event(new string('x', 8000)));
        using var logs = new RecordedLogs();
        await using var log = await folder.OpenAsync(logger: logs.CreateLogger("log"));
        await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("0"));
        for (var i = 0; i < 30; i++) await log.TombstoneAsync($"text-{i}", ExpectedRevision.Any, new EventId(Guid.NewGuid()), default, default);

        using (var tool = Database.Open(folder.Database, TimeSpan.FromSeconds(10))) tool.Execute(sql);

        for (var i = 0; i < 5; i++) await log.AppendedAsync("text-a", After(i), Event(new string('y', 4000)));
        logs.Lines.Should().NotContain(line => line.Contains("commit"));
    }

    [UnixFact]
    public async Task A_lock_file_that_is_removed_lets_no_second_server_in()
    {
        await using var first = await folder.OpenAsync();
        File.Delete(Path.Combine(folder.Path, "lock"));

        (await this.Awaiting(_ => folder.OpenAsync()).Should().ThrowAsync<SqliteEventStoreRefusedException>()).WithMessage("*Another server process*");
        SqliteEventStoreReader.IsInUse(folder.Database).Should().BeTrue();
        (await first.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("0"))).Last.Should().Be(0);
    }

    [UnixFact]
    public async Task A_folder_that_was_given_free_can_be_taken_again()
    {
        await using (await folder.OpenAsync()) { }
        SqliteEventStoreReader.IsInUse(folder.Database).Should().BeFalse();
        await using var again = await folder.OpenAsync();
        SqliteEventStoreReader.IsInUse(folder.Database).Should().BeTrue();
    }

    [UnixFact]
    public void A_folder_that_was_given_free_is_free_though_a_process_that_is_being_started_has_its_handle()
    {
        if (!OperatingSystem.IsLinux()) return;                                  // no other system tells where a handle leads
        var taken = FolderLock.Acquire(folder.Path);
        var handle = Directory.EnumerateFileSystemEntries("/proc/self/fd").Single(link => new FileInfo(link).LinkTarget == folder.Path);
        var inherited = dup(int.Parse(Path.GetFileName(handle)));

        taken.Dispose();

        var isTaken = FolderLock.IsTaken(folder.Path);
        _ = Libc.Close(inherited);
        isTaken.Should().BeFalse();
    }

#pragma warning disable IDE1006, SYSLIB1054, CA5392 // The name of the C library; a test's one call needs no generated marshalling.
    [System.Runtime.InteropServices.DllImport("libc")]
    private static extern int dup(int handle);
#pragma warning restore IDE1006, SYSLIB1054, CA5392

    private void Do(string what)
    {
        var file = Path.Combine(folder.Path, what.Split(' ')[0]);
        if (what == "both removed") File.Delete(Wal);
        if (what is "both removed") File.Delete(folder.Database);
        else if (what.EndsWith("removed", StringComparison.Ordinal)) File.Delete(file);
        else if (what.EndsWith("replaced", StringComparison.Ordinal))
        {
            File.Copy(file, file + ".copy");
            File.Move(file + ".copy", file, overwrite: true);
        }
        else Cut(file, file == Wal ? 0 : 16384);
    }

    /// <summary>By another process: one that closes a database's file gives up its own locks on it.</summary>
    private static void Cut(string file, long bytes)
    {
        using var process = System.Diagnostics.Process.Start("truncate", ["-s", $"{bytes}", file]);
        process.WaitForExit();
        process.ExitCode.Should().Be(0);
    }
}
