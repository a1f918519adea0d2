using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>What holds for every command.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("'lst' is no command or option here. See `streams-audit --help`.", "lst")]
    [InlineData("'--bogus' is no command or option here. See `streams-audit list --help`.", "list", "--bogus")]
    [InlineData("Required command was not provided. See `streams-audit --help`.")]
    [InlineData("No store begins with http://.", "list", "--store", "http://somewhere")]
    [InlineData("--store is empty.", "list", "--store", "")]
    public async Task A_wrong_command_line_is_one_line_on_stderr_and_exit_code_2(string error, params string[] args)
    {
        var run = await AuditRun.OfAsync(args);

        run.ExitCode.Should().Be(2);
        run.Out.Should().BeEmpty();
        run.Error.Should().StartWith("streams-audit: " + error).And.Subject.Count(c => c == '\n').Should().Be(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    public async Task A_log_that_was_cut_to_nothing_is_called_empty_and_no_other_programs_database(string content)
    {
        await File.WriteAllTextAsync(folder.File("log.db"), content);

        foreach (var command in new[] { "verify", "list" })
        {
            var run = await AuditRun.OfAsync(command, "--store", folder.Path);

            run.ExitCode.Should().Be(2);
            run.Error.Should().Contain($"{folder.File("log.db")} is empty").And.Contain("Restore a backup");
        }
    }

    [Fact]
    public async Task A_folder_that_is_to_hold_an_export_is_named_where_it_is_not_there()
    {
        await using (await folder.OpenLogAsync()) { }

        var run = await AuditRun.OfAsync("export", "--all", "--out", folder.File("none/all.jsonl"), "--store", folder.Path);

        run.ExitCode.Should().Be(2);
        run.Error.Should().Be($"streams-audit: There is no folder {folder.File("none")}.\n");
    }

    [Fact]
    public async Task Help_is_a_result()
    {
        var run = await AuditRun.OfAsync("list", "--help");

        run.ExitCode.Should().Be(0);
        run.Out.Should().Contain("  streams-audit list [options]").And.Contain("--store");
        run.Error.Should().BeEmpty();
    }

    [Fact]
    public async Task A_folder_without_a_log_is_named_and_none_is_made()
    {
        var run = await AuditRun.OfAsync("list", "--store", folder.Path);

        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain(folder.File("log.db"));
        Directory.EnumerateFileSystemEntries(folder.Path).Should().BeEmpty();
    }

    [Fact]
    public async Task A_connection_string_is_shown_without_its_password()
    {
        var run = await AuditRun.OfAsync("list", "--store", "esdb+discover://user:s3cret@one:2113,two:2113/?tls=false");

        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("esdb+discover://one:2113,two:2113").And.NotContain("s3cret");
    }

    [Fact]
    public async Task What_is_stopped_answers_130()
    {
        await using (var log = await folder.OpenLogAsync()) await log.WriteAsync("a", Created("a"));

        var run = await AuditRun.OfAsync(TimeProvider.System, new CancellationToken(canceled: true), "list", "--store", folder.Path);

        run.ExitCode.Should().Be(130);
        run.Error.Should().Be("streams-audit: Stopped.\n");
    }

    [Fact]
    public async Task What_begins_with_an_at_sign_is_no_file()
    {
        await using (var log = await folder.OpenLogAsync()) await log.WriteAsync("a", Created("a") with { Source = "@mine" });

        (await AuditRun.OfAsync("list", "--json", "--store", folder.Path, "--source", "@mine")).Json.Should().ContainSingle();
    }

    [Fact]
    public async Task A_log_can_be_named_by_its_file_as_well()
    {
        await using (var log = await folder.OpenLogAsync()) await log.WriteAsync("a", Created("a"));
        File.Copy(folder.File("log.db"), folder.File("evidence-17.db"));

        foreach (var store in new[] { folder.Path, folder.File("log.db"), folder.File("evidence-17.db") })
            (await AuditRun.OfAsync("list", "--json", "--store", store)).Json.Should().ContainSingle();
    }
}
