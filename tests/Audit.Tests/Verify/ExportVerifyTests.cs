using System.IO.Compression;
using System.Text;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>Whatever is changed in an export, with its last line made right again or not: <c>verify</c> names stream
/// and revision, and goes on.</summary>
public sealed class ExportVerifyTests : IAsyncLifetime
{
    private const int FirstEvents = 5;
    private const int VictimLine = 7;

    private readonly TempFolder folder = new(), files = new();
    private byte[] export = [];
    private List<string> lines = [];

    public async Task InitializeAsync()
    {
        await using (var log = await folder.OpenLogAsync())
        {
            await log.WriteAsync("a", Created("a"), Started(), Chunk(0, 0, "untouched"), Completed(9, 1));
            await log.WriteAsync("b", Created("b"), Started(), Chunk(0, 0, "é\n"), Chunk(1, 3, "y"), Completed(4, 2));
            await log.WriteAsync("c", Created("c"), Cancelled());
            await log.WriteAsync("d", Created("d"), Cancelled(), Deleted(StreamStatus.Cancelled));
            await log.TombstoneAsync(
                "text-d", ExpectedRevision.Any, new EventId(Guid.NewGuid()), TombstoneMetadata.Write(new Deletion("bob", Noon, StreamHead.None)), default);
        }

        export = await folder.ExportedBytesAsync();
        lines = ExportedFile.Lines(export);
        lines[VictimLine - 1].Should().StartWith("""{"stream":"b","revision":0,""");
    }

    public Task DisposeAsync()
    {
        folder.Dispose();
        files.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task What_was_exported_is_clean_compressed_or_not_and_a_stream_can_be_asked_for()
    {
        var run = await VerifyAsync(export);
        run.ShouldBeClean();
        run.Summary().GetProperty("streams").GetInt64().Should().Be(4);
        run.Summary().GetProperty("statuses").ToString().Should().Be("""{"cancelled":1,"deleted":1,"done":2}""");

        using (var compressed = new GZipStream(File.Create(files.File("no-name")), CompressionLevel.Fastest)) compressed.Write(export);
        (await VerifyRuns.VerifyAsync(files.File("no-name"))).Summary().GetProperty("events").GetInt64().Should().Be(11);

        var one = await VerifyAsync(export, "b", "gone");
        one.Findings().Should().Equal(new Found("missing", "gone", null));
        one.Json.Should().ContainSingle(line => line.GetProperty("kind").GetString() == "stream").Which.GetProperty("hash").GetString()
            .Should().Be(Head("b"));
    }

    [Fact]
    public async Task Every_changed_byte_of_every_event_is_named_and_the_other_streams_are_still_verified()
    {
        for (var revision = 0; revision < FirstEvents; revision++)
        {
            var line = lines[VictimLine - 1 + revision];
            for (var at = 0; at < line.Length; at++)
            {
                var tampered = lines.ToList();
                tampered[VictimLine - 1 + revision] = Changed(line, at);
                var run = await VerifyAsync(ExportedFile.Sealed(tampered));

                run.ExitCode.Should().Be(ExitCode.Findings, $"of byte {at} of revision {revision}");
                var findings = run.Findings();
                findings.Should().NotContain(f => f.Stream == "a" || f.Stream == "c" || f.Stream == "d", $"of byte {at} of revision {revision}");
                findings.Should().NotContain(f => f.Code == "digest");
                findings.Should().Contain(f => f.Stream == "b" && f.Revision == revision, $"of byte {at} of revision {revision}");
            }
        }
    }

    [Theory]
    [InlineData("\\\"at\\\":\\\"2026-11-21T12:00:00", "\\\"at\\\":\\\"2026-11-21T12:00:01")]
    [InlineData("\\\"actor\\\":\\\"alice\\\"", "\\\"actor\\\":\\\"alicf\\\"")]
    [InlineData("\\\"epoch\\\":1", "\\\"epoch\\\":2")]
    public async Task Metadata_that_was_changed_is_named_whether_or_not_the_digest_was_made_right(string written, string forged)
    {
        for (var revision = 0; revision < FirstEvents; revision++)
        {
            var tampered = lines.ToList();
            var line = lines[VictimLine - 1 + revision];
            var metadata = line.IndexOf("\"metadata\"", StringComparison.Ordinal);
            line[metadata..].Should().Contain(written);
            tampered[VictimLine - 1 + revision] = line[..metadata] + line[metadata..].Replace(written, forged, StringComparison.Ordinal);

            (await VerifyAsync(ExportedFile.Sealed(tampered))).Findings().Should()
                .Contain(new Found("hash", "b", revision)).And.NotContain(f => f.Code == "digest");
            (await VerifyAsync(Joined(tampered))).Findings().Should().Contain(new Found("hash", "b", revision)).And.Contain(new Found("digest", null, null));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_dropped_and_every_two_swapped_events_are_named(bool isSealed)
    {
        for (var revision = 0; revision < FirstEvents; revision++)
        {
            var at = VictimLine - 1 + revision;
            var dropped = lines.Where((_, i) => i != at).ToList();
            Named(await VerifyAsync(isSealed ? ExportedFile.Sealed(dropped, eventsLess: 1) : Joined(dropped)), isSealed, revision);

            if (revision == FirstEvents - 1) break;
            var swapped = lines.ToList();
            (swapped[at], swapped[at + 1]) = (swapped[at + 1], swapped[at]);
            Named(await VerifyAsync(isSealed ? ExportedFile.Sealed(swapped) : Joined(swapped)), isSealed, revision);
        }
    }

    [Fact]
    public async Task Every_changed_byte_of_any_other_line_is_found()
    {
        for (var line = 0; line < lines.Count; line++)
        {
            var isEvent = lines[line].Contains("\"revision\":", StringComparison.Ordinal);
            var isTombstone = lines[line].Contains("\"deleted\":true", StringComparison.Ordinal);
            if (isEvent) continue;
            for (var at = 0; at < lines[line].Length; at += line == 0 ? 7 : 1)
            {
                var tampered = lines.ToList();
                tampered[line] = Changed(lines[line], at);
                var bytes = isTombstone || line == lines.Count - 1 ? Joined(tampered) : ExportedFile.Sealed(tampered);
                (await VerifyAsync(bytes)).ExitCode.Should().NotBe(ExitCode.Ok, $"of line {line + 1}, byte {at}");
            }
        }
    }

    [Fact]
    public async Task Cut_off_anywhere_it_is_found_and_the_stream_in_which_it_was_cut_is_named()
    {
        var second = export.AsSpan().IndexOf(Encoding.UTF8.GetBytes(lines[VictimLine - 1])) + lines[VictimLine - 1].Length + 1;
        for (var length = 1; length < export.Length; length += length < second ? 13 : 1)
        {
            var run = await VerifyAsync(export[..length]);
            run.ExitCode.Should().NotBe(ExitCode.Ok, $"of {length} bytes");
            if (length == second) run.Findings().Should().Equal(new Found("head", "b", 1), new Found("export", null, null));
        }

        (await VerifyAsync([.. export, .. export])).Findings().Should().Equal(new Found("export", null, null));
    }

    [Fact]
    public async Task Two_damages_are_both_named()
    {
        lines[2] = Changed(lines[2], lines[2].Length - 70);
        lines[VictimLine + 1] = "{";

        (await VerifyAsync(ExportedFile.Sealed(lines, eventsLess: 1))).Findings().Should()
            .Contain(f => f.Stream == "a" && f.Revision == 1).And.Contain(new Found("unreadable", "b", 2));
    }

    [Fact]
    public async Task Streams_that_are_doubled_or_out_of_order_or_have_no_end_are_named()
    {
        var (a, b) = (lines[1..6], lines[6..12]);
        (await VerifyAsync(ExportedFile.Sealed([lines[0], .. b, .. a, .. lines[12..]]))).Findings().Should().Equal(new Found("export", "a", null));
        (await VerifyAsync(ExportedFile.Sealed([lines[0], .. a, .. a, .. lines[6..]], eventsLess: -4))).Findings().Should()
            .Equal(new Found("export", "a", null), new Found("export", null, null));
        (await VerifyAsync(ExportedFile.Sealed([lines[0], .. a[..4], .. lines[6..]]))).Findings().Should()
            .Equal(new Found("head", "a", 4), new Found("export", null, null));
    }

    [Fact]
    public async Task A_stream_that_was_exported_as_damaged_is_a_finding()
    {
        folder.Tamper("UPDATE log SET data = CAST(replace(CAST(data AS TEXT), 'untouched', 'untouchex') AS BLOB) WHERE type = 'ChunkPersisted'");

        var run = await VerifyRuns.VerifyAsync(await folder.ExportAsync(files, "damaged.ndjson", "--damaged"));

        run.Findings().Should().Equal(new Found("export", "a", null), new Found("hash", "a", 2));
    }

    [Fact]
    public async Task What_is_no_export_or_a_newer_one_and_a_wish_to_sign_one_are_refused()
    {
        (await VerifyAsync("{}\n"u8.ToArray())).Should().Match<AuditRun>(run => run.ExitCode == ExitCode.CannotRead && run.Error.Contains("neither"));
        lines[0] = lines[0].Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal);
        (await VerifyAsync(ExportedFile.Sealed(lines))).Should().Match<AuditRun>(
            run => run.ExitCode == ExitCode.CannotRead && run.Error.Contains("export of version 2"));

        using var statements = await Statements.WithKeysAsync();
        var signed = await VerifyAsync(export, "--sign", statements.Key, "--out", statements.File("s"));
        signed.Should().Match<AuditRun>(run => run.ExitCode == ExitCode.CannotRead && run.Error.Contains("A statement is of a log"));
        File.Exists(statements.File("s")).Should().BeFalse();
    }

    private static void Named(AuditRun run, bool isSealed, long revision)
    {
        run.ExitCode.Should().Be(ExitCode.Findings);
        run.Findings().Should().Contain(f => f.Stream == "b" && f.Revision == revision);
        run.Findings().Any(f => f.Code == "digest").Should().Be(!isSealed);
        run.Findings().Should().OnlyContain(f => f.Stream == null || f.Stream == "b");
    }

    private string Head(string stream) => System.Text.Json.JsonElement.Parse(
        lines.Single(line => line.StartsWith($$"""{"stream":"{{stream}}","events":""", StringComparison.Ordinal))).GetProperty("hash").GetString()!;

    /// <summary>Another letter, never a line feed: most leave it JSON.</summary>
    private static string Changed(string line, int at) => line[..at] + (line[at] == 'x' ? 'y' : 'x') + line[(at + 1)..];

    private static byte[] Joined(IEnumerable<string> lines) => Encoding.Latin1.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    private async Task<AuditRun> VerifyAsync(byte[] bytes, params string[] more)
    {
        await File.WriteAllBytesAsync(files.File("export"), bytes);
        return await VerifyRuns.VerifyAsync(files.File("export"), more);
    }
}
