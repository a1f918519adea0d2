using EventSourcedStreams.AspNetCore;
using EventSourcedStreams.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace EventSourcedStreams.Infrastructure.Tests.Sources;

public sealed class DemoSourceTests
{
    private readonly ManualTime time = new();
    private readonly RecordingAppender output = new();
    private readonly DemoSource source;

    public DemoSourceTests() => source = new DemoSource(time);

    [Fact]
    public async Task Tokens_come_at_the_rate_and_the_first_one_at_once()
    {
        var run = source.RunAsync(output, """{"rate":10,"length":4,"text":"one two three four five"}""");
        output.Pieces.Should().Equal("one");

        await AdvanceAsync(100);
        await Eventually.UntilAsync("the second token has come", () => output.Pieces.Count == 2);
        await AdvanceAsync(99);
        output.Pieces.Should().HaveCount(2);
        await AdvanceAsync(1);
        await Eventually.UntilAsync("the third token has come", () => output.Pieces.Count == 3);
        await AdvanceAsync(100);

        (await run).FinishReason.Should().Be("length");
        output.Text.Should().Be("one two three four");
    }

    [Fact]
    public async Task After_a_pause_it_makes_up_for_what_it_missed()
    {
        output.Pause();
        var run = source.RunAsync(output, """{"rate":10,"length":10}""");
        time.Advance(TimeSpan.FromMilliseconds(950));
        output.Pieces.Should().HaveCount(1);

        output.Resume();

        await Eventually.UntilAsync("it has made up", () => time.Armed == 1 || run.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(10));
        await run.WaitAsync(Eventually.Limit);
        output.Pieces.Should().HaveCount(10);
    }

    [Fact]
    public async Task At_a_high_rate_several_tokens_come_at_one_wake_up()
    {
        var run = source.RunAsync(output, """{"rate":100000,"length":1001}""");

        await AdvanceAsync(10);

        (await run).FinishReason.Should().Be("length");
        output.Pieces.Should().HaveCount(1001);
    }

    [Fact]
    public async Task Left_alone_it_plays_its_own_text_once()
    {
        var result = await source.RunAsync(output).AdvancingAsync(time);

        result.FinishReason.Should().Be("stop");
        output.Text.Should().Be(DemoText.Text).And.Contain("ü").And.Contain("日本").And.Contain("👩‍🚀");
        output.Pieces.Count.Should().BeInRange(100, 180);
        output.Pieces.Should().Equal(DemoTokens.Of(DemoText.Text));
    }

    [Fact]
    public async Task A_text_that_is_too_short_is_played_again()
    {
        await source.RunAsync(output, """{"rate":100000,"length":5,"text":"a b"}""").AdvancingAsync(time);

        output.Text.Should().Be("a b\n\na b");
    }

    [Fact]
    public async Task With_parts_it_begins_with_a_thought_a_call_its_result_and_a_source()
    {
        await source.RunAsync(output, """{"rate":100,"text":"a \"b\" c","parts":true}""").AdvancingAsync(time);

        output.Text.Should().Be("a \"b\" c");
        output.Parts.Should().OnlyContain(part => part.Body == 0 && part.End != null && part.End.Error == null);
        output.Parts.Select(part => part.Start.Kind).Should().Equal("reasoning", "tool-call", "tool-result", "source");
        output.Parts[0].Text.Should().StartWith("The reader wants");
        SourceRun.Json(output.Parts[1].Text).GetProperty("text").GetString().Should().Be("a \"b\" c");
        output.Parts[2].Start.Of.Should().Be(2);
        output.Parts[2].Text.Should().Be("""{"words":3}""");
        output.Parts[3].Start.Detail.Should().Contain("https://");
        output.SignsOfLife.Should().Be(1);
    }

    [Fact]
    public void Parts_are_asked_for_with_true() => source.RefusedField("""{"parts":"yes"}""").Should().Be("input.parts");

    [Fact]
    public async Task It_fails_in_mid_sentence_when_asked_to()
    {
        var run = source.RunAsync(output, """{"rate":100000,"text":"All is well. Or not.","fail":true}""").AdvancingAsync(time);

        (await run.FailureAsync()).Code.Should().Be("demo-failed");
        output.Text.Should().Be("All is well. Or not");
    }

    [Fact]
    public async Task It_stops_when_the_stream_ends()
    {
        using var end = new CancellationTokenSource();
        var run = source.RunAsync(output, ct: end.Token);

        await end.CancelAsync();

        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
        output.Pieces.Should().HaveCount(1);
        time.Armed.Should().Be(0);
    }

    [Fact]
    public void Tokens_put_together_are_the_text() =>
        Prop.ForAll(Text.ToArbitrary(), text =>
        {
            var tokens = DemoTokens.Of(text);

            string.Concat(tokens).Should().Be(text);
            foreach (var token in tokens) (token.Length > 0 && !char.IsHighSurrogate(token[^1])).Should().BeTrue();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Tokens_are_like_a_models()
    {
        DemoTokens.Of("Hello, world! 日本語も。\n\nA 👩‍🚀 unmistakably.").Should().Equal(
            "Hello", ",", " world", "!", " 日本", "語も", "。", "\n\n", "A", " 👩‍🚀", " unmistakab", "ly", ".");
    }

    [Theory]
    [InlineData("[]", "input")]
    [InlineData("""{"speed":1}""", "input.speed")]
    [InlineData("""{"rate":"fast"}""", "input.rate")]
    [InlineData("""{"rate":0.05}""", "input.rate")]
    [InlineData("""{"rate":100001}""", "input.rate")]
    [InlineData("""{"length":0}""", "input.length")]
    [InlineData("""{"length":1.5}""", "input.length")]
    [InlineData("""{"length":1000001}""", "input.length")]
    [InlineData("""{"text":""}""", "input.text")]
    [InlineData("""{"text":1}""", "input.text")]
    [InlineData("""{"text":"\ud83d"}""", "input")]
    [InlineData("""{"\ud83d":1}""", "input")]
    [InlineData("""{"fail":"yes"}""", "input.fail")]
    public void Wrong_input_is_refused_by_name(string input, string field)
    {
        source.RefusedField(input).Should().Be(field);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"rate":0.1,"length":1000000,"text":"x","fail":false}""")]
    public void Right_input_is_taken(string? input)
    {
        source.Validate(input is null ? null : SourceRun.Json(input));
    }

    private static Gen<string> Text =>
        Gen.Elements("a", "word", " ", "  ", "\n", "\r\n", "\t", ".", "!", "ä", "a\u0301", "\u0301", "日", "本\uFE00", "👩‍🚀", "🌍", "한", "9", "“", "\u00A0")
            .ListOf()
            .Select(string.Concat);

    private async Task AdvanceAsync(int milliseconds)
    {
        await Eventually.UntilAsync("the source waits", () => time.Armed == 1);
        time.Advance(TimeSpan.FromMilliseconds(milliseconds));
    }
}
