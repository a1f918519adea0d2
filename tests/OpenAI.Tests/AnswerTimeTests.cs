using System.Text;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.OpenAI.Tests.StubProvider;

namespace EventSourcedStreams.OpenAI.Tests;

/// <summary>Silence, and how long an answer may take.</summary>
public sealed class AnswerTimeTests
{
    private const string Hello = """{"messages":[{"role":"user","content":"Hello"}]}""";
    private const string Thinking = """{"choices":[{"delta":{"reasoning_content":"hm"}}]}""";

    private readonly ManualTime time = new();
    private readonly RecordingAppender output = new();

    [Fact]
    public async Task An_answer_that_gave_its_reason_and_stays_open_ends_after_five_seconds_of_silence()
    {
        await using var provider = await StartAsync(StaysOpen(Delta("whole"), Finish("stop")));

        var run = Source(provider).RunAsync(output, Hello);
        await Eventually.UntilAsync("the source waits for silence", () => time.Armed > 0);
        var signs = output.SignsOfLife;
        time.Advance(TimeSpan.FromSeconds(2.5));
        await Eventually.UntilAsync("it says in the middle that it is alive: the idle timeout is not to come first", () => output.SignsOfLife > signs);
        await AdvanceAsync(TimeSpan.FromSeconds(2.4));
        run.IsCompleted.Should().BeFalse();
        await AdvanceAsync(TimeSpan.FromSeconds(0.1));

        (await run).Should().Be(new SourceResult("stop"));
        output.Text.Should().Be("whole");
    }

    [Fact]
    public async Task Heartbeats_after_the_reason_do_not_hold_its_end_up()
    {
        var more = new SemaphoreSlim(0);
        await using var provider = await StartAsync(async context =>
        {
            await SendAsync(context, Encoding.UTF8.GetBytes(Events(Delta("whole"), Finish("stop"))));
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await more.WaitAsync(context.RequestAborted);
                await SendAsync(context, ": still here\n\n"u8.ToArray());
            }
        });

        var run = Source(provider).RunAsync(output, Hello);
        for (var second = 0; second < 5; second++)
        {
            await Eventually.UntilAsync("the source waits for silence", () => time.Armed > 0 || run.IsCompleted);
            var signs = output.SignsOfLife;
            more.Release();
            await Eventually.UntilAsync("the heartbeat has come", () => output.SignsOfLife > signs);
            await AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        (await run).FinishReason.Should().Be("stop");
    }

    [Fact]
    public async Task A_usage_after_the_reason_is_waited_for()
    {
        var usage = new TaskCompletionSource();
        await using var provider = await StartAsync(async context =>
        {
            await SendAsync(context, Encoding.UTF8.GetBytes(Events(Delta("whole"), Finish("stop"))));
            await usage.Task;
            await SendAsync(context, Encoding.UTF8.GetBytes(Events("""{"choices":[],"usage":{"total_tokens":3}}""", "[DONE]")));
        });

        var run = Source(provider).RunAsync(output, Hello);
        await AdvanceAsync(TimeSpan.FromSeconds(4));
        usage.SetResult();

        (await run).Should().Be(new SourceResult("stop", """{"total_tokens":3}"""));
    }

    [Fact]
    public async Task Reasoning_and_heartbeats_are_signs_of_life()
    {
        foreach (var sent in (string[])[$"data: {Thinking}\n\n", ": waiting\n\n", "event: ping\ndata: {}\n\n"])
        {
            var alive = new RecordingAppender();
            await using var provider = await StartAsync(context => SendAsync(context, Encoding.UTF8.GetBytes(sent + Events(Delta("ok"), Finish("stop"), "[DONE]"))));

            await Source(provider).RunAsync(alive, Hello);

            alive.SignsOfLife.Should().BePositive();
        }
    }

    [Fact]
    public async Task Without_a_first_token_in_time_the_stream_fails()
    {
        await using var provider = await StartAsync(StaysOpen("""{"choices":[{"delta":{"role":"assistant"}}]}"""));

        var run = Source(provider, o => o.FirstTokenTimeout = TimeSpan.FromSeconds(10)).RunAsync(output, Hello);
        await Eventually.UntilAsync("the answer has begun", () => output.SignsOfLife > 1);
        time.Advance(TimeSpan.FromSeconds(10));

        var failure = await run.FailureAsync();
        failure.Code.Should().Be("provider-timeout");
        failure.Message.Should().Be("127.0.0.1 had given no token after 10 s (FirstTokenTimeout).");
        provider.Requests.Should().HaveCount(1);
    }

    [Theory]
    [InlineData(Thinking)]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}]}""")]
    public async Task A_token_in_time_lets_the_rest_take_its_time(string token)
    {
        var rest = new TaskCompletionSource();
        await using var provider = await StartAsync(async context =>
        {
            await SendAsync(context, Encoding.UTF8.GetBytes(Events(token)));
            await rest.Task;
            await SendAsync(context, Encoding.UTF8.GetBytes(Events(Delta("b"), Finish("stop"), "[DONE]")));
        });

        var run = Source(provider, o => o.FirstTokenTimeout = TimeSpan.FromSeconds(10)).RunAsync(output, Hello);
        await Eventually.UntilAsync("the token has come", () => time.Armed == 0 && output.SignsOfLife > 1);
        time.Advance(TimeSpan.FromHours(1));
        rest.SetResult();

        (await run).FinishReason.Should().Be("stop");
    }

    [Fact]
    public async Task An_answer_that_takes_too_long_in_all_fails_and_keeps_its_text()
    {
        await using var provider = await StartAsync(StaysOpen(Delta("so far")));

        var run = Source(provider, o => o.TotalTimeout = TimeSpan.FromSeconds(10)).RunAsync(output, Hello);
        await Eventually.UntilAsync("text has come", () => output.Text == "so far");
        time.Advance(TimeSpan.FromSeconds(10));

        (await run.FailureAsync()).Code.Should().Be("provider-timeout");
        output.Text.Should().Be("so far");
    }

    [Fact]
    public async Task Time_in_which_the_answer_is_not_read_does_not_count()
    {
        await using var provider = await StartAsync(StaysOpen(Delta("so far")));
        output.Pause();

        var run = Source(provider, o => o.TotalTimeout = TimeSpan.FromSeconds(10)).RunAsync(output, Hello);
        await Eventually.UntilAsync("the source is paused", () => output.Text == "so far" && time.Armed == 0);
        time.Advance(TimeSpan.FromHours(1));
        output.Resume();
        await Eventually.UntilAsync("the source reads on", () => time.Armed == 1);
        time.Advance(TimeSpan.FromSeconds(9.9));
        run.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(0.1));

        (await run.FailureAsync()).Code.Should().Be("provider-timeout");
    }

    /// <summary>Lets time go on once the source waits for it.</summary>
    private async Task AdvanceAsync(TimeSpan by)
    {
        await Eventually.UntilAsync("the source waits", () => time.Armed > 0);
        time.Advance(by);
    }

    private OpenAISource Source(StubProvider provider, Action<OpenAIOptions>? configure = null)
    {
        var options = new OpenAIOptions { BaseUrl = provider.BaseUrl };
        configure?.Invoke(options);
        return new OpenAISource(options, time);
    }
}
