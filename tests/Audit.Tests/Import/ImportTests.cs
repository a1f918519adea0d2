using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

public sealed class ImportTests : IDisposable
{
    private readonly TempFolder source = new();
    private readonly TempFolder target = new();
    private readonly TempFolder files = new();

    public void Dispose()
    {
        source.Dispose();
        target.Dispose();
        files.Dispose();
    }

    [Fact]
    public async Task A_second_import_writes_nothing()
    {
        await using (var log = await source.OpenLogAsync()) await new StreamsOfEveryKind(7).WriteAsync(log, 20);
        await source.ExportAsync(files);
        (await ImportAsync("--json")).Json[^1].GetProperty("events").GetInt64().Should().BePositive();
        var positions = await PositionsAsync();

        var again = await ImportAsync("--json");

        again.ExitCode.Should().Be(ExitCode.Ok, again.Error);
        again.Json.SkipLast(1).Select(s => s.GetProperty("outcome").GetString()).Should().HaveCount(20).And.AllBe("same");
        again.Json[^1].GetProperty("events").GetInt64().Should().Be(0);
        (await PositionsAsync()).Should().Equal(positions);
    }

    [Fact]
    public async Task What_is_there_in_part_is_extended_and_what_goes_further_is_left()
    {
        StreamEvent[] all = [Created("s"), Started(), Chunk(0, 0, "x"), Completed(1, 1)];
        await WriteSameAsync("s", all, inTarget: 2);
        await WriteSameAsync("whole", [Created("whole"), Cancelled()], inTarget: 2);
        await source.ExportAsync(files);

        var run = await ImportAsync("--json");

        Outcomes(run).Should().Equal("s extended 2", "whole same 0");
        (await target.ExportedBytesAsync()).Should().Equal(await source.ExportedBytesAsync());

        await target.ExportAsync(files, "further.ndjson");
        var back = await AuditRun.OfAsync("import", files.File("further.ndjson"), "--store", source.Path, "--json");
        Outcomes(back).Should().Equal("s same 0", "whole same 0");
    }

    [Fact]
    public async Task An_older_export_is_left_behind_what_is_there()
    {
        await WriteSameAsync("s", [Created("s"), Started(), Chunk(0, 0, "x"), Completed(1, 1)], inTarget: 3);
        await target.ExportAsync(files);

        var run = await AuditRun.OfAsync("import", files.File("export.ndjson"), "--store", source.Path, "--json");

        Outcomes(run).Should().Equal("s ahead 0");
    }

    [Fact]
    public async Task Another_content_is_a_conflict_that_is_named_and_nothing_is_written()
    {
        await using (var log = await source.OpenLogAsync())
        {
            await log.WriteAsync("a", Created("a"), Cancelled());
            await log.WriteAsync("b", Created("b"), Started(), Completed());
            await log.WriteAsync("c", Created("c"), Cancelled());
        }

        await source.ExportAsync(files);
        await using (var log = await target.OpenLogAsync()) await log.WriteAsync("b", Created("b"), Cancelled());
        var before = (await PositionsAsync(), await target.ExportedBytesAsync());

        var dry = await ImportAsync("--dry-run");
        var run = await ImportAsync();

        run.ExitCode.Should().Be(ExitCode.Findings);
        run.Out.Should().Contain("conflict  b, revision 0").And.Contain("2 new").And.Contain("Nothing was written");
        dry.Out.Should().Contain("conflict  b, revision 0");
        (await PositionsAsync()).Should().Equal(before.Item1);
        (await target.ExportedBytesAsync()).Should().Equal(before.Item2);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_done_and_makes_nothing()
    {
        await using (var log = await source.OpenLogAsync()) await log.WriteAsync("a", Created("a"), Cancelled());
        await source.ExportAsync(files);

        var run = await AuditRun.OfAsync("import", files.File("export.ndjson"), "--store", target.File("new"), "--dry-run", "--json");

        Outcomes(run).Should().Equal("a new 2");
        run.Json[^1].GetProperty("written").GetBoolean().Should().BeFalse();
        Directory.Exists(target.File("new")).Should().BeFalse();
    }

    [Fact]
    public async Task A_running_server_is_not_written_beside()
    {
        await using (var log = await source.OpenLogAsync()) await log.WriteAsync("a", Created("a"), Cancelled());
        await source.ExportAsync(files);
        await using var server = await RunningServer.StartAsync(target.Path);

        var run = await ImportAsync();

        run.ExitCode.Should().Be(ExitCode.CannotRead);
        run.Error.Should().Contain("Stop the server").And.Contain("Embedded:GrpcPort").And.Contain("esdb://");
    }

    [Fact]
    public async Task A_log_that_was_imported_into_goes_on_under_its_own_identity()
    {
        await using (var server = await RunningServer.StartAsync(source.Path)) await server.CompleteAsync("there", "Hello. ");
        string identity;
        await using (var server = await RunningServer.StartAsync(target.Path))
        {
            identity = server.Node.Log.LogId;
            await server.CompleteAsync("here", "Hello too. ");
        }

        await source.ExportAsync(files);
        (await ImportAsync()).ExitCode.Should().Be(ExitCode.Ok);

        await using var after = await RunningServer.StartAsync(target.Path);
        after.Node.Log.LogId.Should().Be(identity);
        (await after.Node.BodyAsync(new StreamId("there"))).Text.ToString().Should().Be("Hello. ");
        (await after.Node.BodyAsync(new StreamId("here"))).Text.ToString().Should().Be("Hello too. ");
        await after.CompleteAsync("new", "Goes on. ");
    }

    [Fact]
    public async Task A_deletion_takes_events_with_it_only_when_asked_for()
    {
        await WriteSameAsync("s", [Created("s"), Cancelled()], inTarget: 2);
        await using (var server = await RunningServer.StartAsync(source.Path)) await server.DeleteAsync("s");
        await source.ExportAsync(files);

        var refused = await ImportAsync("--json");
        Outcomes(refused).Should().Equal("s conflict 0");
        refused.ExitCode.Should().Be(ExitCode.Findings);

        Outcomes(await ImportAsync("--json", "--deletions")).Should().Equal("s deleted 0");
        Outcomes(await ImportAsync("--json")).Should().Equal("s same 0");
        (await target.ExportedBytesAsync()).Should().Equal(await source.ExportedBytesAsync());
        (await AuditRun.OfAsync("list", "--store", target.Path, "--json")).Json.Single().GetProperty("by").GetString().Should().Be("anonymous");
    }

    [Fact]
    public async Task What_was_deleted_here_stays_deleted()
    {
        await WriteSameAsync("s", [Created("s"), Cancelled()], inTarget: 2);
        await WriteSameAsync("t", [Created("t"), Cancelled()], inTarget: 0);
        await source.ExportAsync(files);
        await using (var server = await RunningServer.StartAsync(target.Path)) await server.DeleteAsync("s");

        Outcomes(await ImportAsync("--json")).Should().Equal("s deleted-there 0", "t new 2");
    }

    [Fact]
    public async Task More_than_a_transaction_remembers_is_imported_all_the_same()
    {
        await using (var log = await source.OpenLogAsync())
        {
            for (var i = 0; i < 3; i++)
            {
                var length = 1800 + i;
                var chunks = Enumerable.Range(0, length).Select(n => (StreamEvent)Chunk(n, n, "x"));
                await log.WriteAsync($"long-{i}", [Created($"long-{i}"), Started(), .. chunks, Completed(length, length)]);
            }

            await Task.WhenAll(Enumerable.Range(0, 500).Select(i => log.WriteAsync($"short-{i}", Created($"short-{i}"), Cancelled())));
        }

        await source.ExportAsync(files);

        (await ImportAsync()).ExitCode.Should().Be(ExitCode.Ok);

        (await target.ExportedBytesAsync()).Should().Equal(await source.ExportedBytesAsync());
        await using var log2 = await target.OpenLogAsync();
        (await log2.AppendAsync("text-short-7", ExpectedRevision.Exactly(Revision.From(1)), [Anything()], default))
            .Should().BeOfType<AppendOutcome.Appended>();
    }

    [Fact]
    public async Task What_is_no_export_is_told_so()
    {
        await File.WriteAllTextAsync(files.File("text"), "hello\n");

        (await AuditRun.OfAsync("import", files.File("text"), "--store", target.Path)).Error.Should().Contain("does not begin as an export does");
        (await AuditRun.OfAsync("import", files.File("none"), "--store", target.Path)).Error.Should().Contain("There is no ");
        (await AuditRun.OfAsync("import", files.Path, "--store", target.Path)).Error.Should().Contain("is a folder");
    }

    [Theory]
    [InlineData("../../etc/x")]
    [InlineData("a/b")]
    [InlineData("$all")]
    [InlineData("a\0b")]
    [InlineData(".hidden")]
    [InlineData("é")]
    public async Task An_id_that_no_request_can_have_is_not_imported(string id)
    {
        await using (var log = await source.OpenLogAsync())
        {
            await log.WriteAsync("sound", Created("sound"), Cancelled());
            await log.WriteAsync(id, Created(id), Cancelled());
        }

        await RefusedAsync(StreamIdGrammar.Words);
        (await AuditRun.OfAsync("export", "sound", "--store", source.Path, "--out", files.File("export.ndjson"), "--force")).ExitCode.Should().Be(ExitCode.Ok);
        Outcomes(await ImportAsync("--json")).Should().Equal("sound new 2");
    }

    [Fact]
    public async Task An_event_over_the_limits_of_the_api_is_not_imported()
    {
        await using (var log = await source.OpenLogAsync()) await log.WriteAsync("s", Created("s"), Started());
        var large = new string('x', TextLimits.ChunkBytes + 1);
        await using (var log = await source.OpenLogAsync())
            await log.WriteAsync("t", Created("t"), Started(), Chunk(0, 0, large), Completed(large.Length, 1));

        await RefusedAsync("Stream t, revision 2: ");
    }

    [Fact]
    public async Task A_tombstone_that_says_nothing_sound_is_not_imported()
    {
        await using (var log = await source.OpenLogAsync())
            await log.TombstoneAsync("text-t", ExpectedRevision.Any, new EventId(Guid.NewGuid()), """{"by":"x","headRevision":-5}"""u8.ToArray(), default);

        await RefusedAsync("Stream t: Its tombstone");
    }

    private async Task RefusedAsync(string why)
    {
        await source.ExportAsync(files);
        foreach (var more in new string[][] { [], ["--dry-run"] })
        {
            var run = await ImportAsync(more);
            run.ExitCode.Should().Be(ExitCode.Findings);
            run.Error.Should().Contain(why).And.Contain("is not imported");
        }

        Directory.EnumerateFileSystemEntries(target.Path).Should().BeEmpty();
    }

    private static NewEvent Anything() => new(new EventId(Guid.NewGuid()), "T", "text/plain", default, default);

    private static IEnumerable<string> Outcomes(AuditRun run) => run.Json.SkipLast(1)
        .Select(s => $"{s.GetProperty("id")} {s.GetProperty("outcome")} {s.GetProperty("written")}");

    private Task<AuditRun> ImportAsync(params string[] more) =>
        AuditRun.OfAsync(["import", files.File("export.ndjson"), "--store", target.Path, .. more]);

    /// <summary>Where each event stands in the target's log.</summary>
    private async Task<List<(string, long, LogPosition)>> PositionsAsync()
    {
        await using var log = await target.OpenLogAsync();
        var all = new List<(string, long, LogPosition)>();
        await foreach (var stored in log.FollowAllAsync(LogPosition.Start, new StoreFilter([], []), default))
        {
            if (stored is null) return all;
            all.Add((stored.Stream, stored.Revision, stored.Position));
        }

        return all;
    }

    /// <summary>The very same events in both, of which the target has the first ones.</summary>
    private async Task WriteSameAsync(string id, StreamEvent[] events, int inTarget)
    {
        var append = new Append(new AppendId(Guid.NewGuid()), new StreamId(id), StreamHead.None, events, new EventContext(Node, 1, "alice"));
        var encoded = StreamCodec.Encode(append).Events;
        await using var whole = await source.OpenLogAsync();
        await whole.AppendAsync($"text-{id}", ExpectedRevision.NoStream, encoded, default);
        if (inTarget == 0) return;
        await using var part = await target.OpenLogAsync();
        await part.AppendAsync($"text-{id}", ExpectedRevision.NoStream, [.. encoded.Take(inTarget)], default);
    }
}
