using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

public sealed class DeleteTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("../../etc/x", "../../etc/x")]
    [InlineData("a/b", "a/b")]
    [InlineData("$all", "$all")]
    [InlineData("a\0\u001bb", "a\\u0000\\u001Bb")]
    public async Task What_no_request_can_address_is_shown_and_deleted_for_ever(string id, string given)
    {
        await WriteAsync(id);

        (await RunAsync("text", given)).Out.Should().Be("secret");
        var deleted = await RunAsync("delete", given, "--by", "ann", "--json");

        deleted.ExitCode.Should().Be(ExitCode.Ok, deleted.Error);
        deleted.Json.Single().GetProperty("id").GetString().Should().Be(id);
        (await RunAsync("show", given)).Out.Should().Contain("was deleted by ann").And.Contain("revision 3");
        (await RunAsync("text", "sound")).Out.Should().Be("secret");
        (await VerifyRuns.VerifyAsync(folder.Path)).ShouldBeClean();
        File.ReadAllText(folder.File("log.db"), System.Text.Encoding.Latin1).Split("secret").Should().HaveCount(2, "only the other stream's text is left");
    }

    [Fact]
    public async Task An_event_of_another_program_is_no_hindrance()
    {
        await WriteAsync("a/b");
        folder.Tamper("UPDATE log SET type = 'Foreign', data = x'00', metadata = x'' WHERE revision = 3 AND stream = 2");

        (await RunAsync("delete", "a/b")).ExitCode.Should().Be(ExitCode.Ok);
        (await RunAsync("show", "a/b")).Out.Should().Contain("was deleted by audit");
    }

    [Fact]
    public async Task What_a_server_can_delete_is_left_to_it_and_what_is_not_there_is_named()
    {
        await WriteAsync("a/b");

        var sound = await RunAsync("delete", "sound");
        sound.ExitCode.Should().Be(ExitCode.CannotRead);
        sound.Error.Should().Contain("DELETE /v1/streams/sound");
        (await RunAsync("delete", "x/y")).Error.Should().Contain("There is no stream x/y");
        (await RunAsync("delete", "a/b", "--by", "")).Error.Should().Contain("--by is a name");
        (await RunAsync("delete", "a/b")).ExitCode.Should().Be(ExitCode.Ok);
        (await RunAsync("delete", "a/b")).Error.Should().Contain("was deleted by audit");
    }

    [Fact]
    public async Task Beside_a_server_nothing_is_written()
    {
        await WriteAsync("a/b");
        await using var server = await ServedFolder.StartAsync(folder.Path);

        var run = await RunAsync("delete", "a/b");

        run.ExitCode.Should().Be(ExitCode.CannotRead);
        run.Error.Should().Contain("A server has the log");
    }

    private async Task WriteAsync(string id)
    {
        await using var log = await folder.OpenLogAsync();
        await log.WriteAsync("sound", Created("sound"), Started(), Chunk(0, 0, "secret"), Completed(6, 1));
        await log.WriteAsync(id, Created(id), Started(), Chunk(0, 0, "secret"), Completed(6, 1));
    }

    private Task<AuditRun> RunAsync(params string[] args) => AuditRun.OfAsync([.. args, "--store", folder.Path]);
}
