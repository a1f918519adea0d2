using EventSourcedStreams;
using EventSourcedStreams.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.AI;

/// <summary>Makes the answers of chat clients durable.</summary>
public static class TextStreamsChatClientBuilderExtensions
{
    /// <summary>
    /// Keeps every streamed answer as a text stream: each update is handed on at once, and text, reasoning, calls of
    /// tools and their results are stored beside that. Put it outermost, before <c>UseFunctionInvocation</c>.
    /// </summary>
    /// <remarks>
    /// With background responses allowed in the call's options, each update but the last has a continuation token:
    /// given to a later call, in any process on the same event log, the answer goes on exactly behind that update; a
    /// caller that leaves or cancels lets go of the answer, which comes to its end. Without, it cancels the answer. An
    /// answer that does not come to a good end throws <see cref="TextStreamEndedException"/>, a token that cannot be
    /// honoured <see cref="InvalidContinuationTokenException"/>.
    /// </remarks>
    /// <param name="streams">The app's <c>TextStreams</c>; null: those of the services that the client is built
    /// with.</param>
    /// <param name="configure">Whose answers they are, and how tokens are signed.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static ChatClientBuilder UseTextStreams(
        this ChatClientBuilder builder, ITextStreams? streams = null, Action<TextStreamsChatClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new TextStreamsChatClientOptions();
        configure?.Invoke(options);
        options.Checked();
        return builder.Use((inner, services) => new TextStreamsChatClient(inner, streams ?? services.GetRequiredService<ITextStreams>(), options));
    }
}
