using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>The end of an answer, as its reader is told.</summary>
internal static class AnswerEnd
{
    /// <summary>The last update, alone without a continuation token: the answer is whole, and durable.</summary>
    public static ChatResponseUpdate Update(string? finishReason) =>
        new() { FinishReason = string.IsNullOrEmpty(finishReason) ? null : new ChatFinishReason(finishReason) };

    /// <summary>What one call of the model has used, behind what it said. Of no role, it begins no message.</summary>
    public static ChatResponseUpdate Usage(UsageDetails usage) => new() { Contents = [new UsageContent(usage)] };

    public static TextStreamEndedException Exception(StreamId stream, StreamStatus status, StreamFailure? failure, long length, Exception? inner = null)
    {
        var code = failure?.Code ?? status.Name();
        return new(stream, status, code, length, $"The answer is not whole: its stream ended as {status.Name()} ({code}), with {length} bytes of text. {failure?.Message}".TrimEnd(), inner);
    }

    public static TextStreamEndedException TooShort(StreamId stream, StreamStatus status, StreamFailure? failure, long length, long told) =>
        new(
            stream, status, failure?.Code ?? "too-short", length,
            $"The answer is shorter than what was told of it: its stream ended as {status.Name()}, with {length} bytes of text, and the token stands behind {told}. {failure?.Message}".TrimEnd());
}
