using System.Text;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.TestKit;
using Microsoft.AspNetCore.Http;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

public sealed class CheckTests : IDisposable
{
    private readonly TempFolder folder = new(), evidence = new();

    public void Dispose()
    {
        folder.Dispose();
        evidence.Dispose();
    }

    [Fact]
    public async Task A_server_that_says_what_its_log_says_agrees_whatever_the_streams_are()
    {
        await KindsOfStreams.WriteAllAsync(folder);
        await using var server = await ServedFolder.StartAsync(folder.Path);
        await SpeakAllAsync(server);

        var run = await CheckAsync(server, folder, "--json");

        run.ExitCode.Should().Be(ExitCode.Ok, run.Out);
        var summary = run.Json.Should().ContainSingle().Subject;
        (summary.GetProperty("streams").GetInt64(), summary.GetProperty("listed").GetInt64()).Should().Be((13, 11));
    }

    [Fact]
    public async Task Streams_that_grow_and_begin_meanwhile_are_no_findings()
    {
        await using var server = await ServedFolder.StartAsync(folder.Path);
        await server.SpeakAsync("grows", "One. ");
        using var enough = new CancellationTokenSource();
        var growing = Task.Run(async () =>
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                await server.SayAsync("grows", $"And {i}. ");
                await server.SpeakAsync($"new-{i}", "Begun. ");
                await server.EndAsync($"new-{i}");
                if (i > 0) await server.DeleteAsync($"new-{i - 1}");
            }
        });

        for (var i = 0; i < 3; i++)
        {
            var run = await CheckAsync(server, folder);
            run.ExitCode.Should().Be(ExitCode.Ok, run.Out + run.Error);
        }

        await enough.CancelAsync();
        await growing;
    }

    [Fact]
    public async Task Changed_text_in_a_copy_of_the_log_is_found_there()
    {
        await using var server = await ServedFolder.StartAsync(folder.Path);
        await server.SpeakAsync("told", "True. ");
        await server.EndAsync("told");
        await server.SpeakAsync("other", "Other. ");
        CopyLog();
        evidence.Tamper("UPDATE log SET data = CAST(replace(CAST(data AS TEXT), 'True', 'Lies') AS BLOB) WHERE type = 'ChunkPersisted'");

        var run = await CheckAsync(server, evidence, "--json");

        run.ExitCode.Should().Be(ExitCode.Findings);
        var finding = run.Json.SkipLast(1).Should().ContainSingle().Subject;
        finding.ToString().Should().StartWith("""{"id":"told","where":"log","revision":2,"field":"damage",""");
    }

    [Fact]
    public async Task A_log_forged_with_right_hashes_does_not_agree_with_the_server()
    {
        await using (var log = await folder.OpenLogAsync()) await log.WriteAsync("s", Created(), Started(), Chunk(0, 0, "True."), Completed(5, 1));
        await using (var log = await evidence.OpenLogAsync()) await log.WriteAsync("s", Created(), Started(), Chunk(0, 0, "Lies."), Completed(5, 1));
        await using var server = await ServedFolder.StartAsync(folder.Path);

        var run = await CheckAsync(server, evidence, "--json");

        run.ExitCode.Should().Be(ExitCode.Findings);
        run.Json.SkipLast(1).Select(f => f.ToString()).Should().Equal(
            """{"id":"s","where":"stream","revision":3,"field":"text","server":"True.","log":"Lies."}""",
            """{"id":"s","where":"text","revision":3,"field":"text","server":"True.","log":"Lies."}""");
    }

    [Fact]
    public async Task A_copy_is_compared_as_of_its_own_end_where_the_server_has_gone_on()
    {
        await using var server = await ServedFolder.StartAsync(folder.Path);
        await server.SpeakAsync("on", "One. ");
        CopyLog();
        await server.SayAsync("on", "Three. ");
        await server.EndAsync("on");
        await server.SpeakAsync("begun-later", "Four. ");

        var run = await CheckAsync(server, evidence, "--json");

        run.ExitCode.Should().Be(ExitCode.Ok, run.Out);
        run.Json.Single().GetProperty("grown").GetInt64().Should().Be(2);
    }

    [Fact]
    public async Task A_copy_from_which_an_end_or_a_stream_was_cut_is_told_by_the_times()
    {
        await using (var log = await folder.OpenLogAsync())
        {
            await log.WriteAsync("cut", Created("cut"), Started(), Chunk(0, 0, "One. "), Completed(5, 1));
            await log.WriteAsync("removed", Created("removed"), Started(), Completed());
            await log.WriteAsync("later", Created("later", at: Noon.AddHours(1)));
        }

        await using (var log = await evidence.OpenLogAsync())
        {
            await log.WriteAsync("cut", Created("cut"), Started(), Chunk(0, 0, "One. "));
            await log.WriteAsync("later", Created("later", at: Noon.AddHours(1)));
        }

        await using var server = await ServedFolder.StartAsync(folder.Path);
        var run = await CheckAsync(server, evidence, "--json");

        run.ExitCode.Should().Be(ExitCode.Findings);
        run.Json.SkipLast(1).Select(f => $"{f.GetProperty("id")} {f.GetProperty("where")} {f.GetProperty("field")}").Should()
            .BeEquivalentTo(["cut stream revision", "removed list stream"]);
    }

    [Theory]
    [InlineData("/v1/streams/s", "\"text\":\"True.\"", "\"text\":\"Lies.\"", "s stream text")]
    [InlineData("/v1/streams/s", "\"status\":\"done\"", "\"status\":\"streaming\"", "s stream status")]
    [InlineData("/v1/streams/s/text", "True.", "Tru", "s text text")]
    [InlineData("/v1/streams", "\"user\":\"42\"", "\"user\":\"43\"", "s list labels")]
    [InlineData("/v1/streams", "\"id\":\"s\"", "\"id\":\"t\"", "t list stream|s list stream")]
    public async Task A_lie_of_the_server_is_found(string path, string truth, string lie, string findings)
    {
        await using (var log = await folder.OpenLogAsync())
            await log.WriteAsync(
                "s", Created(labels: EventSourcedStreams.Labels.From([new("user", "42")])), Started(), Chunk(0, 0, "True."), Completed(5, 1));
        await using var server = await ServedFolder.StartAsync(folder.Path, (http, next) => LieAsync(http, next, path, truth, lie));

        var run = await CheckAsync(server, folder, "--json");

        run.ExitCode.Should().Be(ExitCode.Findings);
        run.Json.SkipLast(1).Select(f => $"{f.GetProperty("id")} {f.GetProperty("where")} {f.GetProperty("field")}")
            .Should().Equal(findings.Split('|'));
    }

    [Fact]
    public async Task A_server_that_forgot_or_hides_a_stream_is_found_out()
    {
        await KindsOfStreams.WriteAllAsync(folder);
        await using var server = await ServedFolder.StartAsync(folder.Path, async (http, next) =>
        {
            if (http.Request.Path == "/v1/streams/done") http.Response.StatusCode = 404;
            else if (http.Request.Path == "/v1/streams/gone") await http.Response.WriteAsync(
                """{"id":"gone","status":"done","source":"x","createdAt":"2026-11-21T12:00:00Z"}""");
            else await next(http);
        });

        var run = await CheckAsync(server, folder);

        run.ExitCode.Should().Be(ExitCode.Findings);
        run.Out.Should().Contain("done, stream, revision 4, status: the server has “404”, the log “done”")
            .And.Contain("gone, stream, status: the server has “200”, the log “deleted”");
    }

    [Fact]
    public async Task What_the_server_wants_to_be_told_is_sent_as_a_header()
    {
        await KindsOfStreams.WriteAllAsync(folder);
        await using var server = await ServedFolder.StartAsync(folder.Path, async (http, next) =>
        {
            if (http.Request.Headers.Authorization == "Bearer s3cret") await next(http);
            else http.Response.StatusCode = 401;
        });

        var refused = await CheckAsync(server, folder);
        refused.ExitCode.Should().Be(ExitCode.CannotRead);
        refused.Error.Should().Contain("answers 401").And.Contain("--header");
        (await CheckAsync(server, folder, "--header", "Authorization: Bearer s3cret")).ExitCode.Should().Be(ExitCode.Ok);
    }

    [Fact]
    public async Task A_server_that_is_not_there_or_is_another_cannot_be_read()
    {
        await using (await folder.OpenLogAsync()) { }
        await using var other = await ServedFolder.StartAsync(evidence.Path, (http, _) => http.Response.WriteAsync("<html>hello</html>"));

        var nobody = await AuditRun.OfAsync("check", "--server", "http://127.0.0.1:1", "--store", folder.Path);
        nobody.ExitCode.Should().Be(ExitCode.CannotRead);
        nobody.Error.Should().StartWith("streams-audit: http://127.0.0.1:1/ cannot be reached");
        var stranger = await CheckAsync(other, folder);
        stranger.ExitCode.Should().Be(ExitCode.CannotRead);
        stranger.Error.Should().Contain("what is not of this API");
    }

    [Fact]
    public async Task A_server_that_is_busy_is_asked_again()
    {
        await KindsOfStreams.WriteAllAsync(folder);
        var asked = 0;
        await using var server = await ServedFolder.StartAsync(folder.Path, async (http, next) =>
        {
            http.Response.Headers.RetryAfter = "0";
            if (Interlocked.Increment(ref asked) % 3 != 0) http.Response.StatusCode = asked % 2 == 0 ? 503 : 429;
            else await next(http);
        });

        (await CheckAsync(server, folder)).ExitCode.Should().Be(ExitCode.Ok);
    }

    [Fact]
    public async Task Only_get_is_sent()
    {
        var methods = new HashSet<string>();
        await KindsOfStreams.WriteAllAsync(folder);
        await using var server = await ServedFolder.StartAsync(folder.Path, (http, next) =>
        {
            lock (methods) methods.Add(http.Request.Method);
            return next(http);
        });

        await CheckAsync(server, folder);

        methods.Should().Equal("GET");
    }

    private static Task<AuditRun> CheckAsync(ServedFolder server, TempFolder store, params string[] args) =>
        AuditRun.OfAsync(["check", "--server", server.Address, "--store", store.Path, .. args]);

    private static async Task SpeakAllAsync(ServedFolder server)
    {
        await server.SpeakAsync("live-done", OddTexts.Pieces);
        await server.EndAsync("live-done");
        await server.SpeakAsync("live-cancelled", OddTexts.Pieces);
        await server.CancelAsync("live-cancelled");
        await server.SpeakAsync("live-running", OddTexts.Pieces);
        await server.CreateAsync("live-waiting");
        await server.SpeakAsync("live-deleted", "Away. ");
        await server.EndAsync("live-deleted");
        await server.DeleteAsync("live-deleted");
    }

    private static async Task LieAsync(HttpContext http, RequestDelegate next, string path, string truth, string lie)
    {
        if (http.Request.Path != path)
        {
            await next(http);
            return;
        }

        var answer = http.Response.Body;
        using var held = new MemoryStream();
        http.Response.Body = held;
        await next(http);
        http.Response.Body = answer;
        var body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(held.ToArray()).Replace(truth, lie, StringComparison.Ordinal));
        http.Response.ContentLength = body.Length;
        await answer.WriteAsync(body);
    }

    private void CopyLog()
    {
        foreach (var file in Directory.GetFiles(folder.Path, "log.db*")) File.Copy(file, evidence.File(Path.GetFileName(file)));
    }
}
