using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>An export named where a store is.</summary>
public sealed class ExportStoreTests : IAsyncLifetime
{
    private readonly TempFolder folder = new(), files = new();
    private string export = "";

    public async Task InitializeAsync()
    {
        await KindsOfStreams.WriteAllAsync(folder);
        export = await folder.ExportAsync(files);
    }

    public Task DisposeAsync()
    {
        folder.Dispose();
        files.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("list")]
    [InlineData("text", "done")]
    [InlineData("show", "done")]
    [InlineData("as-of", "done", "--at", "2")]
    [InlineData("replay", "done", "--speed", "max")]
    [InlineData("stats")]
    [InlineData("text", "gone")]
    public async Task It_answers_as_the_log_does(params string[] args)
    {
        var (fromLog, fromExport) = (await RunAsync(folder.Path, args), await RunAsync(export, args));

        fromExport.ExitCode.Should().Be(fromLog.ExitCode, fromExport.Error);
        fromExport.Error.Should().Be(fromLog.Error);
        if (args[0] == "stats") fromExport.Out.Split('\n')[0].Should().Be(fromLog.Out.Split('\n')[0]);
        else if (args[0] == "list") fromExport.Out.Split('\n').Order().Should().Equal(fromLog.Out.Split('\n').Order());
        else fromExport.Out.Should().Be(fromLog.Out);
    }

    [Fact]
    public async Task What_an_export_does_not_keep_is_left_out()
    {
        var shown = (await RunAsync(export, "show", "done", "--json")).Json[^1];

        shown.TryGetProperty("loggedAt", out _).Should().BeFalse();
        (await RunAsync(folder.Path, "show", "done", "--json")).Json[^1].TryGetProperty("loggedAt", out _).Should().BeTrue();
    }

    [Fact]
    public async Task A_part_of_it_is_exported_and_all_of_it_copied_and_nothing_is_written_to_it()
    {
        (await RunAsync(export, "export", "done", "--out", files.File("part"))).ExitCode.Should().Be(ExitCode.Ok);
        (await VerifyRuns.VerifyAsync(files.File("part"), "done")).ShouldBeClean();

        var copied = await AuditRun.OfAsync("copy", "--from", export, "--to", files.File("log"), "--running");
        copied.ExitCode.Should().Be(ExitCode.Ok, copied.Out + copied.Error);
        (await AuditRun.OfAsync("diff", export, files.File("log"))).Out.Should().Be("8 streams, no difference\n");

        var refused = await AuditRun.OfAsync("copy", "--from", folder.Path, "--to", export);
        (refused.ExitCode, refused.Error.Contains("only read")).Should().Be((ExitCode.CannotRead, true));
    }

    [Fact]
    public async Task Pages_forward_and_backward_are_those_that_a_log_gives()
    {
        await using (var log = await folder.OpenLogAsync())
        {
            await log.WriteAsync("long", [Created("long"), Started(), .. Enumerable.Range(0, 30).Select(i => Chunk(i, i, "x"))]);
        }

        await using var reader = await ExportLog.OpenAsync(await folder.ExportAsync(files, "long.ndjson.gz"), StreamPrefix.Default, default);
        var revisions = new List<long>();
        for (StoreRead.Page? page = null; page is not { AtEnd: true };)
        {
            page = (StoreRead.Page)await ReadAsync(revisions.Count, forward: true, 7);
            revisions.AddRange(page.Events.Select(stored => stored.Revision));
        }

        revisions.Should().Equal(Enumerable.Range(0, 32).Select(i => (long)i));
        (await PageAsync(3, forward: true, 2)).Should().Equal(3, 4);
        (await PageAsync(long.MaxValue, forward: false, 3)).Should().Equal(31, 30, 29);
        (await PageAsync(1, forward: false, 3)).Should().Equal(1, 0);
        (await PageAsync(40, forward: true, 3)).Should().BeEmpty();
        (await reader.ReadAsync("text-nobody", 0, forward: true, 1, ReadFrom.Leader, default)).Should().BeOfType<StoreRead.Missing>();
        (await reader.ReadAsync("text-gone", 0, forward: true, 1, ReadFrom.Leader, default)).Should().BeOfType<StoreRead.Tombstoned>();

        Task<StoreRead> ReadAsync(long from, bool forward, int count) => reader.ReadAsync("text-long", from, forward, count, ReadFrom.Leader, default);
        async Task<IEnumerable<long>> PageAsync(long from, bool forward, int count) =>
            ((StoreRead.Page)await ReadAsync(from, forward, count)).Events.Select(stored => stored.Revision);
    }

    [Fact]
    public async Task Many_streams_are_read_at_once()
    {
        await using (var log = await folder.OpenLogAsync())
        {
            foreach (var id in Enumerable.Range(0, 16).Select(i => $"s{i}"))
                await log.WriteAsync(id, [Created(id), Started(), .. Enumerable.Range(0, 50).Select(i => Chunk(i, i, "x"))]);
        }

        await using var reader = await ExportLog.OpenAsync(await folder.ExportAsync(files, "many.ndjson"), StreamPrefix.Default, default);

        await Parallel.ForEachAsync(Enumerable.Range(0, 16), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, ct) =>
        {
            for (var from = 0L; from < 52; from++)
            {
                var read = await reader.ReadAsync($"text-s{i}", from, forward: true, 1, ReadFrom.Leader, ct);
                read.Should().BeOfType<StoreRead.Page>().Which.Events.Should().ContainSingle()
                    .Which.Should().Match<StoredEvent>(stored => stored.Stream == $"text-s{i}" && stored.Revision == from);
            }
        });
    }

    private static Task<AuditRun> RunAsync(string store, params string[] args) => AuditRun.OfAsync([.. args, "--store", store]);
}
