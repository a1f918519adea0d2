using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Polly;
using Polly.Retry;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Tries a call again that failed for now, before anything of its answer has come: after that the model would
/// be paid for twice, and the text told twice.</summary>
internal sealed class RetryingChatClient : DelegatingChatClient
{
    private readonly ResiliencePipeline retries;
    private readonly Action heard;

    /// <param name="heard">Called for each update that holds nothing yet.</param>
    public RetryingChatClient(IChatClient inner, int retries, TimeProvider time, Action heard)
        : base(inner) => (this.heard, this.retries) = (heard, new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is { } e && ClientFailure.IsPassing(e)),
                MaxRetryAttempts = retries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(500),
                UseJitter = true,
            })
            .Build());

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken ct = default)
    {
        var asked = messages.ToList();
        return await retries.ExecuteAsync(async token => await base.GetResponseAsync(asked, options, token), ct);
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        var asked = messages.ToList();
        var (answer, begun) = await retries.ExecuteAsync(async token => await BeginAsync(asked, options, ct), ct);
        await using (answer)
        {
            foreach (var update in begun) yield return update;
            while (await answer.MoveNextAsync()) yield return answer.Current;
        }
    }

    /// <summary>Reads to the first content.</summary>
    private async Task<(IAsyncEnumerator<ChatResponseUpdate> Answer, List<ChatResponseUpdate> Begun)> BeginAsync(
        List<ChatMessage> messages, ChatOptions? options, CancellationToken ct)
    {
        var answer = base.GetStreamingResponseAsync(messages, options, ct).GetAsyncEnumerator(ct);
        var begun = new List<ChatResponseUpdate>();
        try
        {
            while (begun is [] or [.., { Contents.Count: 0, RawRepresentation: not ToolCallDelta }] && await answer.MoveNextAsync())
            {
                heard();
                begun.Add(answer.Current);
            }

            return (answer, begun);
        }
        catch
        {
            await answer.DisposeAsync();
            throw;
        }
    }
}
