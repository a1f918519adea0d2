using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.StreamBench;

/// <summary>Says so many tokens, an update each with its ids, as clients of providers do. What it is asked says how
/// many, and how far apart.</summary>
internal sealed class BenchChatClient : IChatClient
{
    public static IReadOnlyList<ChatMessage> Ask(int tokens, int paceMs) => [new(ChatRole.User, Question(tokens, paceMs))];

    public static string Question(int tokens, int paceMs) => string.Create(CultureInfo.InvariantCulture, $"{tokens} {paceMs}");

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var asked = messages.Last().Text.Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToList();
        using var ticks = asked[1] > 0 ? new PeriodicTimer(TimeSpan.FromMilliseconds(asked[1])) : null;
        for (var i = 0; i < asked[0]; i++)
        {
            if (ticks is not null) await ticks.WaitForNextTickAsync(cancellationToken);
            yield return new ChatResponseUpdate(ChatRole.Assistant, Tokens.Next(i)) { MessageId = "m1", ResponseId = "r1", ModelId = "bench" };
        }
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() { }
}
