using EventSourcedStreams.TestKit;
using static EventSourcedStreams.OpenAI.Tests.StubProvider;

namespace EventSourcedStreams.OpenAI.Tests;

/// <summary>What goes out, and where to.</summary>
public sealed class RequestTests
{
    private const string Extra = """{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}""";

    private readonly ManualTime time = new();
    private readonly RecordingAppender output = new();

    [Fact]
    public async Task Stream_options_given_as_null_are_left_out()
    {
        await using var provider = await StartAsync(Streams(Finish("stop")));

        await Source(provider).RunAsync(output, """{"messages":[{}],"stream_options":null}""");

        provider.Requests.Single().Body.Should().Be("""{"messages":[{}],"stream":true}""");
    }

    [Theory]
    [InlineData("""{"messages":[{}]}""")]
    [InlineData("""{"messages":[{}],"stream_options":{}}""")]
    public async Task Stream_options_that_a_provider_refuses_are_left_out_at_once(string input)
    {
        await using var provider = await StartAsync(Refuses(422, Extra), Streams(Delta("ok"), Finish("stop")));

        await Source(provider).RunAsync(output, input);

        output.Text.Should().Be("ok");
        provider.Requests.Select(request => request.Body.Contains("stream_options")).Should().Equal(true, false);
    }

    [Fact]
    public async Task A_model_that_refused_them_is_not_asked_for_its_usage_again()
    {
        await using var provider = await StartAsync(Refuses(400, Extra), Streams(Delta("ok"), Finish("stop")));
        var source = Source(provider);

        foreach (var model in (string[])["a", "a", "b"]) await source.RunAsync(output, $$"""{"messages":[{}],"model":"{{model}}"}""");

        provider.Requests.Select(request => request.Body.Contains("stream_options")).Should().Equal(true, false, false, true);
    }

    [Fact]
    public async Task A_refusal_for_another_reason_is_one()
    {
        await using var provider = await StartAsync(Refuses(400, """{"error":{"message":"temperature is too high"}}"""));

        (await Source(provider).RunAsync(output, """{"messages":[{}]}""").FailureAsync()).Message.Should().EndWith("temperature is too high");

        provider.Requests.Should().HaveCount(1);
    }

    [Fact]
    public async Task Headers_and_query_of_the_configuration_go_out_with_every_request()
    {
        await using var provider = await StartAsync(Streams(Finish("stop")));
        var options = new OpenAIOptions
        {
            BaseUrl = provider.BaseUrl + "/openai/deployments/x",
            Headers = { ["api-key"] = "0123456789abcdef", ["X-Title"] = "A chat", ["X-None"] = " " },
            Query = { ["api-version"] = "2024-10-21", ["tag"] = "a&b", ["none"] = "" },
        };

        await new OpenAISource(options, time).RunAsync(output, """{"messages":[{}]}""");

        var sent = provider.Requests.Single();
        (sent.Path + sent.Query).Should().Be("/v1/openai/deployments/x/chat/completions?api-version=2024-10-21&tag=a%26b");
        sent.Headers["api-key"].Should().Be("0123456789abcdef");
        sent.Headers["X-Title"].Should().Be("A chat");
        sent.Headers["Content-Type"].Should().Be("application/json");
        sent.Headers["User-Agent"].Should().StartWith("EventSourcedStreams/").And.NotBe("EventSourcedStreams/0.0.0");
        sent.Headers.Should().NotContainKeys("X-None", "Authorization", "Accept-Encoding");
    }

    [Fact]
    public async Task An_authorization_of_ones_own_goes_out_in_place_of_the_key()
    {
        await using var provider = await StartAsync(Streams(Finish("stop")));
        var options = new OpenAIOptions { BaseUrl = provider.BaseUrl + "/chat/completions", ApiKey = "key-of-mine", Headers = { ["authorization"] = "Basic abc" } };

        await new OpenAISource(options, time).RunAsync(output, """{"messages":[{}]}""");

        provider.Requests.Single().Should().BeEquivalentTo(new { Authorization = "Basic abc", Path = "/v1/chat/completions" });
    }

    [Fact]
    public async Task A_secret_in_a_header_or_query_is_not_echoed()
    {
        await using var provider = await StartAsync(Refuses(401, """{"error":{"message":"wrong: 0123456789abcdef, q-secret; version 2024-10-21"}}"""));
        var options = new OpenAIOptions
        {
            BaseUrl = provider.BaseUrl,
            Headers = { ["api-key"] = "0123456789abcdef" },
            Query = { ["api-version"] = "2024-10-21", ["key"] = "q-secret" },
        };

        var failure = await new OpenAISource(options, time).RunAsync(output, """{"messages":[{}]}""").FailureAsync();

        failure.Message.Should().EndWith("wrong: [removed], [removed]; version 2024-10-21");
        options.ToString().Should().NotContain("0123456789abcdef").And.NotContain("q-secret");
    }

    [Fact]
    public async Task A_string_that_names_a_configured_provider_chooses_it_and_is_taken_out()
    {
        await using var first = await StartAsync(Streams(Delta("first"), Finish("stop")));
        await using var second = await StartAsync(Streams(Delta(" second"), Finish("stop")));
        using var source = new OpenAISource(Options(first, second), time);

        await source.RunAsync(output, """{"messages":[{}],"provider":{"order":["x"]},"stream_options":null}""");
        await source.RunAsync(output, """{"messages":[{}],"provider":"elsewhere","stream_options":null}""");
        await source.RunAsync(output, """{"messages":[{}],"provider":"SECOND","stream_options":null}""");

        output.Text.Should().Be("firstfirst second");
        first.Requests.Select(request => request.Body).Should().Equal(
            """{"messages":[{}],"provider":{"order":["x"]},"stream":true}""", """{"messages":[{}],"provider":"elsewhere","stream":true}""");
        first.Requests[0].Authorization.Should().Be("Bearer first-key");
        second.Requests.Single().Should().BeEquivalentTo(new { Body = """{"messages":[{}],"model":"large","stream":true}""", Authorization = "" });
        source.Describe(SourceRun.Json("""{"messages":[{}],"provider":"second"}""")).Model.Should().Be("large");
    }

    [Fact]
    public void Where_only_named_providers_are_configured_one_has_to_be_named()
    {
        using var source = new OpenAISource(new OpenAIOptions { Providers = { ["a"] = new() { BaseUrl = "http://127.0.0.1:1/v1" } } }, time);

        source.RefusedField("""{"messages":[{}]}""").Should().Be("input.provider");
        source.RefusedField("""{"messages":[{}],"provider":"b"}""").Should().Be("input.provider");
        source.Validate(SourceRun.Json("""{"messages":[{}],"provider":"A"}"""));
    }

    [Theory]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("Content-Type", "text/plain")]
    [InlineData("two words", "x")]
    [InlineData("api-key", "a\nb")]
    public void A_header_that_cannot_be_sent_is_refused_by_name(string name, string value) =>
        Refused(new OpenAIOptions { ApiKey = "x-key", Headers = { [name] = value } }).Should().StartWith($"OpenAI:Headers:{name}").And.NotContain("a\nb");

    [Fact]
    public void Wrong_options_of_a_named_provider_are_refused_by_name()
    {
        Refused(new OpenAIOptions { Providers = { ["x"] = new() { BaseUrl = "nowhere" } } }).Should().StartWith("OpenAI:Providers:x:BaseUrl");
        Refused(new OpenAIOptions { Providers = { ["x"] = new() { Model = "m" } } }).Should().StartWith("OpenAI:Providers:x:");
        Refused(new OpenAIOptions { FirstTokenTimeout = TimeSpan.FromMilliseconds(1) }).Should().StartWith("OpenAI:FirstTokenTimeout");
        Refused(new OpenAIOptions { TotalTimeout = TimeSpan.FromDays(2) }).Should().StartWith("OpenAI:TotalTimeout");
    }

    private string Refused(OpenAIOptions options) =>
        FluentActions.Invoking(() => new OpenAISource(options, time)).Should().Throw<ArgumentException>().Which.Message;

    private static OpenAIOptions Options(StubProvider first, StubProvider second) => new()
    {
        BaseUrl = first.BaseUrl,
        ApiKey = "first-key",
        Providers = { ["second"] = new OpenAIEndpointOptions { BaseUrl = second.BaseUrl, Model = "large" } },
    };

    private OpenAISource Source(StubProvider provider) => new(new OpenAIOptions { BaseUrl = provider.BaseUrl }, time);
}
