using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

public sealed class ListTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_stream_is_listed_beside_its_running_server_oldest_first()
    {
        await using var server = await RunningServer.StartAsync(folder.Path);
        await server.CompleteAsync("first", "Hello. ", "World.");
        await server.SpeakAsync("second", "Goes on. ");
        await server.Node.CreateAsync("third");
        await server.SpeakAsync("fourth", "Stop me. ");
        await server.CancelAsync("fourth");

        var run = await ListAsync("--json");

        run.ExitCode.Should().Be(ExitCode.Ok, run.Error);
        run.Error.Should().BeEmpty();
        run.Json.Select(s => $"{s.GetProperty("id")} {s.GetProperty("status")} {s.GetProperty("length")}")
            .Should().Equal("first done 13", "second streaming 9", "third pending 0", "fourth cancelled 9");
        run.Json[3].GetProperty("by").GetString().Should().Be("anonymous");
        run.Json[0].GetProperty("revision").GetInt64().Should().Be((await server.Node.BodyAsync(new StreamId("first"))).Revision.Value);
    }

    [Fact]
    public async Task What_the_running_server_writes_next_is_in_the_next_list()
    {
        await using var server = await RunningServer.StartAsync(folder.Path);
        (await ListAsync("--json")).Json.Should().BeEmpty();

        await server.CompleteAsync("new", "Here. ");

        (await ListAsync("--json")).Json.Should().ContainSingle().Which.GetProperty("status").GetString().Should().Be("done");
    }

    [Fact]
    public async Task A_deleted_stream_is_listed_with_who_and_when()
    {
        var before = DateTime.UtcNow;
        await using (var server = await RunningServer.StartAsync(folder.Path))
        {
            await server.CompleteAsync("gone", "Away. ");
            await server.DeleteAsync("gone");
        }

        var gone = (await ListAsync("--json", "--status", "deleted")).Json.Should().ContainSingle().Which;

        gone.GetProperty("id").GetString().Should().Be("gone");
        gone.GetProperty("by").GetString().Should().Be("anonymous");
        gone.GetProperty("endedAt").GetDateTime().Should().BeOnOrAfter(before.AddSeconds(-1)).And.BeBefore(DateTime.UtcNow.AddSeconds(1));
        gone.GetProperty("revision").GetInt64().Should().BePositive();
    }

    [Theory]
    [InlineData("a b c", "")]
    [InlineData("b", "--status", "done")]
    [InlineData("a", "--label", "user:42")]
    [InlineData("a b", "--label", "team:x")]
    [InlineData("b", "--label", "team:x", "--label", "user:7")]
    [InlineData("c", "--source", "other")]
    [InlineData("b c", "--created-after", "2026-11-21T13:00:00Z")]
    [InlineData("a", "--created-before", "2026-11-21T14:00:00+01:00")]
    [InlineData("a b c", "--created-after", "2026-11-21", "--created-before", "2026-11-22")]
    [InlineData("", "--created-before", "2026-11-21")]
    public async Task Filters_leave_what_they_name(string expected, params string[] filter)
    {
        await using (var log = await folder.OpenLogAsync())
        {
            await log.WriteAsync("a", Created("a", Labels.From([new("user", "42"), new("team", "x")])));
            await log.WriteAsync(
                "b", Created("b", Labels.From([new("user", "7"), new("team", "x")]), at: Noon.AddHours(1)), Started(), Completed());
            await log.WriteAsync("c", Created("c", at: Noon.AddHours(2)) with { Source = "other" }, Started());
        }

        var run = await ListAsync([.. filter.Where(part => part != ""), "--json"]);

        run.ExitCode.Should().Be(ExitCode.Ok, run.Error);
        string.Join(' ', run.Json.Select(s => s.GetProperty("id").GetString())).Should().Be(expected);
    }

    [Theory]
    [InlineData("--status", "finished")]
    [InlineData("--label", "user")]
    [InlineData("--created-after", "2026-11-21T12:00:00")]
    [InlineData("--created-before", "yesterday")]
    [InlineData("--prefix", "no/prefix")]
    public async Task A_wrong_filter_is_refused_in_one_line_that_names_it(string option, string value)
    {
        await using (await folder.OpenLogAsync()) { }

        var run = await ListAsync(option, value);

        run.ExitCode.Should().Be(ExitCode.CannotRead);
        run.Out.Should().BeEmpty();
        run.Error.Should().StartWith($"streams-audit: {option} ").And.EndWith("\n").And.Subject.Count(c => c == '\n').Should().Be(1);
    }

    [Fact]
    public async Task A_stream_whose_creation_was_removed_is_listed_as_damaged_and_the_others_as_they_are()
    {
        await using (var log = await folder.OpenLogAsync())
        {
            await log.WriteAsync("sound", Created("sound"), Started(), Completed());
            await log.WriteAsync("cut", Created("cut"), Started(), Completed());
            await log.WriteAsync("emptied", Created("emptied"), Started(), Completed());
        }

        folder.Tamper("""
            DELETE FROM settled WHERE stream = (SELECT id FROM streams WHERE name = 'text-cut') AND revision = 0;
            DELETE FROM recent WHERE stream = (SELECT id FROM streams WHERE name = 'text-cut') AND revision = 0;
            DELETE FROM log WHERE stream = (SELECT id FROM streams WHERE name = 'text-cut') AND revision = 0;
            DELETE FROM settled WHERE stream = (SELECT id FROM streams WHERE name = 'text-emptied');
            DELETE FROM recent WHERE stream = (SELECT id FROM streams WHERE name = 'text-emptied');
            DELETE FROM log WHERE stream = (SELECT id FROM streams WHERE name = 'text-emptied');
            DELETE FROM streams WHERE name = 'text-emptied';
            """);
        var run = await ListAsync("--json");

        run.ExitCode.Should().Be(ExitCode.Findings);
        run.Json.Select(s => $"{s.GetProperty("id")} {s.GetProperty("status")}").Should().Equal("sound done", "cut damaged", "emptied damaged");
        run.Error.Should().Contain("2 streams are damaged");
    }

    [Fact]
    public async Task The_table_has_a_line_a_stream_without_any_escape_sequence()
    {
        await using (var log = await folder.OpenLogAsync())
        {
            await log.WriteAsync("plain", Created("plain", Labels.From([new("user", "42")])), Started(), Completed(5, 1));
            await log.WriteAsync("evil\u001b[2J[red]\u202E", Created("evil\u001b[2J[red]\u202E"));
        }

        var run = await ListAsync();

        run.Out.Should().NotContainAny("\u001b", "\u202E").And.Contain("evil\\u001B[2J[red]\\u202E");
        run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(3)
            .And.Subject.ElementAt(1).Should().MatchRegex("^plain +done +demo +2026-11-21T12:00:00.000Z +2026-11-21T12:00:00.000Z +5 +2 +user:42");
    }

    [Fact]
    public async Task A_folder_without_a_server_is_the_same_to_the_byte_afterwards()
    {
        await using (var server = await RunningServer.StartAsync(folder.Path)) await server.CompleteAsync("a", "Text. ");
        var before = FolderContents.Of(folder.Path);

        (await ListAsync()).ExitCode.Should().Be(ExitCode.Ok);

        FolderContents.Of(folder.Path).Files.Should().Equal(before.Files);
    }

    [Fact]
    public async Task Another_prefix_has_streams_of_its_own()
    {
        await using (var log = await folder.OpenLogAsync()) await log.WriteAsync("a", Created("a"));

        (await ListAsync("--json", "--prefix", "other-")).Json.Should().BeEmpty();
        (await ListAsync("--json", "--prefix", "text-")).Json.Should().ContainSingle();
    }

    private Task<AuditRun> ListAsync(params string[] args) => AuditRun.OfAsync(["list", "--store", folder.Path, .. args]);
}
