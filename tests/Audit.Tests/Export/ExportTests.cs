using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

public sealed class ExportTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly TempFolder other = new();

    public void Dispose()
    {
        folder.Dispose();
        other.Dispose();
    }

    [Fact]
    public async Task Export_import_export_gives_the_same_bytes_whatever_the_streams_are()
    {
        for (var seed = 0; seed < 25; seed++)
        {
            using TempFolder first = new(), second = new();
            await using (var log = await first.OpenLogAsync()) await new StreamsOfEveryKind(seed).WriteAsync(log, 12);
            var exported = await File.ReadAllBytesAsync(await first.ExportAsync(other, $"{seed}.ndjson"));

            var import = await AuditRun.OfAsync("import", other.File($"{seed}.ndjson"), "--store", second.Path);

            import.ExitCode.Should().Be(ExitCode.Ok, $"of seed {seed}: {import.Error}");
            (await second.ExportedBytesAsync()).Should().Equal(exported, $"of seed {seed}");
        }
    }

    [Fact]
    public async Task A_file_is_read_with_nothing_but_JSON_and_SHA256()
    {
        await WriteAsync("b", Created("b"), Started(), Chunk(0, 0, "Tschüß \"du\"\n"), Completed(14, 1));
        await WriteAsync("a", Created("a"), Cancelled());

        var bytes = await folder.ExportedBytesAsync();

        var lines = ExportedFile.Lines(bytes).Select(line => JsonElement.Parse(Encoding.Latin1.GetBytes(line))).ToList();
        lines[0].GetProperty("format").GetString().Should().Be("event-sourced-streams-export");
        lines[1..^1].Select(line => line.GetProperty("stream").GetString()).Should().Equal("a", "a", "a", "b", "b", "b", "b", "b");
        JsonElement.Parse(lines[6].GetProperty("data").GetString()!).GetProperty("text").GetString().Should().Be("Tschüß \"du\"\n");
        lines[8].GetProperty("head").GetInt32().Should().Be(3);
        JsonElement.Parse(lines[7].GetProperty("metadata").GetString()!).GetProperty("hash").GetString()
            .Should().Be(lines[8].GetProperty("hash").GetString());
        var lastLine = bytes.AsSpan(0, bytes.Length - 1).LastIndexOf((byte)'\n') + 1;
        lines[^1].GetProperty("sha256").GetString().Should().Be(Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, lastLine))));
    }

    [Fact]
    public async Task A_note_behind_the_text_leaves_a_stream_running()
    {
        using var known = EventKinds.With(new EventType("Remarked", EventKind.Note));
        await WriteAsync("runs", Created("runs"), Started(), Chunk(0, 0, "On and "));
        await using (var log = await folder.OpenLogAsync())
        {
            var note = new NewEvent(new EventId(Guid.NewGuid()), "Remarked", StoredTypes.Json, "{}"u8.ToArray(), "{}"u8.ToArray());
            await log.AppendAsync("text-runs", ExpectedRevision.Exactly(Revision.From(2)), [note], default);
        }

        var exported = await AuditRun.OfAsync("export", "--all", "--store", folder.Path, "--out", other.File("all"), "--json");

        exported.Json.Single().GetProperty("running").GetInt32().Should().Be(1);
    }

    [Fact]
    public async Task The_format_is_for_ever()
    {
        // A change to a line of this breaks every export that there is: make a new version instead, and read this one
        // too.
        Convert.ToHexStringLower(SHA256.HashData(ExportLines.Header)).Should().Be("137dfe2c0e2bc8fc7d9230160d91decc0ed836350d04b052ba47c1139e6d784a");
        await WriteAsync("s", Created());
        var lines = ExportedFile.Lines(await folder.ExportedBytesAsync());
        lines[1].Should().MatchRegex(
            "^{\"stream\":\"s\",\"revision\":0,\"id\":\"[0-9a-f-]{36}\",\"type\":\"StreamCreated\",\"contentType\":\"application/json\",\"data\":\"{[^}]*}[^}]*}\",\"metadata\":\"{.*}\"}$");
        lines[2].Should().MatchRegex("^{\"stream\":\"s\",\"events\":1,\"head\":0,\"hash\":\"[A-Za-z0-9_-]{43}\"}$");
        lines[3].Should().MatchRegex("^{\"streams\":1,\"deleted\":0,\"damaged\":0,\"events\":1,\"sha256\":\"[0-9a-f]{64}\"}$");
    }

    [Fact]
    public async Task Streams_stand_in_the_order_of_their_UTF8_bytes()
    {
        string[] ids = ["b", "\uE000", "𝄞", "a", "é", "ab"];
        foreach (var id in ids) await WriteAsync(id, Created(id), Cancelled());

        var run = await AuditRun.OfAsync("export", "--all", "--store", folder.Path, "--out", "-");

        run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..^1].Select(line => JsonElement.Parse(line))
            .Where(line => line.TryGetProperty("head", out _)).Select(line => line.GetProperty("stream").GetString())
            .Should().Equal("a", "ab", "b", "é", "\uE000", "𝄞");
        Encoding.UTF8.GetBytes(run.Out).Should().Equal(await folder.ExportedBytesAsync());
    }

    [Fact]
    public async Task A_compressed_one_has_the_same_content_and_the_same_bytes_each_time()
    {
        await WriteAsync("s", Created(), Cancelled());
        var first = await File.ReadAllBytesAsync(await folder.ExportAsync(other, "one.ndjson.gz"));
        var second = await File.ReadAllBytesAsync(await folder.ExportAsync(other, "two.ndjson.gz"));

        first.Should().Equal(second);
        using var content = new MemoryStream();
        using (var unpacked = new GZipStream(new MemoryStream(first), CompressionMode.Decompress)) await unpacked.CopyToAsync(content);
        content.ToArray().Should().Equal(await folder.ExportedBytesAsync());
        using var target = new TempFolder();
        (await AuditRun.OfAsync("import", other.File("one.ndjson.gz"), "--store", target.Path)).ExitCode.Should().Be(ExitCode.Ok);
        (await target.ExportedBytesAsync()).Should().Equal(content.ToArray());
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_only_by_force_and_nothing_is_left_beside_it()
    {
        await WriteAsync("s", Created(), Cancelled());
        await File.WriteAllTextAsync(other.File("f"), "mine");

        var refused = await ExportAsync("--all", "--out", other.File("f"));
        (refused.ExitCode, File.ReadAllText(other.File("f"))).Should().Be((ExitCode.CannotRead, "mine"));
        refused.Error.Should().Contain("--force");
        (await ExportAsync("--all", "--out", other.File("f"), "--force")).ExitCode.Should().Be(ExitCode.Ok);
        File.ReadAllText(other.File("f")).Should().StartWith("{\"format\"");
        (await ExportAsync("--all", "--out", folder.File("f"))).Error.Should().Contain("the log's own folder");

        Directory.GetFiles(other.Path).Should().Equal(other.File("f"));
    }

    [Fact]
    public async Task Some_streams_or_all_but_not_neither_nor_both()
    {
        foreach (var id in new[] { "a", "b", "c" }) await WriteAsync(id, Created(id), Cancelled());

        (await ExportAsync("c", "a", "--out", other.File("some"), "--json")).Json.Single().GetProperty("streams").GetInt32().Should().Be(2);
        (await ExportAsync("--out", other.File("none"))).ExitCode.Should().Be(ExitCode.CannotRead);
        (await ExportAsync("a", "--all", "--out", other.File("both"))).ExitCode.Should().Be(ExitCode.CannotRead);
        (await ExportAsync("a", "never", "--out", other.File("unknown"))).Error.Should().Contain("no stream never");

        Directory.GetFiles(other.Path).Should().Equal(other.File("some"));
    }

    [Fact]
    public async Task What_has_not_ended_is_left_out_and_said_unless_asked_for()
    {
        await WriteAsync("runs", Created("runs"), Started(), Chunk(0, 0, "x"));
        await WriteAsync("ended", Created("ended"), Cancelled());

        var all = await ExportAsync("--all", "--out", other.File("all"), "--json");
        var named = await ExportAsync("runs", "--out", other.File("named"));
        var asked = await ExportAsync("runs", "--running", "--out", other.File("asked"), "--json");

        (all.Json.Single().GetProperty("streams").GetInt32(), all.Json.Single().GetProperty("running").GetInt32()).Should().Be((1, 1));
        all.Error.Should().Contain("1 streams have not ended");
        (named.ExitCode, File.Exists(other.File("named"))).Should().Be((ExitCode.CannotRead, false));
        asked.Json.Single().GetProperty("events").GetInt32().Should().Be(3);
    }

    [Fact]
    public async Task A_damaged_stream_is_refused_or_marked_and_then_not_imported()
    {
        await WriteAsync("s", Created("s"), Started(), Chunk(0, 0, "true"), Completed(4, 1));
        await WriteAsync("t", Created("t"), Cancelled());
        folder.Tamper("UPDATE log SET data = CAST(replace(CAST(data AS TEXT), 'true', 'fals') AS BLOB) WHERE type = 'ChunkPersisted'");

        var refused = await ExportAsync("--all", "--out", other.File("f"));
        (refused.ExitCode, Directory.GetFiles(other.Path).Length).Should().Be((ExitCode.Findings, 0));
        refused.Error.Should().Contain("Stream text-s, revision 2");

        var marked = await ExportAsync("--all", "--damaged", "--out", other.File("f"), "--json");
        marked.Json.Single().GetProperty("damaged").GetInt32().Should().Be(1);
        marked.Json.Single().GetProperty("events").GetInt32().Should().Be(6, "what is left of it is there");
        using var target = new TempFolder();
        var import = await AuditRun.OfAsync("import", other.File("f"), "--store", target.File("new"));
        (import.ExitCode, Directory.Exists(target.File("new"))).Should().Be((ExitCode.Findings, false));
        import.Error.Should().Contain("Stream text-s, revision 2");
    }

    private Task<AuditRun> ExportAsync(params string[] args) => AuditRun.OfAsync(["export", "--store", folder.Path, .. args]);

    private async Task WriteAsync(string id, params StreamEvent[] events)
    {
        await using var log = await folder.OpenLogAsync();
        await log.WriteAsync(id, events);
    }
}
