using System.Buffers;
using EventSourcedStreams.TestKit;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore.Tests.Following;

/// <summary>What ends the one answer for several streams: its client's leaving, and no cancellation of anything
/// else.</summary>
public sealed class SharedAnswerTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly CancellationTokenSource aborted = new();

    public void Dispose() => aborted.Dispose();

    [Fact]
    public async Task A_cancellation_that_is_not_the_requests_own_is_thrown_and_is_no_leaving()
    {
        using var answer = Answer(new CancelledBody());

        await answer.Awaiting(a => a.WriteAsync(to => to.Write("x"u8), default)).Should().ThrowAsync<OperationCanceledException>();

        answer.Left.IsCancellationRequested.Should().BeFalse();
    }

    [Fact]
    public async Task A_request_that_is_aborted_has_left()
    {
        using var answer = Answer(new CancelledBody());
        await aborted.CancelAsync();

        await answer.Awaiting(a => a.WriteAsync(to => to.Write("x"u8), default)).Should().ThrowAsync<OperationCanceledException>();

        answer.Left.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public async Task Comments_end_with_the_answer_and_with_nothing_elses_cancellation()
    {
        using var over = new CancellationTokenSource();
        using var good = Answer(new MemoryStream());
        using var bad = Answer(new CancelledBody());
        var (alive, broken) = (good.KeepAliveAsync(time, over.Token), bad.KeepAliveAsync(time, over.Token));

        time.Advance(Sse.KeepAlive);
        await broken.Awaiting(b => b.WaitAsync(Eventually.Limit)).Should().ThrowAsync<OperationCanceledException>();
        alive.IsCompleted.Should().BeFalse();
        await over.CancelAsync();

        await alive.WaitAsync(Eventually.Limit);
    }

    private SharedAnswer Answer(Stream body) =>
        new(new DefaultHttpContext { RequestAborted = aborted.Token, Response = { Body = body } }, TimeSpan.FromMinutes(1), time);

    /// <summary>Takes nothing: a deadline of its own cancels it.</summary>
    private sealed class CancelledBody : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException(new TaskCanceledException("A deadline of the body's own."));

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.FromException(new TaskCanceledException("A deadline of the body's own."));
    }
}
