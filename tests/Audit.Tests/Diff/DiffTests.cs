using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

public sealed class DiffTests : IDisposable
{
    private readonly TempFolder first = new(), second = new();

    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task A_store_and_its_copy_do_not_differ()
    {
        await KindsOfStreams.WriteAllAsync(first);
        Copy();

        var run = await AuditRun.OfAsync("diff", first.Path, second.Path);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Error);
        run.Out.Should().Be("8 streams, no difference\n");
    }

    [Fact]
    public async Task Every_stream_that_was_changed_or_is_only_on_one_side_is_named_once()
    {
        await KindsOfStreams.WriteAllAsync(first);
        Copy();
        second.Tamper("""
            UPDATE log SET data = CAST(replace(CAST(data AS TEXT), 'One. ', 'Won. ') AS BLOB) WHERE type = 'ChunkPersisted';
            UPDATE log SET metadata = CAST(replace(CAST(metadata AS TEXT), 'alice', 'mallory') AS BLOB) WHERE type = 'StreamCancelled';
            """);
        await using (var log = await second.OpenLogAsync()) await log.WriteAsync("new", Created("new"));
        await using (var log = await first.OpenLogAsync()) await log.WriteAsync("old", Created("old"));

        var run = await AuditRun.OfAsync("diff", first.Path, second.File("log.db"), "--json");

        run.ExitCode.Should().Be(ExitCode.Findings);
        run.Json.SkipLast(1).Select(d => $"{d.GetProperty("id")} {Text(d, "revision")} {d.GetProperty("field")} {Text(d, "a")} {Text(d, "b")}").Should().Equal(
            "done 2 data.text One.  Won. ",
            "cancelled 3 metadata.actor alice mallory",
            "old  stream StreamCreated at revision 0 nothing",
            "new  stream nothing StreamCreated at revision 0");
        run.Json[^1].ToString().Should().Be("""{"streams":10,"different":4}""");
    }

    [Fact]
    public async Task Of_long_texts_the_part_that_differs_is_shown()
    {
        var text = new string('x', 5000);
        await using (var log = await first.OpenLogAsync())
        {
            await log.WriteAsync("a", Created("a"), Started(), Chunk(0, 0, text + "👩‍👩‍👧 yes" + text));
            await log.WriteAsync("b", Created("b"), Started(), Chunk(0, 0, text + "👩‍👩‍👧 no" + text));
        }

        var difference = (await DiffAsync("a", "b", "--json")).Json[0];

        difference.GetProperty("revision").GetInt64().Should().Be(2);
        difference.GetProperty("field").GetString().Should().Be("data.text");
        difference.GetProperty("a").GetString().Should().StartWith("…xxx").And.Contain("👩‍👩‍👧 yes").And.EndWith("…").And.Subject.Length.Should().BeLessThan(100);
        difference.GetProperty("b").GetString().Should().Contain("👩‍👩‍👧 no");
    }

    [Fact]
    public async Task Two_streams_that_say_the_same_differ_in_nothing_but_their_ids()
    {
        await using (var log = await first.OpenLogAsync())
            foreach (var id in new[] { "a", "b" }) await log.WriteAsync(id, Created(id), Started(), Chunk(0, 0, "same"), Completed(4, 1));

        var run = await DiffAsync("a", "b");

        run.ExitCode.Should().Be(ExitCode.Ok, run.Out);
        run.Out.Should().Be("1 streams, no difference\n");
    }

    [Fact]
    public async Task One_that_goes_on_differs_at_the_event_that_the_other_lacks()
    {
        await using (var log = await first.OpenLogAsync())
        {
            await log.WriteAsync("a", Created("a"), Started(), Chunk(0, 0, "same"));
            await log.WriteAsync("b", Created("b"), Started(), Chunk(0, 0, "same"), Completed(4, 1));
        }

        (await DiffAsync("a", "b")).Out.Should().StartWith("a and b, revision 3, event: “nothing” and “StreamCompleted at revision 3”\n");
    }

    [Fact]
    public async Task A_stream_is_compared_with_the_one_of_its_name_in_another_store()
    {
        await KindsOfStreams.WriteAllAsync(first);
        Copy();
        second.Tamper("UPDATE log SET data = CAST(replace(CAST(data AS TEXT), 'Half', 'Hall') AS BLOB) WHERE type = 'ChunkPersisted'");

        (await DiffAsync("failed", second.Path)).Out.Should().StartWith("failed, revision 2, data.text: “Half” and “Hall”\n");
        (await DiffAsync($"{second.Path}#failed", "failed")).Out.Should().StartWith("failed, revision 2, data.text: “Hall” and “Half”\n");
        (await DiffAsync("gone", $"{second.Path}#gone")).ExitCode.Should().Be(ExitCode.Ok);
        (await DiffAsync("gone", "done")).Out.Should().StartWith("gone and done, stream: “deleted” and “StreamCreated at revision 0”\n");
    }

    [Theory]
    [InlineData("Neither this nor that is there.", "this", "that")]
    [InlineData("There is no ", "done", "nowhere/at/all#done")]
    public async Task What_is_not_there_is_said(string error, string a, string b)
    {
        await KindsOfStreams.WriteAllAsync(first);

        var run = await DiffAsync(a, b);

        run.ExitCode.Should().Be(ExitCode.CannotRead);
        run.Error.Should().StartWith("streams-audit: " + error);
    }

    [Theory]
    [InlineData("{}\n", ExitCode.Findings, "does not begin as an export does")]
    [InlineData("no log", ExitCode.CannotRead, "streams-audit: ")]
    public async Task A_file_that_is_neither_log_nor_export_is_refused(string text, int exitCode, string error)
    {
        await KindsOfStreams.WriteAllAsync(first);
        await File.WriteAllTextAsync(second.File("file"), text);

        var run = await DiffAsync(first.Path, second.File("file"));

        run.ExitCode.Should().Be(exitCode, run.Error);
        run.Error.Should().Contain(error).And.Contain(second.File("file"));
    }

    [Theory]
    [InlineData("export.ndjson")]
    [InlineData("export.ndjson.gz")]
    public async Task An_export_is_compared_as_a_store_is(string name)
    {
        await KindsOfStreams.WriteAllAsync(first);
        var export = await first.ExportAsync(second, name);

        (await DiffAsync(first.Path, export)).Out.Should().Be("8 streams, no difference\n");
        (await DiffAsync($"{export}#gone", "done")).Out.Should().StartWith($"gone and done, stream: “deleted” and “StreamCreated at revision 0”\n");

        first.Tamper("UPDATE log SET data = CAST(replace(CAST(data AS TEXT), 'Half', 'Hall') AS BLOB) WHERE type = 'ChunkPersisted'");
        await using (var log = await first.OpenLogAsync()) await log.WriteAsync("new", Created("new"));

        var run = await DiffAsync(export, first.Path);
        run.ExitCode.Should().Be(ExitCode.Findings);
        run.Out.Should().Be(
            "failed, revision 2, data.text: “Half” and “Hall”\nnew, stream: “nothing” and “StreamCreated at revision 0”\n2 of 9 streams differ\n");
        (await DiffAsync("failed", export)).Out.Should().StartWith("failed, revision 2, data.text: “Hall” and “Half”\n");
    }

    [Fact]
    public async Task An_export_that_was_changed_is_not_compared()
    {
        await KindsOfStreams.WriteAllAsync(first);
        var export = await first.ExportAsync(second);
        await File.WriteAllTextAsync(export, (await File.ReadAllTextAsync(export)).Replace("Half", "Hall", StringComparison.Ordinal));

        var run = await DiffAsync(first.Path, export);

        run.ExitCode.Should().Be(ExitCode.Findings);
        run.Error.Should().Contain("Stream text-failed, revision 2: ");
    }

    private static string Text(System.Text.Json.JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.ToString() : "";

    private Task<AuditRun> DiffAsync(params string[] args) => AuditRun.OfAsync(["diff", .. args, "--store", first.Path]);

    private void Copy()
    {
        foreach (var file in Directory.GetFiles(first.Path, "log.db*")) File.Copy(file, second.File(Path.GetFileName(file)));
    }
}
