using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

public sealed class CopyTests : IDisposable
{
    private readonly TempFolder source = new();
    private readonly TempFolder target = new();

    public void Dispose()
    {
        source.Dispose();
        target.Dispose();
    }

    [Fact]
    public async Task A_whole_store_goes_into_a_new_folder_and_a_second_run_finds_it_there()
    {
        await using (var log = await source.OpenLogAsync()) await new StreamsOfEveryKind(3).WriteAsync(log, 60);

        var first = await CopyAsync("--running", "--json");
        var second = await CopyAsync("--running", "--json");

        first.ExitCode.Should().Be(ExitCode.Ok, first.Error);
        first.Json.Should().HaveCount(61);
        (await target.ExportedBytesAsync()).Should().Equal(await source.ExportedBytesAsync());
        second.Json.SkipLast(1).Select(s => s.GetProperty("outcome").GetString()).Should().AllBe("same");
    }

    [Fact]
    public async Task Beside_a_running_server_what_runs_is_skipped_or_continued_in_the_next_run()
    {
        await using var server = await RunningServer.StartAsync(source.Path);
        await server.CompleteAsync("ended", "Hello. ");
        await server.SpeakAsync("runs", "One. ");

        Outcomes(await CopyAsync("--json")).Should().BeEquivalentTo("ended new", "runs running");
        Outcomes(await CopyAsync("--json", "--running")).Should().BeEquivalentTo("ended same", "runs new");
        await server.CancelAsync("runs");
        Outcomes(await CopyAsync("--json")).Should().BeEquivalentTo("ended same", "runs extended");

        (await target.ExportedBytesAsync()).Should().Equal(await source.ExportedBytesAsync());
    }

    [Fact]
    public async Task Some_are_copied_by_id_or_by_what_list_filters_by()
    {
        await using (var log = await source.OpenLogAsync())
        {
            await log.WriteAsync("a", Created("a", Labels.From([new("user", "1")])), Cancelled());
            await log.WriteAsync("b", Created("b"), Started(), Completed());
            await log.WriteAsync("c", Created("c"), Cancelled());
        }

        Outcomes(await CopyAsync("--json", "--label", "user:1")).Should().Equal("a new");
        Outcomes(await CopyAsync("--json", "--status", "cancelled")).Should().BeEquivalentTo("a same", "c new");
        Outcomes(await CopyAsync("--json", "b")).Should().Equal("b new");
        (await CopyAsync("never")).Error.Should().Contain("There is no stream never");
    }

    [Fact]
    public async Task A_damaged_stream_is_not_copied_not_even_its_beginning_and_the_others_are()
    {
        await using (var log = await source.OpenLogAsync())
        {
            await log.WriteAsync("bad", Created("bad"), Started(), Chunk(0, 0, "true"), Completed(4, 1));
            await log.WriteAsync("good", Created("good"), Cancelled());
        }

        source.Tamper("UPDATE log SET data = CAST(replace(CAST(data AS TEXT), 'true', 'fals') AS BLOB) WHERE type = 'ChunkPersisted'");

        var run = await CopyAsync();

        run.ExitCode.Should().Be(ExitCode.Findings);
        run.Out.Should().Contain("damaged  bad").And.Contain("revision 2").And.Contain("1 new");
        (await AuditRun.OfAsync("list", "--store", target.Path, "--json")).Json.Select(s => s.GetProperty("id").GetString()).Should().Equal("good");
    }

    [Fact]
    public async Task Another_content_under_an_id_is_a_conflict_and_left_as_it_is()
    {
        await using (var log = await source.OpenLogAsync())
        {
            await log.WriteAsync("a", Created("a"), Cancelled());
            await log.WriteAsync("b", Created("b"), Cancelled());
        }

        await using (var log = await target.OpenLogAsync()) await log.WriteAsync("a", Created("a"), Cancelled());

        var run = await CopyAsync("--json");

        run.ExitCode.Should().Be(ExitCode.Findings);
        Outcomes(run).Should().BeEquivalentTo("a conflict", "b new");
        run.Json.SkipLast(1).Single(s => s.GetProperty("outcome").GetString() == "conflict").GetProperty("revision").GetInt64().Should().Be(0);
    }

    [Fact]
    public async Task Deletions_are_carried_with_who_and_when()
    {
        await using (var server = await RunningServer.StartAsync(source.Path))
        {
            await server.CompleteAsync("gone", "Away. ");
            await server.DeleteAsync("gone");
            await server.CompleteAsync("later", "Still here. ");
            (await CopyAsync()).ExitCode.Should().Be(ExitCode.Ok);
            await server.DeleteAsync("later");
        }

        Outcomes(await CopyAsync("--json")).Should().BeEquivalentTo("gone same", "later conflict");
        Outcomes(await CopyAsync("--json", "--deletions")).Should().BeEquivalentTo("gone same", "later deleted");

        (await target.ExportedBytesAsync()).Should().Equal(await source.ExportedBytesAsync());
        (await AuditRun.OfAsync("list", "--store", target.Path, "--json")).Json.Should().HaveCount(2)
            .And.OnlyContain(s => s.GetProperty("status").GetString() == "deleted" && s.GetProperty("by").GetString() == "anonymous");
    }

    [Fact]
    public async Task A_dry_run_makes_no_log_and_a_store_is_not_copied_to_itself()
    {
        await using (var log = await source.OpenLogAsync()) await log.WriteAsync("a", Created("a"), Cancelled());

        var dry = await AuditRun.OfAsync("copy", "--from", source.Path, "--to", target.File("new"), "--dry-run");

        dry.Out.Should().Contain("1 new").And.Contain("Nothing was written");
        Directory.Exists(target.File("new")).Should().BeFalse();
        (await AuditRun.OfAsync("copy", "--from", source.Path, "--to", source.Path)).Error.Should().Contain("same store");
    }

    [Fact]
    public async Task What_no_surface_could_have_written_is_refused_and_the_others_are_copied()
    {
        var large = new string('x', Domain.TextLimits.ChunkBytes + 1);
        await using (var log = await source.OpenLogAsync())
        {
            await log.WriteAsync("sound", Created("sound"), Cancelled());
            await log.WriteAsync("$all", Created("$all"), Cancelled());
            await log.WriteAsync("large", Created("large"), Started(), Chunk(0, 0, large), Completed(large.Length, 1));
        }

        var run = await CopyAsync("--json");

        run.ExitCode.Should().Be(ExitCode.Findings);
        Outcomes(run).Should().BeEquivalentTo("sound new", "$all refused", "large refused");
        (await AuditRun.OfAsync("list", "--store", target.Path, "--json")).Json.Should().ContainSingle();
        (await CopyAsync()).Out.Should().Contain("refused  large, revision 2  ").And.Contain("refused  $all  No request could address it");
    }

    private static IEnumerable<string> Outcomes(AuditRun run) =>
        run.Json.SkipLast(1).Select(s => $"{s.GetProperty("id")} {s.GetProperty("outcome")}");

    private Task<AuditRun> CopyAsync(params string[] more) => AuditRun.OfAsync(["copy", "--from", source.Path, "--to", target.Path, .. more]);
}
