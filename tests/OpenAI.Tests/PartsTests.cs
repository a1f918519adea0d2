using System.Text;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.OpenAI.Tests.StubProvider;

namespace EventSourcedStreams.OpenAI.Tests;

/// <summary>What the source writes beside the text.</summary>
public sealed class PartsTests
{
    private const string Hello = """{"messages":[{"role":"user","content":"Hello"}]}""";

    private const string LeftOut =
        """error {"code":"parts-left-out"} 'Not all that came beside the text is kept: an address, an id or a detail was too long, or there was too much of one kind.'""";

    private readonly ManualTime time = new();

    [Fact]
    public async Task A_thought_text_and_a_call_stand_in_one_step_in_their_order()
    {
        var output = new RecordingAppender();
        await using var provider = await StartAsync(Streams(
            """{"id":"r1","model":"m","choices":[{"delta":{"role":"assistant","reasoning_content":"Hm."}}]}""",
            """{"id":"r1","model":"m","choices":[{"delta":{"content":"I ask. "}}]}""",
            """{"id":"r1","model":"m","choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{\"a\":"}}]}}]}""",
            """{"id":"r1","model":"m","choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}}]}""",
            """{"id":"r1","model":"m","choices":[{"delta":{},"finish_reason":"tool_calls"}],"usage":{"total_tokens":3}}""", "[DONE]"));

        var result = await Source(provider).RunAsync(output, Hello);

        result.Should().Be(new SourceResult("tool_calls", """{"total_tokens":3}"""));
        output.Text.Should().Be("I ask. ");
        output.Parts.Select(part => part.ToString()).Should().Equal(
            """step {"responseId":"r1","model":"m"} {"finishReason":"tool_calls","usage":{"total_tokens":3}}""",
            "reasoning 'Hm.'",
            """tool-call f #c1 Json {"executed":"client"} '{"a":1}'""");
        output.Parts.Select(part => part.Body).Should().Equal(0, 0, 7);
    }

    [Fact]
    public async Task An_answer_of_calls_alone_is_a_good_end()
    {
        var output = new RecordingAppender();
        await using var provider = await StartAsync(Streams(
            """{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""", "[DONE]"));

        (await Source(provider).RunAsync(output, Hello)).FinishReason.Should().Be("tool_calls");

        output.Pieces.Should().BeEmpty();
        output.Parts.Select(part => part.Start.Kind).Should().Equal("step", "tool-call");
    }

    [Fact]
    public async Task What_breaks_off_leaves_its_parts_open()
    {
        var output = new RecordingAppender();
        await using var provider = await StartAsync(Breaks(
            () => output.Parts.Count == 3,
            Events("""{"choices":[{"delta":{"content":"a"}}]}""", """{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{\"a"}}]}}]}""", """{"choices":[{"delta":{"reasoning":"hm"}}]}""")));

        (await Source(provider).RunAsync(output, Hello).FailureAsync()).Code.Should().Be("provider-interrupted");

        output.Parts.Should().OnlyContain(part => part.End == null);
        provider.Requests.Should().HaveCount(1);
    }

    [Fact]
    public async Task A_call_is_seen_before_its_arguments_come()
    {
        var output = new RecordingAppender();
        var go = new TaskCompletionSource();
        await using var provider = await StartAsync(async context =>
        {
            await SendAsync(context, Encoding.UTF8.GetBytes(Events("""{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"write","arguments":""}}]}}]}""")));
            await go.Task;
            await SendAsync(context, Encoding.UTF8.GetBytes(Events("""{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""", "[DONE]")));
        });

        var run = Source(provider).RunAsync(output, Hello);
        await Eventually.UntilAsync("the call's beginning is held back", () => time.Armed > 0);
        output.Parts.Should().HaveCount(1);
        time.Advance(TimeSpan.FromMilliseconds(250));
        await Eventually.UntilAsync("the call has begun", () => output.Parts.Count == 2);
        output.Parts[1].Should().BeEquivalentTo(new { Start = new { Name = "write", CallId = "c1" }, Text = "" });
        go.SetResult();
        await run;

        output.Parts[1].Text.Should().Be("{}");
    }

    [Fact]
    public async Task An_id_that_is_too_long_is_kept_for_the_provider_alone()
    {
        var output = new RecordingAppender();
        var id = $"call_{new string('x', 300)}";
        await using var provider = await StartAsync(Streams(
            $$$"""{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"{{{id}}}","function":{"name":"{{{new string('ü', 200)}}}","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""", "[DONE]"));

        await Source(provider).RunAsync(output, Hello);

        output.Parts.Select(part => part.Start.Kind).Should().Equal("step", "tool-call", "opaque");
        output.Parts[1].Start.Should().BeEquivalentTo(new { CallId = (string?)null, Name = new string('ü', 128) });
        output.Parts[2].Should().BeEquivalentTo(new { Start = new { Of = 2 }, Text = $$"""{"id":"{{id}}"}""" });
    }

    [Fact]
    public async Task A_stream_that_takes_no_more_parts_goes_on_without_them()
    {
        var output = new RecordingAppender { MaxParts = 1 };
        await using var provider = await StartAsync(Streams(
            """{"choices":[{"delta":{"reasoning":"hm"}}]}""", Delta("text"),
            """{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""", "[DONE]"));

        (await Source(provider).RunAsync(output, Hello)).FinishReason.Should().Be("tool_calls");

        output.Text.Should().Be("text");
        output.Parts.Should().ContainSingle();
    }

    [Fact]
    public async Task A_large_picture_goes_on_in_pieces_and_arrives_whole()
    {
        var output = new RecordingAppender();
        var picture = Convert.ToBase64String(new byte[300_000]);
        await using var provider = await StartAsync(Streams(
            $$$"""{"choices":[{"delta":{"content":"See:","images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{picture}}}"}}]}}]}""", Finish("stop"), "[DONE]"));

        await Source(provider).RunAsync(output, Hello);

        output.Parts[1].Start.Should().BeEquivalentTo(new { Kind = "file", MediaType = "image/png", Encoding = PartEncoding.Base64 });
        output.Parts[1].Text.Should().Be(picture);
        output.Parts[1].Body.Should().Be(4);
    }

    [Fact]
    public async Task The_sound_of_an_answer_has_the_type_that_was_asked_for()
    {
        var output = new RecordingAppender();
        await using var provider = await StartAsync(Streams("""{"choices":[{"delta":{"audio":{"data":"AAE="}}}]}""", Finish("stop"), "[DONE]"));

        await Source(provider).RunAsync(output, """{"messages":[{}],"audio":{"format":"mp3","voice":"oak"}}""");

        output.Parts[1].Start.MediaType.Should().Be("audio/mpeg");
    }

    [Fact]
    public async Task Thoughts_and_text_that_take_turns_for_ever_do_not_make_parts_for_ever()
    {
        var output = new RecordingAppender();
        await using var provider = await StartAsync(Streams([
            .. Enumerable.Range(0, 2000).Select(turn => turn % 2 == 0 ? """{"choices":[{"delta":{"reasoning":"r"}}]}""" : Delta("t")), Finish("stop"), "[DONE]"]));

        await Source(provider).RunAsync(output, Hello);

        output.Text.Should().HaveLength(1000);
        output.Parts.Should().HaveCount(257);
        string.Concat(output.Parts.Where(part => part.Start.Kind == "reasoning").Select(part => part.Text)).Should().HaveLength(1000);
        output.Parts.Should().OnlyContain(part => part.End != null);
    }

    [Fact]
    public async Task A_source_whose_address_is_too_long_is_kept_without_it_and_one_that_is_nothing_else_is_not()
    {
        var output = new RecordingAppender();
        var url = $"https://a.example.org/{new string('x', 2048)}";
        await using var provider = await StartAsync(Streams(
            Delta("Oak."),
            $$$"""{"choices":[{"delta":{"annotations":[{"url_citation":{"url":"{{{url}}}","title":"A","content":"Oak"}},{"url_citation":{"url":"https://b.example.org/"}},{"url_citation":{"url":"{{{url}}}"}}]}}]}""",
            Finish("stop"), "[DONE]"));

        await Source(provider).RunAsync(output, Hello);

        output.Parts.Skip(1).Select(part => part.ToString()).Should().Equal(
            """source {"title":"A","quote":"Oak"}""", LeftOut, """source {"url":"https://b.example.org/"}""");
    }

    [Fact]
    public async Task Past_the_most_sources_of_an_answer_it_says_that_more_are_left_out()
    {
        var output = new RecordingAppender();
        var sources = string.Join(',', Enumerable.Range(0, 1010).Select(i => $$$"""{"url_citation":{"url":"https://a.example.org/{{{i}}}"} }"""));
        var chunk = $$$"""{"choices":[{"delta":{"annotations":[{{{sources}}}]}}]}""";
        await using var provider = await StartAsync(Streams(Delta("Oak."), chunk, chunk, Finish("stop"), "[DONE]"));

        await Source(provider).RunAsync(output, Hello);

        output.Parts.Count(part => part.Start.Kind == "source").Should().Be(1000);
        output.Parts[^1].ToString().Should().Be(LeftOut);
        output.Parts.Should().HaveCount(1002);
    }

    [Theory]
    [InlineData('x')]
    [InlineData('中')]
    public async Task An_answer_of_a_file_alone_whose_address_is_too_long_is_a_good_one_and_says_so(char filling)
    {
        var output = new RecordingAppender();
        var url = $"https://a.example.org/{new string(filling, filling == 'x' ? 8192 : 8000)}";
        await using var provider = await StartAsync(Streams(
            $$$"""{"choices":[{"delta":{"images":[{"type":"image_url","image_url":{"url":"{{{url}}}"},"mime_type":"image/png"}]}}]}""", "[DONE]"));

        (await Source(provider).RunAsync(output, Hello)).FinishReason.Should().BeNull();

        output.Parts.Skip(1).Select(part => part.ToString()).Should().Equal("file image/png", LeftOut);
    }

    [Fact]
    public async Task Past_the_most_errors_of_an_answer_it_says_that_more_are_left_out()
    {
        var output = new RecordingAppender();
        await using var provider = await StartAsync(Streams([
            .. Enumerable.Range(0, 20).SelectMany(i => (string[])[
                $$$"""{"choices":[{"delta":{"content":"a"},"content_filter_results":{"error":{"code":"c{{{i}}}","message":"It did not run."} } }]}""",
                """{"choices":[{"delta":{"content":"a"},"content_filter_results":{"error":{"code":"c0","message":"It did not run."}}}]}"""]),
            Finish("stop"), "[DONE]"]));

        await Source(provider).RunAsync(output, Hello);

        var errors = output.Parts.Where(part => part.Start.Kind == "error").Select(part => part.ToString()).ToList();
        errors.Should().HaveCount(17);
        errors[15].Should().Be("""error {"code":"c15"} 'It did not run.'""");
        errors[16].Should().Be(LeftOut);
    }

    private OpenAISource Source(StubProvider provider) => new(new OpenAIOptions { BaseUrl = provider.BaseUrl, Model = "small" }, time);
}
