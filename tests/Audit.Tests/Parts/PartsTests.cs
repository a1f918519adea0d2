using System.Text.RegularExpressions;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Domain.StreamCommand;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>What the tool shows of a stream that has parts beside its text.</summary>
public sealed class PartsTests : IAsyncLifetime
{
    private const string Transcript = """
        [part 1: reasoning]
        Hm, ünd? 
        [part 1 ends, 10 bytes]
        [text]
        It is 
        [part 2: tool-call weather, call c1, json, detail {"executed":"app"}]
        {"town":"Ulm"}
        [part 2 ends, 14 bytes, detail {"title":"Weather"}]
        [part 3: tool-result, of part 2, call c1]
        [part 3 failed: No such "town"., 0 bytes]
        [text]
        unknown.
        [part 4: file map.png, image/png, base64]
        iVBORw0K

        """;

    private readonly TempFolder folder = new(), other = new();

    public async Task InitializeAsync()
    {
        await using var log = await folder.OpenLogAsync();
        await log.WriteAsync("p", [.. WrittenHistory.WithParts("p")]);
        await log.WriteAsync("plain", Created("plain"), Started(), Chunk(0, 0, "One."), Completed(4, 1));
    }

    public Task DisposeAsync()
    {
        folder.Dispose();
        other.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_text_is_the_body_alone_unless_its_parts_are_asked_for()
    {
        (await RunAsync("text", "p")).Out.Should().Be("It is unknown.");
        (await RunAsync("text", "p", "--parts")).Out.Should().Be(Transcript + "[part 4 was cut off]\n");
        (await RunAsync("text", "plain", "--parts")).Out.Should().Be("One.\n");
    }

    [Fact]
    public async Task Json_has_the_answer_in_order_with_the_names_of_the_api()
    {
        var stream = (await RunAsync("text", "p", "--parts", "--json")).Json.Should().ContainSingle().Subject;

        (stream.GetProperty("parts").GetInt32(), stream.GetProperty("text").GetString()).Should().Be((4, "It is unknown."));
        stream.GetProperty("content").EnumerateArray().Select(item => item.ToString()).Should().Equal(
            """{"kind":"reasoning","offset":0,"part":1,"text":"Hm, ünd? ","state":"done"}""",
            """{"kind":"text","offset":0,"text":"It is "}""",
            """{"kind":"tool-call","offset":6,"part":2,"name":"weather","callId":"c1","encoding":"json","detail":{"executed":"app"},"value":{"town":"Ulm"},"state":"done","endDetail":{"title":"Weather"}}""",
            """{"kind":"tool-result","offset":6,"part":3,"of":2,"callId":"c1","text":"","state":"failed","error":"No such \"town\"."}""",
            """{"kind":"text","offset":6,"text":"unknown."}""",
            """{"kind":"file","offset":14,"part":4,"name":"map.png","mediaType":"image/png","encoding":"base64","text":"iVBORw0K","state":"cut"}""");
        (await RunAsync("text", "plain", "--json")).Json[0].TryGetProperty("parts", out _).Should().BeFalse();
        (await RunAsync("text", "p", "--json")).Json[0].TryGetProperty("content", out _).Should().BeFalse();
    }

    [Fact]
    public async Task A_part_s_bytes_are_exact_and_what_is_no_part_is_said()
    {
        (await RunAsync("text", "p", "--part", "2")).Out.Should().Be("""{"town":"Ulm"}""");
        var file = await RunAsync("text", "p", "--part", "4");
        (file.Out, file.Error).Should().Be(("\u0089PNG\r\n", "Part 4 was cut off: this is as much of it as there is.\n"));
        var missing = await RunAsync("text", "p", "--part", "5");
        (missing.ExitCode, missing.Error).Should().Be((ExitCode.CannotRead, "streams-audit: Stream p has no part 5: they go from 1 to 4.\n"));
        (await RunAsync("text", "plain", "--part", "1")).Error.Should().Contain("no part 1: it has none");
    }

    [Fact]
    public async Task As_it_was_in_the_middle_a_part_is_open()
    {
        var run = await RunAsync("as-of", "p", "--at", "7", "--parts");

        run.Out.Should().EndWith("""
            [part 2: tool-call weather, call c1, json, detail {"executed":"app"}]
            {"town":
            [part 2 is open]

            """);
        var item = (await RunAsync("as-of", "p", "--at", "7", "--parts", "--json")).Json[0].GetProperty("content").EnumerateArray().Last();
        item.ToString().Should().Be(
            """{"kind":"tool-call","offset":6,"part":2,"name":"weather","callId":"c1","encoding":"json","detail":{"executed":"app"},"text":"{\"town\":","state":"open"}""");
    }

    [Fact]
    public async Task A_replay_has_the_parts_where_they_were_saved()
    {
        (await RunAsync("replay", "p", "--speed", "max")).Out.Should().Be("It is unknown.");
        (await RunAsync("replay", "p", "--speed", "max", "--parts")).Out.Should().Be(Transcript);
        (await RunAsync("replay", "p", "--speed", "max", "--json")).Json
            .Where(e => e.TryGetProperty("part", out var part) && part.GetInt32() == 3)
            .Select(e => Regex.Replace(e.ToString(), "\"(at|since)\":\"[^\"]*\",?", "")).Should().Equal(
                """{"revision":10,"type":"PartStarted","part":3,"kind":"tool-result"}""",
                """{"revision":11,"type":"PartEnded","part":3,"error":"No such \"town\"."}""");
    }

    [Fact]
    public async Task Every_event_is_shown_and_verify_finds_nothing()
    {
        var shown = (await RunAsync("show", "p")).Out;

        shown.Should().Contain("part 2, tool-call").And.Contain("part 4 #0").And.Contain("4 parts of");
        (await VerifyRuns.VerifyAsync(folder.Path)).ShouldBeClean();
    }

    [Fact]
    public async Task The_report_has_them_and_nothing_of_a_file_that_could_run()
    {
        const string Evil = "<svg onload=alert(1)><script>alert(2)</script>";
        await using (var log = await folder.OpenLogAsync())
        {
            await log.WriteAsync("evil", [.. new WrittenHistory(Created("evil"))
                .Then(new Start(Node, "p", "m", "0.1.0") { At = Noon })
                .Then(new StartPart(new PartStart(PartKinds.File) { Name = Evil, MediaType = "image/svg+xml" }, Noon) { At = Noon })
                .Then(new PersistPart(1, Evil, Noon) { At = Noon })
                .Then(new EndPart(1, new PartEnd { Error = Evil }, Noon) { At = Noon })
                .Then(new Complete("stop", null) { At = Noon })
                .Events]);
        }

        var page = await ReportAsync("p");
        page.Should().Contain("<h2>Parts</h2>").And.Contain("2 · tool-call weather, call c1, json").And.Contain("Failed: No such &quot;town&quot;.");
        page.Should().NotContain("iVBORw0K</pre>");
        var evil = await ReportAsync("evil");
        evil.Should().Contain("&lt;svg onload=alert(1)&gt;").And.NotContain("<script").And.NotContain("<svg onload");
        (await ReportAsync("plain")).Should().NotContain("Parts</h2>");
    }

    [Fact]
    public async Task Exported_imported_and_exported_again_it_is_the_same_bytes_and_a_copy_verifies()
    {
        var export = await folder.ExportAsync(other);
        using var target = new TempFolder();

        (await AuditRun.OfAsync("import", export, "--store", target.Path)).ExitCode.Should().Be(ExitCode.Ok);
        (await target.ExportedBytesAsync()).Should().Equal(await File.ReadAllBytesAsync(export));
        using var copy = new TempFolder();
        (await AuditRun.OfAsync("copy", "--from", folder.Path, "--to", copy.Path)).Error.Should().NotContain("damaged");
        (await VerifyRuns.VerifyAsync(copy.Path)).ShouldBeClean();
        (await AuditRun.OfAsync("diff", folder.Path, copy.Path)).ExitCode.Should().Be(ExitCode.Ok);
    }

    [Fact]
    public async Task Every_changed_byte_of_every_event_of_a_part_in_an_export_is_named()
    {
        var lines = ExportedFile.Lines(await folder.ExportedBytesAsync());
        var first = lines.FindIndex(line => line.Contains("\"type\":\"PartStarted\"", StringComparison.Ordinal));
        var nameBytes = """{"stream":"p",""".Length;
        for (var line = first; line < first + 3; line++)
        {
            for (var at = nameBytes; at < lines[line].Length; at++)
            {
                var tampered = lines.ToList();
                tampered[line] = lines[line][..at] + (lines[line][at] == 'x' ? 'y' : 'x') + lines[line][(at + 1)..];
                await File.WriteAllBytesAsync(other.File("tampered"), ExportedFile.Sealed(tampered));

                var run = await AuditRun.OfAsync("verify", "--store", other.File("tampered"));

                run.ExitCode.Should().Be(ExitCode.Findings, $"byte {at} of line {line + 1} was changed");
                (run.Out + run.Error).Should().Contain($"revision {line - 1}", $"byte {at} of line {line + 1} was changed");
            }
        }
    }

    [Fact]
    public async Task A_word_of_a_part_that_was_changed_in_the_log_is_named_by_verify_and_diff()
    {
        using var copy = LogCopy.Of(folder.Path);
        foreach (var row in copy.Rows("p").Where(row => row.Type.StartsWith("Part", StringComparison.Ordinal)))
        {
            using var forged = LogCopy.Of(folder.Path);
            var data = (byte[])row.Data.Clone();
            data[^3] ^= 1;
            forged.Write(row.Position, row with { Data = data });

            (await VerifyRuns.VerifyAsync(forged.Path)).Findings().Should().Contain(f => f.Stream == "p" && f.Revision == row.Revision);
            (await AuditRun.OfAsync("diff", folder.Path, forged.Path)).Out.Should().Contain($"revision {row.Revision}, data");
        }
    }

    private Task<AuditRun> RunAsync(params string[] args) => AuditRun.OfAsync([.. args, "--store", folder.Path]);

    private async Task<string> ReportAsync(string id)
    {
        var file = other.File(id + ".html");
        (await RunAsync("report", id, "--out", file)).ExitCode.Should().Be(ExitCode.Ok);
        return await File.ReadAllTextAsync(file);
    }
}
