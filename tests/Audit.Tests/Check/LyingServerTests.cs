using System.Text;
using System.Text.Json.Nodes;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.TestKit;
using Microsoft.AspNetCore.Http;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>Servers that hide what happened, or never come to an end.</summary>
public sealed class LyingServerTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TempFolder folder = new();

    public async Task InitializeAsync()
    {
        await using var log = await folder.OpenLogAsync();
        await log.WriteAsync("s", Created(), Started(), Chunk(0, 0, "True. "), Chunk(1, 6, "And hidden."), Completed(17, 2));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Streams_and_texts_as_they_were_once_are_found_out(bool listIsTrue)
    {
        await using var server = await StartAsync(async (http, next) =>
        {
            if (http.Request.Path == "/v1/streams/s/text")
            {
                http.Response.Headers.ETag = "\"2\"";
                await http.Response.WriteAsync("True. ");
            }
            else if (http.Request.Path == "/v1/streams/s" && !http.Request.QueryString.HasValue)
            {
                http.Request.QueryString = new QueryString("?at=2");
                await next(http);
            }
            else if (http.Request.Path == "/v1/streams" && !listIsTrue)
            {
                await ChangeAsync(http, next, list =>
                {
                    var item = list["items"]![0]!.AsObject();
                    (item["status"], item["endedAt"]) = ("streaming", null);
                    item.Remove("length");
                    item.Remove("revision");
                });
            }
            else await next(http);
        });

        var run = await CheckAsync(server);

        run.ExitCode.Should().Be(ExitCode.Findings);
        Found(run).Should().Contain(["s stream revision 2 4", "s text revision 2 4"]);
        Found(run).Any(found => found.StartsWith("s list ", StringComparison.Ordinal)).Should().Be(!listIsTrue);
    }

    [Fact]
    public async Task Another_text_under_a_revision_that_the_log_does_not_have_is_a_finding()
    {
        await using var server = await StartAsync((http, next) => http.Request.Path == "/v1/streams/s/text"
            ? TextAsync(http, "99999", "Altogether another text.")
            : next(http));

        Found(await CheckAsync(server)).Should().Equal("s text revision 99999 4");
    }

    [Fact]
    public async Task A_text_without_a_revision_or_a_stream_without_one_is_a_finding()
    {
        await using var server = await StartAsync(async (http, next) =>
        {
            if (http.Request.Path == "/v1/streams/s") await ChangeAsync(http, next, stream => stream.AsObject().Remove("revision"));
            else if (http.Request.Path == "/v1/streams/s/text") await http.Response.WriteAsync("True. And hidden.");
            else await next(http);
        });

        Found(await CheckAsync(server)).Should().Equal("s stream revision  4", "s text etag  a revision");
    }

    [Fact]
    public async Task An_id_that_requests_can_have_cannot_be_called_none()
    {
        await using var server = await StartAsync((http, next) =>
        {
            if (http.Request.Path.StartsWithSegments("/v1/streams/s")) http.Response.StatusCode = 400;
            return http.Response.StatusCode == 400 ? Task.CompletedTask : next(http);
        });

        Found(await CheckAsync(server)).Should().Equal("s stream status 400 done");
    }

    [Theory]
    [InlineData("usage", """{"tokens":1}""")]
    [InlineData("title", "\"Another\"")]
    [InlineData("replaced", "3")]
    [InlineData("length", "16")]
    public async Task What_an_answer_adds_or_changes_is_found(string field, string lie)
    {
        await using var server = await StartAsync((http, next) => http.Request.Path == "/v1/streams/s"
            ? ChangeAsync(http, next, stream => stream[field] = JsonNode.Parse(lie))
            : next(http));

        Found(await CheckAsync(server)).Should().ContainSingle().Which.Should().StartWith($"s stream {field} ");
    }

    [Theory]
    [InlineData("\"damaged\":true", "damaged")]
    [InlineData("\"foreign\":{\"type\":\"T\",\"revision\":0}", "foreign")]
    public async Task A_sound_stream_that_is_listed_as_one_that_cannot_be_read_is_a_finding(string lie, string said)
    {
        await using var server = await StartAsync((http, next) => http.Request.Path == "/v1/streams"
            ? http.Response.WriteAsync($"{{\"items\":[{{\"id\":\"s\",{lie}}}]}}")
            : next(http));

        Found(await CheckAsync(server)).Should().Equal($"s list status {said} done");
    }

    [Fact]
    public async Task A_stream_that_is_damaged_is_named_once_and_by_the_log()
    {
        folder.Tamper("UPDATE log SET data = CAST(replace(CAST(data AS TEXT), 'demo', 'dema') AS BLOB) WHERE revision = 0");
        await using var server = await ServedFolder.StartAsync(folder.Path);

        Found(await CheckAsync(server)).Should().ContainSingle().Which.Should().StartWith("s log damage not compared ");
    }

    [Fact]
    public async Task A_list_that_repeats_itself_is_followed_no_further()
    {
        var pages = 0;
        await using var server = await StartAsync((http, next) => http.Request.Path == "/v1/streams"
            ? ChangeAsync(http, next, list => list["nextCursor"] = $"again-{pages++}", keepQuery: false)
            : next(http));

        Found(await CheckAsync(server)).Should().Equal(
            "s list stream listed twice once",
            "(list) list nextCursor again-1 a page that goes on: this one repeats what was there before, and is not followed");
    }

    [Fact]
    public async Task A_list_without_end_is_left_with_words_and_not_read_on()
    {
        var number = 0;
        await using var server = await StartAsync((http, next) => http.Request.Path == "/v1/streams"
            ? http.Response.WriteAsync($$"""{"items":[{{string.Join(',', Enumerable.Range(0, 200).Select(_ => Item($"x{number++}")))}}],"nextCursor":"{{number}}"}""")
            : next(http));

        var run = await CheckAsync(server);

        run.ExitCode.Should().Be(ExitCode.Findings);
        Found(run).Should().Contain("(list) list streams 1000 and more that the log does not have the streams of this log");
        number.Should().BeLessThan(4000);
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_with_words()
    {
        await using var server = await StartAsync(async (http, _) =>
        {
            var junk = Encoding.UTF8.GetBytes(new string('a', 1 << 20));
            await http.Response.WriteAsync("{\"items\":[{\"id\":\"");
            while (!http.RequestAborted.IsCancellationRequested) await http.Response.Body.WriteAsync(junk, http.RequestAborted);
        });

        var run = await CheckAsync(server);

        run.ExitCode.Should().Be(ExitCode.CannotRead);
        run.Error.Should().Contain("answers with more than 33554432 bytes");
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_not_waited_for()
    {
        var time = new ManualTime();
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StartAsync(async (http, _) =>
        {
            isAsked.TrySetResult();
            await http.Response.WriteAsync("{");
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });

        var checking = AuditRun.OfAsync(time, default, "check", "--server", server.Address, "--store", folder.Path);
        await isAsked.Task.WaitAsync(Eventually.Limit);

        // No further: a whole answer has its time, too.
        time.Advance(TimeSpan.FromSeconds(10));

        (await checking.WaitAsync(Eventually.Limit)).Error.Should().Contain("sends nothing for 10 s");
    }

    [Theory]
    [InlineData("""{"items":null}""")]
    [InlineData("""{"items":[null]}""")]
    [InlineData("""{"items":[{"id":"s","status":"done","source":"x","createdAt":"2026-11-28T03:00:00Z","labels":null}]}""")]
    [InlineData("[")]
    public async Task What_is_no_list_is_not_of_this_api(string list)
    {
        await using var server = await StartAsync((http, next) => http.Request.Path == "/v1/streams" ? http.Response.WriteAsync(list) : next(http));

        var run = await CheckAsync(server);

        run.ExitCode.Should().Be(ExitCode.CannotRead);
        run.Error.Should().Contain("what is not of this API");
    }

    [Fact]
    public async Task What_a_server_says_drives_no_terminal()
    {
        await using var server = await StartAsync((http, next) => http.Request.Path == "/v1/streams"
            ? http.Response.WriteAsync($$"""{"items":[{{Item("\\u001b]0;title\\u0007\\u001b[2J\\u202e")}},{{Item("")}}]}""")
            : next(http));

        var run = await AuditRun.OfAsync("check", "--server", server.Address, "--store", folder.Path).WaitAsync(Patience);

        run.ExitCode.Should().Be(ExitCode.Findings);
        run.Out.Should().Contain("\\u001B]0;title\\u0007").And.Contain("(list), list, id").And.NotContain("\u202e");
        run.Out.Where(c => char.IsControl(c) && c != '\n').Should().BeEmpty();
    }

    private static string Item(string id) =>
        $$$"""{"id":"{{{id}}}","status":"done","source":"x","createdAt":"2026-11-28T03:00:00Z","labels":{}}""";

    private static Task TextAsync(HttpContext http, string tag, string text)
    {
        http.Response.Headers.ETag = $"\"{tag}\"";
        return http.Response.WriteAsync(text);
    }

    private static async Task ChangeAsync(HttpContext http, RequestDelegate next, Action<JsonNode> change, bool keepQuery = true)
    {
        if (!keepQuery) http.Request.QueryString = default;
        var answer = http.Response.Body;
        using var held = new MemoryStream();
        http.Response.Body = held;
        await next(http);
        http.Response.Body = answer;
        var json = JsonNode.Parse(held.ToArray())!;
        change(json);
        var body = Encoding.UTF8.GetBytes(json.ToJsonString());
        http.Response.ContentLength = body.Length;
        await answer.WriteAsync(body);
    }

    /// <summary>As <c>id where field server log</c>.</summary>
    private static IReadOnlyList<string> Found(AuditRun run) =>
    [
        .. run.Json.SkipLast(1).Select(f => $"{f.GetProperty("id")} {f.GetProperty("where")} {f.GetProperty("field")} "
            + $"{(f.TryGetProperty("server", out var said) ? said : "")} {(f.TryGetProperty("log", out var stored) ? stored : "")}"),
    ];

    private Task<ServedFolder> StartAsync(Func<HttpContext, RequestDelegate, Task> before) => ServedFolder.StartAsync(folder.Path, before);

    private Task<AuditRun> CheckAsync(ServedFolder server) =>
        AuditRun.OfAsync("check", "--json", "--server", server.Address, "--store", folder.Path).WaitAsync(Patience);
}
