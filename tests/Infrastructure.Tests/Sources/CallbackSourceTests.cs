using EventSourcedStreams.AspNetCore;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Sources;

public sealed class CallbackSourceTests
{
    private readonly RecordingAppender output = new();

    [Fact]
    public async Task A_callback_appends_the_text()
    {
        var source = new CallbackSource("hello", async (request, append, ct) =>
        {
            await append("Hello, ");
            _ = append("world");
        });

        source.Name.Should().Be("hello");
        (await source.RunAsync(output)).Should().Be(SourceResult.Ended);
        output.Text.Should().Be("Hello, world");
    }

    [Fact]
    public async Task A_callback_can_read_the_request_and_say_how_it_ended()
    {
        var source = new CallbackSource("echo", async (request, append, ct) =>
        {
            await append(request.Input?.GetProperty("say").GetString() ?? "");
            return new SourceResult(FinishReason: $"said {request.Stream}");
        });

        (await source.RunAsync(output, """{"say":"hi"}""")).FinishReason.Should().Be("said s1");
        output.Text.Should().Be("hi");
    }

    [Fact]
    public async Task An_exception_is_the_callbacks_own()
    {
        var source = new CallbackSource("bad", async (request, append, ct) =>
        {
            await append("until here");
            throw new TimeoutException("too late");
        });

        await FluentActions.Awaiting(() => source.RunAsync(output)).Should().ThrowAsync<TimeoutException>();
        output.Text.Should().Be("until here");
    }

    [Fact]
    public async Task An_awaited_append_waits_while_too_much_is_unsaved_but_not_past_the_streams_end()
    {
        using var end = new CancellationTokenSource();
        var source = new CallbackSource("patient", async (request, append, ct) => await append("a"));
        output.Pause();

        var run = source.RunAsync(output, ct: end.Token);
        run.IsCompleted.Should().BeFalse();
        await end.CancelAsync();

        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public void A_source_needs_a_name()
    {
        FluentActions.Invoking(() => new CallbackSource(" ", async (request, append, ct) => await append(""))).Should().Throw<ArgumentException>();
    }
}
