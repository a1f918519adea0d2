using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>What the hash chain alone cannot show, and a statement does.</summary>
public sealed class AgainstTests : IAsyncLifetime, IDisposable
{
    private static readonly StreamEvent[] Text = [Created("b"), Started(), Chunk(0, 0, "The "), Chunk(1, 4, "truth."), Completed(10, 2)];

    private readonly TempFolder folder = new();
    private Statements statements = null!;
    private string statement = "";

    public async Task InitializeAsync()
    {
        statements = await Statements.WithKeysAsync();
        await using (var log = await folder.OpenLogAsync())
        {
            await log.WriteAsync("a", Created("a"), Started(), Chunk(0, 0, "x"));
            await log.WriteAsync("b", Text);
            await log.WriteAsync("c", Created("c"), Started(), Completed());
        }

        statement = await statements.SignAsync(folder.Path);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        statements.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task An_unchanged_log_is_clean()
    {
        var run = await statements.AgainstAsync(folder.Path, statement);

        run.ShouldBeClean();
        run.Summary().GetProperty("against").ToString().Should().Be("""{"unchanged":3,"grown":0,"deleted":0,"new":0,"unknown":0}""");
        run.Error.Should().BeEmpty();
    }

    [Fact]
    public async Task Growth_and_new_streams_are_clean_and_counted()
    {
        using var copy = LogCopy.Of(folder.Path);
        await copy.ForgeAsync("a", Chunk(1, 1, "y"), Completed(2, 2));
        await copy.ForgeAsync("d", Created("d"));

        var run = await statements.AgainstAsync(copy.Path, statement);

        run.ShouldBeClean();
        run.Summary().GetProperty("against").ToString().Should().Be("""{"unchanged":2,"grown":1,"deleted":0,"new":1,"unknown":0}""");
    }

    [Fact]
    public async Task A_stream_with_damage_in_its_middle_is_not_unchanged()
    {
        using var copy = LogCopy.Of(folder.Path);
        copy.Write(copy.Rows("b")[2].Position, copy.Rows("b")[3]);

        var run = await statements.AgainstAsync(copy.Path, statement);

        run.Findings().Should().Contain(f => f.Stream == "b" && f.Revision == 2);
        run.Summary().GetProperty("against").ToString().Should().Be("""{"unchanged":2,"grown":0,"deleted":0,"new":0,"unknown":0,"damaged":1}""");
    }

    [Fact]
    public async Task Damage_in_what_came_later_is_found()
    {
        using var copy = LogCopy.Of(folder.Path);
        await copy.ForgeAsync("a", Chunk(1, 1, "y"), Completed(2, 2));
        copy.Write(copy.Rows("a")[3].Position, copy.Rows("a")[4]);

        (await statements.AgainstAsync(copy.Path, statement)).Findings().Should().Contain(f => f.Stream == "a" && f.Revision == 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_tail_that_was_cut_is_found_against_the_statement_only(long from)
    {
        using var copy = LogCopy.Of(folder.Path);
        copy.Cut("b", from);

        await FoundOnlyAgainstAsync(copy, new Found("cut", "b", 4));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_forged_tail_with_right_hashes_is_found_against_the_statement_only(int from)
    {
        using var copy = LogCopy.Of(folder.Path);
        copy.Cut("b", from);
        await copy.ForgeAsync("b", Forged().Skip(from).ToArray());

        await FoundOnlyAgainstAsync(copy, new Found("changed", "b", 4));
    }

    [Fact]
    public async Task A_forged_tail_that_is_longer_or_shorter_is_found_against_the_statement_only()
    {
        using var longer = LogCopy.Of(folder.Path);
        longer.Cut("b", 4);
        await longer.ForgeAsync("b", Chunk(2, 10, " Not."), Completed(15, 3));
        await FoundOnlyAgainstAsync(longer, new Found("changed", "b", 4));

        using var shorter = LogCopy.Of(folder.Path);
        shorter.Cut("b", 3);
        await shorter.ForgeAsync("b", Completed(4, 1));
        await FoundOnlyAgainstAsync(shorter, new Found("cut", "b", 4));
    }

    [Fact]
    public async Task A_whole_chain_that_was_computed_anew_is_found_against_the_statement_only()
    {
        using var copy = LogCopy.Of(folder.Path);
        copy.Remove("b");
        await copy.ForgeAsync("b", Forged());

        await FoundOnlyAgainstAsync(copy, new Found("changed", "b", 4));
    }

    [Fact]
    public async Task A_stream_that_was_removed_is_found_against_the_statement_only()
    {
        using var copy = LogCopy.Of(folder.Path);
        copy.Remove("b");

        await FoundOnlyAgainstAsync(copy, new Found("gone", "b", 4));
        (await VerifyRuns.VerifyAsync(copy.Path, "b")).Findings().Should().Equal(new Found("missing", "b", null));
        (await VerifyRuns.VerifyAsync(copy.Path, "b", "--against", statement)).Findings().Should().Equal(new Found("gone", "b", 4));
        (await VerifyRuns.VerifyAsync(copy.Path, "c", "--against", statement)).ShouldBeClean();
    }

    [Fact]
    public async Task A_deletion_by_the_api_is_told_apart_with_who_and_when()
    {
        using var served = new TempFolder();
        await using var server = await RunningServer.StartAsync(served.Path);
        await server.CompleteAsync("kept", "text");
        await server.CompleteAsync("ended", "text");
        await server.SpeakAsync("running", "text");
        var before = await statements.SignAsync(served.Path, "before.jsonl");
        await server.DeleteAsync("ended");
        await server.DeleteAsync("running");

        var run = await statements.AgainstAsync(served.Path, before);

        run.ShouldBeClean();
        run.Summary().GetProperty("against").ToString().Should().Be("""{"unchanged":1,"grown":0,"deleted":2,"new":0,"unknown":0}""");
        var deleted = run.Json.Where(line => line.GetProperty("kind").GetString() == "deleted").ToList();
        deleted.Select(line => line.GetProperty("stream").GetString()).Should().BeEquivalentTo("ended", "running");
        deleted.Should().OnlyContain(line => line.GetProperty("by").GetString() == "anonymous" && line.GetProperty("tombstone").GetBoolean());

        // The next statement keeps the deletion's actor: from then on the tombstone must stay as it is.
        var after = await statements.SignAsync(served.Path, "after.jsonl", before);
        (await statements.AgainstAsync(served.Path, before, after)).ShouldBeClean();
    }

    [Fact]
    public async Task A_deletion_that_is_not_finished_yet_is_one_too()
    {
        using var copy = LogCopy.Of(folder.Path);
        await copy.ForgeAsync("b", Deleted(StreamStatus.Done, 10, 2));

        var run = await statements.AgainstAsync(copy.Path, statement);

        run.ShouldBeClean();
        run.Json.Should().ContainSingle(line => line.GetProperty("kind").GetString() == "deleted")
            .Which.GetProperty("tombstone").GetBoolean().Should().BeFalse();
    }

    [Theory]
    [InlineData("deleted-by-unknown", 4L, null)]
    [InlineData("cut", 4L, 3L)]
    [InlineData("changed", 4L, 4L)]
    [InlineData(null, null, 5L)]
    public async Task A_tombstone_is_believed_as_far_as_it_fits_the_statement(string? code, long? revision, long? head)
    {
        using var copy = LogCopy.Of(folder.Path);
        await using (var log = await copy.Folder.OpenLogAsync())
        {
            var deletion = head is { } last
                ? TombstoneMetadata.Write(new Deletion("bob", Noon, new StreamHead(Revision.From(last), new ChainHash(new byte[32]))))
                : [];
            await log.TombstoneAsync("text-b", ExpectedRevision.Any, new EventId(Guid.NewGuid()), deletion, default);
            await Eventually.UntilAsync("the events are removed", () => copy.Rows("b") is [{ Revision: long.MaxValue }]);
        }

        (await VerifyRuns.VerifyAsync(copy.Path)).ShouldBeClean();
        Found[] found = code is null ? [] : [new Found(code, "b", revision)];
        (await statements.AgainstAsync(copy.Path, statement)).Findings().Should().Equal(found);
    }

    [Fact]
    public async Task A_stream_that_was_deleted_then_must_still_be_and_by_the_same()
    {
        using var copy = LogCopy.Of(folder.Path);
        await using (var log = await copy.Folder.OpenLogAsync())
        {
            var metadata = TombstoneMetadata.Write(new Deletion("bob", Noon, new StreamHead(Revision.From(5), ChainHash.Origin)));
            await log.TombstoneAsync("text-b", ExpectedRevision.Any, new EventId(Guid.NewGuid()), metadata, default);
            await Eventually.UntilAsync("the events are removed", () => copy.Rows("b") is [{ Revision: long.MaxValue }]);
        }

        var deleted = await statements.SignAsync(copy.Path, "deleted.jsonl");

        using var renamed = LogCopy.Of(copy.Path);
        renamed.Run("UPDATE log SET metadata = CAST(replace(CAST(metadata AS TEXT), 'bob', 'eve') AS BLOB) WHERE type = '$streamDeleted'");
        (await statements.AgainstAsync(renamed.Path, deleted)).Findings().Should().Equal(new Found("revived", "b", null));

        (await statements.AgainstAsync(folder.Path, deleted)).Findings().Should().Equal(new Found("revived", "b", null));

        using var removed = LogCopy.Of(copy.Path);
        var stone = removed.Rows("b")[0].Number;
        removed.Run($"DELETE FROM log WHERE stream = {stone}; DELETE FROM recent WHERE stream = {stone}; DELETE FROM settled WHERE stream = {stone}");
        removed.Run("DELETE FROM streams WHERE name = 'text-b'; DELETE FROM names WHERE name = 'text-b'");
        (await statements.AgainstAsync(removed.Path, deleted)).Findings().Should().Equal(new Found("gone", "b", 5));
    }

    [Fact]
    public async Task Another_log_is_a_finding()
    {
        using var one = new TempFolder();
        using var other = new TempFolder();
        foreach (var each in new[] { one, other })
            await using (var server = await RunningServer.StartAsync(each.Path)) await server.CompleteAsync("a", "text");

        var signed = await statements.SignAsync(one.Path, "here.jsonl");
        Statements.Lines(signed)[0].GetProperty("log").GetString().Should().HaveLength(36);

        (await statements.AgainstAsync(other.Path, signed)).Findings().Should().Contain(new Found("other-log", null, null));
        (await statements.AgainstAsync(one.Path, signed)).ShouldBeClean();
    }

    [Fact]
    public async Task A_copy_is_held_against_the_statement_of_its_original()
    {
        using var original = new TempFolder();
        using var target = new TempFolder();
        await using (var server = await RunningServer.StartAsync(original.Path))
            foreach (var id in new[] { "a", "b" }) await server.CompleteAsync(id, "text");
        var signed = await statements.SignAsync(original.Path, "original.jsonl");
        (await AuditRun.OfAsync("copy", "--from", original.Path, "--to", target.Path)).ExitCode.Should().Be(ExitCode.Ok);
        await using (await RunningServer.StartAsync(target.Path)) { } // gives it an identity of its own

        (await statements.AgainstAsync(target.Path, signed)).Findings().Should().Equal(new Found("other-log", null, null));
        (await VerifyRuns.VerifyAsync(target.Path, "--key", statements.Public, "--against", signed, "--copy")).ShouldBeClean();

        // The chain of statements goes on there.
        var next = statements.File("next.jsonl");
        (await VerifyRuns.VerifyAsync(target.Path, "--sign", statements.Key, "--out", next, "--previous", signed, "--copy")).ShouldBeClean();
        (await VerifyRuns.VerifyAsync(target.Path, "--against", signed, "--against", next, "--copy")).ShouldBeClean();

        using var cut = LogCopy.Of(target.Path);
        cut.Cut("b", 2);
        (await VerifyRuns.VerifyAsync(cut.Path, "--against", signed, "--copy")).Findings().Should().Equal(new Found("cut", "b", 3));
        (await VerifyRuns.VerifyAsync(target.Path, "--against", signed, "--copy", "--prefix", "other-")).Findings()
            .Should().Contain(new Found("other-log", null, null));
        (await VerifyRuns.VerifyAsync(target.Path, "--copy")).ExitCode.Should().Be(ExitCode.CannotRead);
    }

    private static StreamEvent[] Forged() =>
        [Created("b"), Started(), Chunk(0, 0, "Not "), Chunk(1, 4, "truth."), Completed(10, 2) with { FinishReason = "forged" }];

    /// <summary>The log by itself is clean: that is what the documentation says, and why there are
    /// statements.</summary>
    private async Task FoundOnlyAgainstAsync(LogCopy copy, Found found)
    {
        (await VerifyRuns.VerifyAsync(copy.Path)).ShouldBeClean();
        var run = await statements.AgainstAsync(copy.Path, statement);
        run.ExitCode.Should().Be(1);
        run.Findings().Should().Equal(found);
    }
}
