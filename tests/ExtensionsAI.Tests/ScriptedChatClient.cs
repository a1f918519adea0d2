using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI.Tests;

/// <summary>Answers each call with the next of its scripts.</summary>
internal sealed class ScriptedChatClient(params IEnumerable<Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>>> answers) : IChatClient
{
    private readonly Queue<Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>>> answers = new(answers);

    public List<(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)> Calls { get; } = [];

    public static ScriptedChatClient Saying(params ChatResponseUpdate[] updates) => new(Updates(updates));

    public static ScriptedChatClient Saying(params AIContent[] contents) => Saying([.. contents.Select(content => Update(content))]);

    public static ChatResponseUpdate Update(params AIContent[] contents) => new(ChatRole.Assistant, contents) { MessageId = "m1", ResponseId = "r1" };

    public static Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> Updates(params ChatResponseUpdate[] updates) => Updates(updates, null);

    /// <summary>Updates, and then an exception.</summary>
    public static Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> Updates(ChatResponseUpdate[] updates, Exception? then)
    {
        return AnswerAsync;

        async IAsyncEnumerable<ChatResponseUpdate> AnswerAsync([EnumeratorCancellation] CancellationToken ct)
        {
            await Task.Yield();
            foreach (var update in updates)
            {
                ct.ThrowIfCancellationRequested();
                yield return update;
            }

            if (then is not null) throw then;
        }
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Calls.Add(([.. messages], options));
        return answers.Dequeue()(cancellationToken);
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() { }
}
