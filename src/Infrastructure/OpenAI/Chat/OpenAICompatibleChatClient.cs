using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.OpenAI;

/// <summary>
/// A chat client for any provider that speaks OpenAI's API of chat completions, with the reader of the source
/// <c>openai</c>: it takes what providers really send. What goes wrong before a model has made anything is tried up to
/// three times in all.
/// </summary>
/// <remarks>What goes wrong is a <see cref="SourceFailedException"/> with words that hold no key. Arguments of calls
/// are told as they come, as <see cref="ToolCallDelta"/>.</remarks>
public sealed class OpenAICompatibleChatClient : IChatClient
{
    private readonly HttpClient? ownHttp;
    private readonly TimeProvider time;

    /// <param name="options">Read once, here.</param>
    /// <param name="time">For waits between tries, timeouts, and the silence after an answer's end; null: the
    /// system's.</param>
    /// <param name="handler">Sends the requests, and stays its owner's; null: connections of the client's own, without
    /// redirects and cookies.</param>
    /// <exception cref="ArgumentException">Says what is wrong with the options, or that they name no endpoint. Never
    /// holds a secret.</exception>
    public OpenAICompatibleChatClient(OpenAIEndpointOptions options, TimeProvider? time = null, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var endpoint = ChatEndpoint.From(options, "OpenAI") ?? throw new ArgumentException("Set ApiKey, or BaseUrl for an endpoint that needs no key.", nameof(options));
#pragma warning disable RS0030 // an app that gives no clock means the system's
        this.time = time ?? TimeProvider.System;
#pragma warning restore RS0030
        ownHttp = new HttpClient(handler ?? ProviderTries.Connections(), disposeHandler: handler is null) { Timeout = Timeout.InfiniteTimeSpan };
        Calls = new ChatCalls(endpoint, ownHttp, this.time);
    }

    /// <param name="http">Stays its owner's.</param>
    internal OpenAICompatibleChatClient(ChatEndpoint endpoint, HttpClient http, TimeProvider time) =>
        (this.time, Calls) = (time, new ChatCalls(endpoint, http, time));

    /// <summary>As the source asks: with the request's own JSON, for updates that are not put into the words of chat
    /// clients.</summary>
    internal ChatCalls Calls { get; }

    /// <inheritdoc/>
    public Task<Microsoft.Extensions.AI.ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var request = RequestJson.Of(messages, options, this);
        var contents = new UpdateContents(time);
        using var limit = Calls.Limit(cancellationToken);
        await foreach (var update in Calls.AskAsync(request, isNamed: false, limit))
        {
            foreach (var told in contents.Of(update))
            {
                limit.Pause();
                yield return told;
                limit.Resume();
            }
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata(Calls.Endpoint.Host, Calls.Endpoint.Completions, Calls.Endpoint.Model)
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => ownHttp?.Dispose();
}
