using System.ClientModel.Primitives;
using System.Net.ServerSentEvents;
using System.Text.Json;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.OpenAI;

/// <summary>Reads one streamed answer of a provider into a stream.</summary>
internal sealed class ChatAnswer(string provider, ProviderRefusal refusal, IAppender output)
{
    private const int MaxFinishReasonChars = 256;

    private bool begun;
    private string? finishReason;
    private string? usage;

    /// <exception cref="ProviderFault">With a retry allowed only where no text had come.</exception>
    public async Task<SourceResult> ReadAsync(PipelineResponse response, CancellationToken ct)
    {
        var body = new BoundedEventBody(response.ContentStream ?? Stream.Null);
        var events = SseParser.Create(body, (_, data) => ChatChunk.Parse(data)).EnumerateAsync(ct);
        await using var chunks = events.GetAsyncEnumerator(ct);
        var done = false;
        try
        {
            while (!done && await NextAsync(chunks, ct))
            {
                body.EventEnded();
                await TakeAsync(chunks.Current.Data, ct);
                done = chunks.Current.Data.IsLast;
            }
        }
        catch (ProviderFault) when (finishReason is not null)
        {
            // All text was there: what broke off is at most the usage.
        }

        return done || finishReason is not null
            ? new SourceResult(finishReason, usage)
            : throw Broken($"The answer of {provider} ended before it was finished.");
    }

    private async ValueTask TakeAsync(ChatChunk chunk, CancellationToken ct)
    {
        if (chunk.Error is { } error)
            throw refusal.Fault(begun ? "provider-interrupted" : "provider-error", $"{provider} broke off its answer with an error.", error);

        usage = chunk.Usage ?? usage;
        if (chunk.Text is { Length: > 0 } text)
        {
            begun = true;
            var taken = output.AppendAsync(text);
            if (!taken.IsCompleted) await taken.AsTask().WaitAsync(ct); // while too much is unsaved, but no longer than the stream goes on
        }

        if (chunk.FinishReason is { Length: > 0 } reason) finishReason = reason.Length <= MaxFinishReasonChars ? reason : "other";
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<SseItem<ChatChunk>> chunks, CancellationToken ct)
    {
        try
        {
            return await chunks.MoveNextAsync();
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            throw e is JsonException or InvalidDataException
                ? refusal.Fault(begun ? "provider-interrupted" : "provider-error", $"{provider} sent what is no chat completion.", words: null)
                : Broken($"The connection to {provider} broke off.");
        }
    }

    private ProviderFault Broken(string message) => refusal.Fault("provider-interrupted", message, words: null, mayRetry: !begun);
}
