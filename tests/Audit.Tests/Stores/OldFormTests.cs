using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>A folder of commit 86f4349 is evidence: it is read as it is, never brought up to date by a tool that only
/// reads.</summary>
public sealed class OldFormTests : IDisposable
{
    private readonly TempFolder folder = new(), other = new();

    public OldFormTests() => OldFolder.Write86f4349(folder.Path);

    public void Dispose()
    {
        folder.Dispose();
        other.Dispose();
    }

    [Fact]
    public async Task Its_streams_are_listed()
    {
        var run = await UnchangedAsync("list", "--json");

        run.Json.Select(line => (line.GetProperty("id").GetString(), line.GetProperty("status").GetString())).Should().BeEquivalentTo(
        [
            ("done", "done"), ("large", "done"), ("damaged", "done"), ("cancelled", "cancelled"), ("failed", "error"), ("timed-out", "timeout"),
            ("deleted", "deleted"), ("pending", "pending"), ("live", "streaming"), ("live-2", "streaming"),
        ]);
    }

    [Theory]
    [InlineData("done", "One sentence. And Tschüß, 日本語, 👩‍👩‍👧.\r\nA last line.")]
    [InlineData("live", "live goes on, piece 0. live goes on, piece 1. live goes on, piece 2. ")]
    public async Task Its_text_is_read(string id, string text) => (await UnchangedAsync("text", id)).Out.Should().Be(text);

    [Fact]
    public async Task Its_events_are_shown() =>
        (await UnchangedAsync("show", "cancelled", "--json")).Json.Select(line => line.GetProperty("type").GetString())
        .Should().StartWith("StreamCreated").And.EndWith("StreamCancelled");

    [Fact]
    public async Task It_is_verified_and_only_what_somebody_changed_is_found()
    {
        var run = await UnchangedAsync("verify", "--json");

        run.ExitCode.Should().Be(1);
        run.Findings().Should().Equal(new Found("hash", "damaged", 2));
    }

    [Fact]
    public async Task Brought_up_to_date_it_verifies_as_before()
    {
        await using (await SqliteEventStore.OpenAsync(
            new SqliteEventStoreOptions { Path = folder.Path }, TimeProvider.System, NullLogger.Instance, default)) { }

        (await UnchangedAsync("verify", "--json")).Findings().Should().Equal(new Found("hash", "damaged", 2));
    }

    [Fact]
    public async Task Its_export_is_that_of_the_new_form()
    {
        await UnchangedAsync("export", "--all", "--running", "--damaged", "--out", other.File("old"));
        await using (await SqliteEventStore.OpenAsync(
            new SqliteEventStoreOptions { Path = folder.Path }, TimeProvider.System, NullLogger.Instance, default)) { }

        await UnchangedAsync("export", "--all", "--running", "--damaged", "--out", other.File("new"));

        (await File.ReadAllBytesAsync(other.File("new"))).Should().Equal(await File.ReadAllBytesAsync(other.File("old")));
    }

    private async Task<AuditRun> UnchangedAsync(params string[] args)
    {
        var before = FolderContents.Of(folder.Path);
        var run = await AuditRun.OfAsync([.. args, "--store", folder.Path]);
        FolderContents.Of(folder.Path).Files.Should().Equal(before.Files);
        return run;
    }
}
