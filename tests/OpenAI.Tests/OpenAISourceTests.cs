using System.Text;
using EventSourcedStreams.TestKit;
using Microsoft.AspNetCore.Http;
using static EventSourcedStreams.OpenAI.Tests.StubProvider;

namespace EventSourcedStreams.OpenAI.Tests;

public sealed class OpenAISourceTests
{
    private const string Key = "gsk_0123456789abcdefghijklmnop";
    private const string Hello = """{"messages":[{"role":"user","content":"Hello"}]}""";
    private const string Usage = """{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}""";

    private readonly ManualTime time = new();
    private readonly RecordingAppender output = new();

    [Fact]
    public async Task The_deltas_are_the_text_and_the_end_carries_reason_and_usage()
    {
        await using var provider = await StartAsync(Streams(
            """{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}""",
            Delta("Grüße"), Delta(", 世界 👋"), Finish("stop"), $$$"""{"choices":[],"usage":{{{Usage}}}}""", "[DONE]"));

        var result = await Source(provider).RunAsync(output, Hello);

        output.Pieces.Should().Equal("Grüße", ", 世界 👋");
        result.Should().Be(new SourceResult("stop", Usage));
    }

    [Theory]
    [InlineData("""{"total_tokens":5,}""", """{"total_tokens":5}""")]
    [InlineData("""{"total_tokens":/* about */5,"note":"ü"}""", """{"total_tokens":5,"note":"ü"}""")]
    [InlineData("""{"note":"\ud83d"}""", """{"note":"\ud83d"}""")]
    public async Task A_usage_of_loose_JSON_is_made_JSON(string given, string usage)
    {
        await using var provider = await StartAsync(Streams(Delta("Hi"), Finish("stop"), $$$"""{"choices":[],"usage":{{{given}}}}""", "[DONE]"));

        (await Source(provider).RunAsync(output, Hello)).Should().Be(new SourceResult("stop", usage));
    }

    [Theory]
    [InlineData(58)]
    [InlineData(61)]
    [InlineData(62)]
    public async Task A_usage_that_is_too_deep_for_a_step_is_the_streams_all_the_same(int depth)
    {
        var usage = $"{{\"a\":{new string('[', depth)}{new string(']', depth)}}}";
        await using var provider = await StartAsync(Streams(Delta("Hi"), Finish("stop"), $$$"""{"choices":[],"usage":{{{usage}}}}""", "[DONE]"));

        (await Source(provider).RunAsync(output, Hello)).Should().Be(new SourceResult("stop", usage));

        output.Text.Should().Be("Hi");
        output.Parts.Should().ContainSingle().Which.End!.Detail.Should().Contain("stop");
    }

    [Fact]
    public async Task The_input_goes_out_as_it_came_with_what_is_missing_added()
    {
        await using var provider = await StartAsync(Streams(Finish("stop")));

        await Source(provider).RunAsync(output, """{"messages":[{"role":"user","content":"ü\u00e9"}],"temperature":0.70,"stop":["x"],"future":{"a":[1e2]},"model":null}""");

        var sent = provider.Requests.Single();
        sent.Path.Should().Be("/v1/chat/completions");
        sent.Authorization.Should().Be($"Bearer {Key}");
        sent.Body.Should().Be(
            """{"messages":[{"role":"user","content":"ü\u00e9"}],"temperature":0.70,"stop":["x"],"future":{"a":[1e2]}"""
            + ",\"model\":\"small\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
    }

    [Fact]
    public async Task What_the_input_says_itself_stays()
    {
        await using var provider = await StartAsync(Streams(Finish("stop")));
        const string input = """{"model":"large","messages":[{}],"stream":true,"stream_options":{"include_usage":false}}""";

        await Source(provider).RunAsync(output, input);

        provider.Requests.Single().Body.Should().Be(input);
    }

    [Fact]
    public async Task A_base_url_may_end_in_a_slash()
    {
        await using var provider = await StartAsync(Streams(Finish("stop")));

        await new OpenAISource(new OpenAIOptions { BaseUrl = provider.BaseUrl + "/" }, time).RunAsync(output, Hello);

        provider.Requests.Single().Path.Should().Be("/v1/chat/completions");
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task An_error_before_the_first_token_is_retried(int status)
    {
        await using var provider = await StartAsync(Refuses(status, "{}"), Refuses(status, "{}"), Streams(Delta("at last"), Finish("stop"), "[DONE]"));

        await Source(provider).RunAsync(output, Hello).AdvancingAsync(time);

        output.Text.Should().Be("at last");
        provider.Requests.Should().HaveCount(3);
        provider.Requests.Select(r => r.Body).Distinct().Should().HaveCount(1);
    }

    [Fact]
    public async Task A_connection_cut_before_the_first_token_is_retried()
    {
        await using var provider = await StartAsync(
            context => { context.Abort(); return Task.CompletedTask; },
            Breaks(() => true, Events("""{"choices":[{"index":0,"delta":{"role":"assistant"}}]}""")),
            Streams(Delta("whole"), Finish("stop"), "[DONE]"));

        await Source(provider).RunAsync(output, Hello).AdvancingAsync(time);

        output.Text.Should().Be("whole");
    }

    [Fact]
    public async Task After_three_tries_it_fails_with_the_providers_words()
    {
        await using var provider = await StartAsync(Refuses(500, """{"error":{"message":"out of luck"}}"""));

        var failure = await Source(provider).RunAsync(output, Hello).AdvancingAsync(time).FailureAsync();

        failure.Code.Should().Be("provider-error");
        failure.Message.Should().Be("127.0.0.1 answered 500. It says: out of luck");
        provider.Requests.Should().HaveCount(3);
    }

    [Fact]
    public async Task Nobody_there_is_an_error_after_three_tries()
    {
        var failure = await new OpenAISource(new OpenAIOptions { BaseUrl = $"http://127.0.0.1:{Ports.Free()}/v1" }, time).RunAsync(output, Hello).AdvancingAsync(time).FailureAsync();

        failure.Code.Should().Be("provider-error");
        failure.Message.Should().Contain("could not be reached");
    }

    [Fact]
    public async Task Retry_After_is_honoured()
    {
        await using var provider = await StartAsync(Refuses(429, "{}", retryAfter: "20"), Streams(Delta("ok"), Finish("stop"), "[DONE]"));

        var run = Source(provider).RunAsync(output, Hello);
        await Eventually.UntilAsync("the source waits", () => time.Armed > 0);
        time.Advance(TimeSpan.FromSeconds(19.9));
        provider.Requests.Should().HaveCount(1);
        time.Armed.Should().Be(1);
        time.Advance(TimeSpan.FromSeconds(0.1));
        await run;

        output.Text.Should().Be("ok");
    }

    [Theory]
    [InlineData("31")]
    [InlineData("Sat, 21 Nov 2026 13:00:00 GMT")]
    public async Task A_provider_that_wants_to_be_left_alone_for_longer_is(string retryAfter)
    {
        await using var provider = await StartAsync(Refuses(429, """{"error":{"message":"slow down"}}""", retryAfter));

        var failure = await Source(provider).RunAsync(output, Hello).FailureAsync();

        failure.Code.Should().Be("provider-refused");
        failure.Message.Should().Contain("asks to come back in").And.EndWith("slow down");
        provider.Requests.Should().HaveCount(1);
    }

    [Theory]
    [InlineData("""{"error":{"message":"Incorrect API key provided: KEY. See sk-abcd****wxyz, Authorization: Bearer abc.def."}}""")]
    [InlineData("""{"error":{"message":"masked gsk_01********mnop"}}""")]
    [InlineData("your key KEY is wrong")]
    [InlineData("""{"detail":"KEY"}""")]
    public async Task A_refusal_that_echoes_the_key_is_told_without_it(string body)
    {
        await using var provider = await StartAsync(Refuses(401, body.Replace("KEY", Key)));

        var failure = await Source(provider).RunAsync(output, Hello).FailureAsync();

        failure.Code.Should().Be("provider-refused");
        failure.Message.Should().StartWith("127.0.0.1 answered 401. It says: ").And.Contain("[removed]");
        failure.ToString().Should().NotContain(Key).And.NotContain("sk-ab").And.NotContain("abc.def").And.NotContain("mnop");
        provider.Requests.Should().HaveCount(1);
    }

    [Fact]
    public async Task A_long_error_is_cut_and_a_huge_one_left_out()
    {
        await using var provider = await StartAsync(Refuses(400, new string('é', 5_000)), Refuses(400, new string('x', 200_000)));
        var source = Source(provider);

        Encoding.UTF8.GetByteCount((await source.RunAsync(output, Hello).FailureAsync()).Message).Should().BeInRange(4_000, 4_096);
        (await source.RunAsync(output, Hello).FailureAsync()).Message.Should().Be("127.0.0.1 answered 400.");
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var provider = await StartAsync(context =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });

        (await Source(provider).RunAsync(output, Hello).FailureAsync()).Message.Should().Contain("302");
        provider.Requests.Should().HaveCount(1);
    }

    [Fact]
    public async Task A_page_is_no_stream()
    {
        await using var provider = await StartAsync(context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<h1>It works</h1>");
        });

        var failure = await Source(provider).RunAsync(output, Hello).FailureAsync();

        failure.Code.Should().Be("provider-error");
        failure.Message.Should().Contain("OpenAI:BaseUrl").And.NotContain("It works");
    }

    [Fact]
    public async Task A_connection_cut_after_the_first_token_keeps_the_text_and_is_not_retried()
    {
        await using var provider = await StartAsync(Breaks(() => output.Text == "half a sen", Events(Delta("half a"), Delta(" sen"))));

        (await Source(provider).RunAsync(output, Hello).FailureAsync()).Code.Should().Be("provider-interrupted");

        output.Text.Should().Be("half a sen");
        provider.Requests.Should().HaveCount(1);
    }

    [Fact]
    public async Task Nothing_below_reconnects_even_where_events_have_ids()
    {
        var events = $"retry: 1\nid: 7\ndata: {Delta("once")}\n\n";
        await using var provider = await StartAsync(
            Breaks(() => output.Text == "once", events), context => SendAsync(context, Encoding.UTF8.GetBytes(events)));
        var source = Source(provider);

        (await source.RunAsync(output, Hello).FailureAsync()).Code.Should().Be("provider-interrupted");
        (await source.RunAsync(output, Hello).FailureAsync()).Code.Should().Be("provider-interrupted");
        output.Text.Should().Be("onceonce");
        provider.Requests.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_stream_that_ends_unfinished_is_interrupted()
    {
        await using var provider = await StartAsync(Streams(Delta("half")));

        (await Source(provider).RunAsync(output, Hello).FailureAsync()).Code.Should().Be("provider-interrupted");
        output.Text.Should().Be("half");
    }

    [Fact]
    public async Task A_finish_reason_is_an_end_whatever_comes_after_it()
    {
        await using var provider = await StartAsync(Breaks(() => output.Text == "whole", Events(Delta("whole"), Finish("length"))));

        (await Source(provider).RunAsync(output, Hello)).Should().Be(new SourceResult("length"));
    }

    [Fact]
    public async Task Done_is_an_end_without_a_finish_reason()
    {
        await using var provider = await StartAsync(Streams(Delta("whole"), "[DONE]"));

        (await Source(provider).RunAsync(output, Hello)).Should().Be(new SourceResult());
    }

    [Theory]
    [InlineData("{not json")]
    [InlineData("[1]")]
    public async Task Malformed_data_is_an_error_that_keeps_the_text(string data)
    {
        await using var provider = await StartAsync(Streams(data), Streams(Delta("before"), data, Delta("after"), Finish("stop")));
        var source = Source(provider);

        (await source.RunAsync(output, Hello).FailureAsync()).Code.Should().Be("provider-error");
        (await source.RunAsync(output, Hello).FailureAsync()).Code.Should().Be("provider-interrupted");
        output.Text.Should().Be("before");
    }

    [Fact]
    public async Task An_error_in_the_stream_is_told_without_secrets()
    {
        await using var provider = await StartAsync(Streams(Delta("before"), $$$"""{"error":{"message":"overloaded, {{{Key}}}","code":503}}"""));

        var failure = await Source(provider).RunAsync(output, Hello).FailureAsync();

        failure.Code.Should().Be("provider-interrupted");
        failure.Message.Should().EndWith("It says: overloaded, [removed]");
    }

    [Fact]
    public async Task An_event_without_end_is_not_gathered_for_ever()
    {
        await using var provider = await StartAsync(async context =>
        {
            await SendAsync(context, "data: "u8.ToArray());
            while (!context.RequestAborted.IsCancellationRequested) await SendAsync(context, new byte[64 * 1024].Select(_ => (byte)'x').ToArray());
        });

        (await Source(provider).RunAsync(output, Hello).FailureAsync()).Message.Should().EndWith("sent what is no chat completion.");
    }

    [Fact]
    public async Task Halves_of_a_surrogate_pair_in_two_deltas_come_as_they_are()
    {
        await using var provider = await StartAsync(Streams(
            """{"choices":[{"delta":{"content":"a\n\"\u00e9\ud83d"}}]}""", """{"choices":[{"delta":{"content":"\ude00!"}}]}""", Finish("stop")));

        await Source(provider).RunAsync(output, Hello);

        output.Text.Should().Be("a\n\"é😀!");
    }

    [Fact]
    public async Task Chunks_of_other_shapes_are_passed_over()
    {
        await using var provider = await StartAsync(Streams(
            "{}", """{"choices":null}""", """{"choices":[{}]}""", """{"choices":[{"delta":{"content":["x"],"tool_calls":[]},"finish_reason":7}]}""",
            """{"choices":[{"delta":{"content":null,"refusal":"I would rather not."}}]}""", Finish("stop"), $$$"""{"usage":{"x":"{{{new string('x', 9_000)}}}"}}"""));

        (await Source(provider).RunAsync(output, Hello)).Should().Be(new SourceResult("stop"));
        output.Text.Should().Be("xI would rather not.");
    }

    [Fact]
    public async Task A_cancelled_stream_ends_the_call()
    {
        var gone = new TaskCompletionSource();
        await using var provider = await StartAsync(async context =>
        {
            context.RequestAborted.Register(gone.SetResult);
            await SendAsync(context, Encoding.UTF8.GetBytes(Events(Delta("so far"))));
            await gone.Task;
        });
        using var end = new CancellationTokenSource();

        var run = Source(provider).RunAsync(output, Hello, ct: end.Token);
        await Eventually.UntilAsync("text has come", () => output.Text == "so far");
        await end.CancelAsync();

        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
        await gone.Task.WaitAsync(Eventually.Limit);
    }

    [Fact]
    public async Task A_call_without_an_answer_yet_is_ended_by_cancelling_too()
    {
        var gone = new TaskCompletionSource();
        await using var provider = await StartAsync(async context =>
        {
            context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        });
        using var end = new CancellationTokenSource();

        var run = Source(provider).RunAsync(output, Hello, ct: end.Token);
        await Eventually.UntilAsync("the request has come", () => provider.Requests.Count == 1);
        await end.CancelAsync();

        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
        await gone.Task.WaitAsync(Eventually.Limit);
    }

    [Fact]
    public async Task The_answer_is_not_read_on_while_too_much_is_unsaved()
    {
        await using var provider = await StartAsync(Streams(Delta("one"), Delta("two"), Finish("stop"), "[DONE]"));
        output.Pause();

        var run = Source(provider).RunAsync(output, Hello);
        await Eventually.UntilAsync("text has come", () => output.Pieces.Count > 0);
        output.Pieces.Should().Equal("one");
        output.Resume();
        await run;

        output.Pieces.Should().Equal("one", "two");
    }

    [Fact]
    public async Task A_stream_cut_anywhere_gives_the_same_text()
    {
        var raw = Encoding.UTF8.GetBytes(Events("""{"choices":[{"delta":{"content":"Zü日本👩‍🚀"}}]}""", Finish("stop"), "[DONE]"));
        await using var provider = await StartAsync([.. Enumerable.Range(0, raw.Length).Select(cut => Cut(raw, cut))]);
        var source = Source(provider);

        for (var cut = 0; cut < raw.Length; cut++)
        {
            var piece = new RecordingAppender();
            await source.RunAsync(piece, Hello);
            piece.Text.Should().Be("Zü日本👩‍🚀");
        }

        static RequestDelegate Cut(byte[] raw, int at) => async context =>
        {
            await SendAsync(context, raw.AsMemory(0, at));
            await Task.Yield();
            await SendAsync(context, raw.AsMemory(at));
        };
    }

    [Fact]
    public void It_describes_who_makes_the_text()
    {
        using var source = new OpenAISource(new OpenAIOptions { BaseUrl = "https://models.example.org:8443/v1", Model = "small" }, time);

        source.Describe(SourceRun.Json(Hello)).Should().Be(new SourceDescription("models.example.org", "small"));
        source.Describe(SourceRun.Json("""{"model":"large"}""")).Should().Be(new SourceDescription("models.example.org", "large"));
    }

    [Theory]
    [InlineData(null, "input")]
    [InlineData("[]", "input")]
    [InlineData("{}", "input.messages")]
    [InlineData("""{"messages":[]}""", "input.messages")]
    [InlineData("""{"messages":"Hello"}""", "input.messages")]
    [InlineData("""{"messages":[{}],"model":7}""", "input.model")]
    [InlineData("""{"messages":[{}]}""", "input.model")]
    [InlineData("""{"messages":[{}],"model":"m","stream":false}""", "input.stream")]
    [InlineData("""{"messages":[{}],"model":"m","n":2}""", "input.n")]
    [InlineData("""{"messages":[{}],"model":"\ud83d"}""", "input")]
    public void Wrong_input_is_refused_by_name(string? input, string field)
    {
        using var source = new OpenAISource(new OpenAIOptions { ApiKey = Key }, time);

        source.RefusedField(input).Should().Be(field);
    }

    [Fact]
    public async Task Unconfigured_it_says_what_to_set()
    {
        using var source = new OpenAISource(new OpenAIOptions { BaseUrl = "", Model = "small" }, time);

        FluentActions.Invoking(() => source.Validate(SourceRun.Json(Hello))).Should().Throw<InvalidInputException>()
            .Where(e => e.Field == "source").WithMessage("*set OpenAI:ApiKey*");
        source.Describe(SourceRun.Json(Hello)).Should().Be(new SourceDescription(null, null));
        (await source.RunAsync(output, Hello).FailureAsync()).Message.Should().Contain("set OpenAI:ApiKey");
    }

    [Theory]
    [InlineData("models.example.org", null, "OpenAI:BaseUrl*")]
    [InlineData("ftp://models.example.org", null, "OpenAI:BaseUrl*")]
    [InlineData("https://user:pass@models.example.org", null, "OpenAI:BaseUrl*")]
    [InlineData("https://models.example.org/v1?key=x", null, "OpenAI:BaseUrl*")]
    [InlineData(null, "two words", "OpenAI:ApiKey*")]
    public void Wrong_options_are_refused_by_name(string? baseUrl, string? key, string message)
    {
        FluentActions.Invoking(() => new OpenAISource(new OpenAIOptions { BaseUrl = baseUrl, ApiKey = key }, time))
            .Should().Throw<ArgumentException>().WithMessage(message).Where(e => !e.Message.Contains("pass@") && !e.Message.Contains("two words"));
    }

    [Fact]
    public void Options_do_not_print_their_key()
    {
        new OpenAIOptions { ApiKey = Key }.ToString().Should().NotContain(Key);
    }

    private OpenAISource Source(StubProvider provider) =>
        new(new OpenAIOptions { BaseUrl = provider.BaseUrl, ApiKey = Key, Model = "small" }, time);
}
