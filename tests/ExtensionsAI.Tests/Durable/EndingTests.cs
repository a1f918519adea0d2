using System.Net;
using System.Runtime.CompilerServices;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.AI;
using static EventSourcedStreams.Extensions.AI.Tests.ScriptedChatClient;

namespace EventSourcedStreams.Extensions.AI.Tests.Durable;

/// <summary>How an answer ends, and what its caller hears of it.</summary>
public sealed class EndingTests
{
    private readonly TaskCompletionSource stopped = new();
    private readonly TaskCompletionSource go = new();

    [Fact]
    public async Task Leaving_cancels_an_answer_that_may_not_go_on_in_the_background()
    {
        await using var app = await ChatApp.StartAsync();

        await app.Client(Waiting()).GetStreamingResponseAsync("Hello").TakeAsync(1);

        await stopped.Task.WaitAsync(Eventually.Limit);
        await Eventually.UntilAsync("it is cancelled", async () => await app.StatusAsync() == StreamStatus.Cancelled);
    }

    [Fact]
    public async Task Cancelling_does_too()
    {
        using var end = new CancellationTokenSource();
        await using var app = await ChatApp.StartAsync();

        var reading = async () =>
        {
            await foreach (var update in app.Client(Waiting()).GetStreamingResponseAsync("Hello", cancellationToken: end.Token)) await end.CancelAsync();
        };

        await reading.Should().ThrowAsync<OperationCanceledException>();
        await stopped.Task.WaitAsync(Eventually.Limit);
        await Eventually.UntilAsync("it is cancelled", async () => await app.StatusAsync() == StreamStatus.Cancelled);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_the_background_an_answer_that_is_left_or_cancelled_comes_to_its_end(bool cancels)
    {
        using var end = new CancellationTokenSource();
        await using var app = await ChatApp.StartAsync();
        try
        {
            await foreach (var update in app.Client(Waiting()).GetStreamingResponseAsync("Hello", ChatApp.Background, end.Token))
            {
                if (!cancels) break;
                await end.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (cancels)
        {
            // As asked for.
        }

        go.SetResult();

        await Eventually.UntilAsync("it is done", async () => await app.StatusAsync() == StreamStatus.Done);
        (await app.TextStreams.FindAsync(await app.OnlyAsync()))!.Text.ToString().Should().Be("One. Two.");
    }

    [Fact]
    public async Task A_caller_that_leaves_behind_the_finish_reason_leaves_a_whole_answer()
    {
        await using var app = await ChatApp.StartAsync();
        var client = app.Client(new ScriptedChatClient(_ => FinishesAsync()));

        await client.GetStreamingResponseAsync("Hello").TakeAsync(2);
        go.SetResult();

        await Eventually.UntilAsync("it is done", async () => await app.StatusAsync() == StreamStatus.Done);

        async IAsyncEnumerable<ChatResponseUpdate> FinishesAsync()
        {
            yield return Update(new TextContent("One."));
            yield return new ChatResponseUpdate { FinishReason = ChatFinishReason.Stop };
            await go.Task;
            yield return Update(new UsageContent(new UsageDetails { InputTokenCount = 1 }));
        }
    }

    [Fact]
    public async Task A_client_that_fails_throws_what_the_stream_says_with_what_the_client_said()
    {
        await using var app = await ChatApp.StartAsync();
        var client = app.Client(new ScriptedChatClient(Updates([Update(new TextContent("One. "))], new HttpRequestException("away", null, HttpStatusCode.BadGateway))));
        var told = new List<ChatResponseUpdate>();

        var reading = async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync("Hello", ChatApp.Background)) told.Add(update);
        };

        var ended = (await reading.Should().ThrowAsync<TextStreamEndedException>()).Which;
        ended.Should().BeEquivalentTo(new { Status = StreamStatus.Error, Code = "provider-interrupted", Length = 5L });
        ended.InnerException.Should().BeOfType<HttpRequestException>();
        told.Lines().Should().Equal("text One. ");
        var again = (await FluentActions.Awaiting(() => AnswerTests.Continued(client, told[0]).AllAsync()).Should().ThrowAsync<TextStreamEndedException>()).Which;
        again.Should().BeEquivalentTo(new { ended.Stream, ended.Status, ended.Code, ended.Length });
        (await FluentActions.Awaiting(() => client.GetResponseAsync([], new ChatOptions { ContinuationToken = told[0].ContinuationToken })).Should().ThrowAsync<TextStreamEndedException>())
            .Which.Code.Should().Be("provider-interrupted");
    }

    [Fact]
    public async Task An_answer_that_another_cancels_or_deletes_ends_with_an_exception()
    {
        await using var app = await ChatApp.StartAsync();
        var client = app.Client(Waiting());
        await using var answer = client.GetStreamingResponseAsync("Hello", ChatApp.Background).GetAsyncEnumerator();
        await answer.MoveNextAsync();
        var first = answer.Current;

        await app.TextStreams.CancelAsync(await app.OnlyAsync(), new Caller("ada"), "Enough.");

        var ended = (await FluentActions.Awaiting(async () => await answer.MoveNextAsync()).Should().ThrowAsync<TextStreamEndedException>()).Which;
        ended.Should().BeEquivalentTo(new { Status = StreamStatus.Cancelled, Code = "cancelled" });
        ended.Message.Should().Contain("Enough.");
        await app.TextStreams.DeleteAsync(ended.Stream);
        await Eventually.UntilAsync("it is gone", async () => await app.TextStreams.FindAsync(ended.Stream) is null);
        (await FluentActions.Awaiting(() => AnswerTests.Continued(client, first).AllAsync()).Should().ThrowAsync<TextStreamEndedException>()).Which.Status.Should().Be(StreamStatus.Deleted);
        (await FluentActions.Awaiting(() => client.GetResponseAsync([], new ChatOptions { ContinuationToken = first.ContinuationToken })).Should().ThrowAsync<TextStreamEndedException>())
            .Which.Code.Should().Be("deleted");
    }

    [Fact]
    public async Task An_answer_that_falls_silent_times_out()
    {
        var time = new ManualTime();
        await using var app = await ChatApp.StartAsync(clock: time);
        var reading = app.Client(Waiting(), options => options.IdleTimeout = TimeSpan.FromSeconds(5)).GetStreamingResponseAsync("Hello").AllAsync();

        await Eventually.UntilAsync("its beginning is stored", async () =>
        {
            // Not before it is said.
            if (app.Streams.Engine.Drivers.UnsavedBytes > 0) time.Advance(TimeSpan.FromMilliseconds(20));
            return (await app.TextStreams.FindAsync(await app.OnlyAsync()))!.Summary.Length == 5;
        });

        // Then its ending is written, and the clock stands.
        for (var second = 0; second < 6; second++)
        {
            await Eventually.CaughtUpAsync();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await Eventually.UntilAsync("it has ended", () => reading.IsCompleted);

        (await FluentActions.Awaiting(() => reading).Should().ThrowAsync<TextStreamEndedException>()).Which.Code.Should().Be("timeout");
    }

    [Fact]
    public async Task A_server_that_stops_interrupts_the_answer()
    {
        var app = await ChatApp.StartAsync(configure: options => options.Streams.DrainTimeout = TimeSpan.Zero);
        await using var answer = app.Client(Waiting()).GetStreamingResponseAsync("Hello").GetAsyncEnumerator();
        await answer.MoveNextAsync();

        await app.DisposeAsync();

        (await FluentActions.Awaiting(async () => await answer.MoveNextAsync()).Should().ThrowAsync<TextStreamEndedException>()).Which.Code.Should().Be("interrupted");
    }

    private ScriptedChatClient Waiting() => new(WaitsAsync);

    private async IAsyncEnumerable<ChatResponseUpdate> WaitsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        try
        {
            yield return Update(new TextContent("One. "));
            await go.Task.WaitAsync(ct);
            yield return Update(new TextContent("Two."));
        }
        finally
        {
            stopped.TrySetResult();
        }
    }
}
