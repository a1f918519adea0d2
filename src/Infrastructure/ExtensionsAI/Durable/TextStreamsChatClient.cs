using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Keeps each streamed answer of a client as a text stream, and goes on in one by its continuation
/// token.</summary>
internal sealed class TextStreamsChatClient(IChatClient inner, ITextStreams streams, TextStreamsChatClientOptions settings) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (options?.ContinuationToken is { } given)
            return await new StoredAnswer(streams, settings, AnswerToken.Read(given, settings.TokenKey), OwnerOf(options)).PollAsync(given, cancellationToken);
        if (options?.AllowBackgroundResponses != true) return await base.GetResponseAsync(AnsweredCalls.In(messages), options, cancellationToken);
        using var answer = await BegunAnswer.StartAsync(streams, settings, InnerClient, messages, options, OwnerOf(options), cancellationToken);
        return new ChatResponse { ContinuationToken = new AnswerToken(answer.Stream, ContentMark.None).Write(settings.TokenKey) };
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return options?.ContinuationToken is { } given
            ? new StoredAnswer(streams, settings, AnswerToken.Read(given, settings.TokenKey), OwnerOf(options)).UpdatesAsync(cancellationToken)
            : BegunAsync(messages, options, cancellationToken);
    }

    private async IAsyncEnumerable<ChatResponseUpdate> BegunAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken ct)
    {
        using var answer = await BegunAnswer.StartAsync(streams, settings, InnerClient, messages, options, OwnerOf(options), ct);
        await foreach (var update in answer.UpdatesAsync(ct)) yield return update;
    }

    /// <exception cref="InvalidOperationException">The call has no owner, and answers have owners.</exception>
    private string? OwnerOf(ChatOptions? options)
    {
        if (settings.Owner is not { } find) return null;
        return find(options) is { Length: >= 1 and <= CreationLimits.LabelValueChars } owner
            ? owner
            : throw new InvalidOperationException($"Owner gives a name of 1 to {CreationLimits.LabelValueChars} characters for each call, and gave none for this one.");
    }
}
