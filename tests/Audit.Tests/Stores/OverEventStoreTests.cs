using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreServer;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>The commands over EventStoreDB's protocol: what a log in a folder answers, it answers there too.</summary>
public sealed class OverEventStoreTests : IAsyncLifetime
{
    private readonly TempFolder folder = new(), target = new(), files = new();
    private SqliteEventStore log = null!, targetLog = null!;
    private EmbeddedLogServer server = null!, targetServer = null!;

    private string Store => server.ConnectionString;

    private string Target => targetServer.ConnectionString;

    public async Task InitializeAsync()
    {
        await KindsOfStreams.WriteAllAsync(folder);
        (log, server) = await ServeAsync(folder);
        (targetLog, targetServer) = await ServeAsync(target);
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        await targetServer.DisposeAsync();
        await log.DisposeAsync();
        await targetLog.DisposeAsync();
        folder.Dispose();
        target.Dispose();
        files.Dispose();
    }

    [Theory]
    [InlineData("list", "--json")]
    [InlineData("show", "done", "--json")]
    [InlineData("show", "gone")]
    [InlineData("show", "nobody")]
    [InlineData("text", "done")]
    [InlineData("as-of", "done", "--at", "2")]
    [InlineData("stats", "--json")]
    public async Task It_answers_as_the_folder_does(params string[] args)
    {
        var fromFolder = await AuditRun.OfAsync([.. args, "--store", folder.Path]);
        var overWire = await AuditRun.OfAsync([.. args, "--store", Store]);

        overWire.ExitCode.Should().Be(fromFolder.ExitCode, overWire.Error);
        overWire.Out.Split('\n').Order().Should().Equal(fromFolder.Out.Split('\n').Order());
    }

    [Fact]
    public async Task Verify_names_an_event_that_does_not_fit()
    {
        (await VerifyRuns.VerifyAsync(Store)).ShouldBeClean();
        (await VerifyRuns.VerifyAsync(Store, "done", "gone")).ShouldBeClean();
        await log.AppendAsync("text-running", ExpectedRevision.Any, [new NewEvent(new EventId(Guid.NewGuid()), "ChunkPersisted", "application/json", default, default)], default);

        (await VerifyRuns.VerifyAsync(Store)).Findings().Should().Contain(new Found("hash", "running", 3)).And.OnlyContain(f => f.Stream == "running");
    }

    [Fact]
    public async Task An_export_is_the_folders_own_and_comes_back_the_same_from_where_it_was_imported()
    {
        var here = await File.ReadAllBytesAsync(await folder.ExportAsync(files, "here.ndjson"));

        (await RunAsync("export", "--all", "--running", "--store", Store, "--out", files.File("wire.ndjson"))).ExitCode.Should().Be(ExitCode.Ok);
        (await File.ReadAllBytesAsync(files.File("wire.ndjson"))).Should().Equal(here);

        var first = await RunAsync("import", files.File("here.ndjson"), "--store", Target, "--json");
        first.ExitCode.Should().Be(ExitCode.Ok, first.Out + first.Error);
        (await RunAsync("import", files.File("here.ndjson"), "--store", Target)).ExitCode.Should().Be(ExitCode.Ok);
        (await VerifyRuns.VerifyAsync(Target)).ShouldBeClean();
        var back = await RunAsync("diff", folder.Path, Target);
        back.Out.Should().Be("8 streams, no difference\n");
    }

    [Fact]
    public async Task A_copy_is_complete_goes_on_and_is_proven_by_the_originals_statement()
    {
        using var statements = await Statements.WithKeysAsync();
        var statement = await statements.SignAsync(folder.Path);

        (await CopyAsync("done", "failed")).ExitCode.Should().Be(ExitCode.Ok);
        (await VerifyRuns.VerifyAsync(Target, "--against", statement, "--copy")).Findings().Should().OnlyContain(f => f.Code == "gone").And.HaveCount(6);
        (await CopyAsync()).ExitCode.Should().Be(ExitCode.Ok);

        (await VerifyRuns.VerifyAsync(Target, "--against", statement, "--copy")).ShouldBeClean();
        (await RunAsync("diff", Store, Target)).Out.Should().Be("8 streams, no difference\n");

        Task<AuditRun> CopyAsync(params string[] ids) => RunAsync(["copy", .. ids, "--from", Store, "--to", Target, "--running"]);
    }

    [Fact]
    public async Task A_server_is_checked_over_the_port_where_it_serves_its_log()
    {
        using var served = new TempFolder();
        var port = Ports.Free();
        await using var web = await ServedFolder.StartAsync(served.Path, grpcPort: port);
        await web.SpeakAsync("said", "One. ", "Two.");
        await web.EndAsync("said");
        await web.CreateAsync("waits");

        var run = await RunAsync("check", "--server", web.Address, "--store", $"esdb://127.0.0.1:{port}?tls=false");

        run.Out.Should().StartWith("2 streams in the log, 2 listed");
        run.ExitCode.Should().Be(ExitCode.Ok, run.Out + run.Error);
    }

    private static Task<AuditRun> RunAsync(params string[] args) => AuditRun.OfAsync(args);

    private static async Task<(SqliteEventStore Log, EmbeddedLogServer Server)> ServeAsync(TempFolder folder)
    {
        var log = await folder.OpenLogAsync();
        return (log, await EmbeddedLogServer.StartAsync(log, 0, TimeProvider.System, NullLoggerFactory.Instance, default));
    }
}
