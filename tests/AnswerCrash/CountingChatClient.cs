using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.AnswerCrash;

/// <summary>Counts, and thinks at times, as fast as it is read.</summary>
public sealed class CountingChatClient : IChatClient
{
    /// <summary>The text that it has said when it has come to a number.</summary>
    public static string TextTo(int number) => string.Concat(Enumerable.Range(0, number).Select(Word));

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var number = 0; ; number++)
        {
            if (number % 7 == 3) yield return new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("Next is ")]) { MessageId = "m1" };
            yield return new ChatResponseUpdate(ChatRole.Assistant, Word(number)) { MessageId = "m1" };
            if (number % 3 == 0) await Task.Delay(1, cancellationToken);
        }
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("It answers bit by bit alone.");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() { }

    private static string Word(int number) => number.ToString(CultureInfo.InvariantCulture) + (number % 10 == 9 ? " 世界.\n" : " ");
}
