using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>What the hashes and the digest of an export cannot show, because a forger has made them anew, and a
/// statement does.</summary>
public sealed class ExportAgainstTests : IAsyncLifetime
{
    private readonly TempFolder folder = new(), files = new();
    private Statements statements = null!;
    private string statement = "";

    public async Task InitializeAsync()
    {
        statements = await Statements.WithKeysAsync();
        await using (var server = await RunningServer.StartAsync(folder.Path))
        {
            await server.CompleteAsync("a", "one");
            await server.CompleteAsync("b", "The truth.");
            await server.CompleteAsync("c", "three");
        }

        statement = await statements.SignAsync(folder.Path);
    }

    public Task DisposeAsync()
    {
        statements.Dispose();
        folder.Dispose();
        files.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task What_was_exported_since_is_clean_and_no_other_log()
    {
        var run = await statements.AgainstAsync(await folder.ExportAsync(files), statement);

        run.ShouldBeClean();
        run.Error.Should().Contain("does not say of which log it is");
        run.Summary().GetProperty("against").ToString().Should().Be("""{"unchanged":3,"grown":0,"deleted":0,"new":0,"unknown":0}""");
    }

    [Fact]
    public async Task Every_tail_that_was_cut_is_named()
    {
        using var original = LogCopy.Of(folder.Path);
        var last = original.Rows("b")[^1].Revision;
        for (var from = 1L; from <= last; from++)
            await FoundOnlyAgainstAsync(copy => copy.Cut("b", from), new Found("cut", "b", last));
    }

    [Fact]
    public async Task A_forged_tail_a_recomputed_chain_and_a_removed_stream_are_named()
    {
        using var original = LogCopy.Of(folder.Path);
        var last = original.Rows("b")[^1].Revision;
        StreamEvent[] forged = [Created("b"), Started(), Chunk(0, 0, "Not the truth."), Completed(14, 1)];
        last.Should().Be(forged.Length - 1);

        for (var from = 2; from < forged.Length; from++)
        {
            var tail = from;
            await FoundOnlyAgainstAsync(
                copy => copy.Cut("b", tail),
                new Found("changed", "b", last),
                copy => copy.ForgeAsync("b", tail == 2 ? forged[tail..] : [Completed(10, 1) with { FinishReason = "forged" }]));
        }

        await FoundOnlyAgainstAsync(copy => copy.Remove("b"), new Found("changed", "b", last), copy => copy.ForgeAsync("b", forged));
        await FoundOnlyAgainstAsync(copy => copy.Remove("b"), new Found("gone", "b", last));
    }

    [Fact]
    public async Task What_is_not_asked_for_is_not_missed()
    {
        using var copy = LogCopy.Of(folder.Path);
        copy.Remove("b");
        var file = await copy.Folder.ExportAsync(files);

        (await VerifyRuns.VerifyAsync(file, "a", "c", "--against", statement)).ShouldBeClean();
        (await VerifyRuns.VerifyAsync(file, "b", "--against", statement)).Findings().Should().ContainSingle().Which.Code.Should().Be("gone");
    }

    /// <summary>The export by itself is clean, digest and all.</summary>
    private async Task FoundOnlyAgainstAsync(Action<LogCopy> forge, Found found, Func<LogCopy, Task>? more = null)
    {
        using var copy = LogCopy.Of(folder.Path);
        forge(copy);
        if (more is not null) await more(copy);
        using var to = new TempFolder();
        var file = await copy.Folder.ExportAsync(to);
        (await VerifyRuns.VerifyAsync(file)).ShouldBeClean();
        var run = await statements.AgainstAsync(file, statement);
        run.ExitCode.Should().Be(ExitCode.Findings);
        run.Findings().Should().Equal(found);
    }
}
