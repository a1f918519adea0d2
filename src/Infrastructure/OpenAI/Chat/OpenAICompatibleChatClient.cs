using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Polly;

namespace EventSourcedStreams.OpenAI;

/// <summary>
/// A chat client for any provider that speaks OpenAI's API of chat completions, with the reader of the source
/// <c>openai</c>: it takes what providers really send. What goes wrong before a model has made anything is tried up to
/// three times in all.
/// </summary>
/// <remarks>What goes wrong is a <see cref="SourceFailedException"/> with words that hold no key. Arguments of calls are
/// told as they come, as <see cref="ToolCallDelta"/>.</remarks>
public sealed class OpenAICompatibleChatClient : IChatClient
{
    private readonly HttpClient http;
    private readonly ChatConnection connection;
    private readonly ResiliencePipeline<BegunAnswer> retries;
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
#pragma warning disable RS0030 // an app that gives no clock means the system's
        this.time = time ?? TimeProvider.System;
#pragma warning restore RS0030
        var endpoint = ChatEndpoint.From(options, "OpenAI") ?? throw new ArgumentException("Set ApiKey, or BaseUrl for an endpoint that needs no key.", nameof(options));
        http = new HttpClient(handler ?? ProviderTries.Connections(), disposeHandler: handler is null) { Timeout = Timeout.InfiniteTimeSpan };
        connection = new ChatConnection(endpoint, http, this.time);
        retries = ProviderTries.Pipeline<BegunAnswer>(this.time);
    }

    /// <inheritdoc/>
    public Task<Microsoft.Extensions.AI.ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var body = RequestJson.Of(messages, options, connection.Endpoint);
        using var limit = new AnswerTime(connection.Endpoint, time, cancellationToken);
        var begun = await WithinAsync(
            limit, () => retries.ExecuteAsync(async token => await BegunAnswer.BeginAsync(connection, body, token), limit.Token).AsTask(), cancellationToken);
        await using (begun)
        {
            var contents = new UpdateContents();
            limit.FirstTokenCame();
            do
            {
                foreach (var update in contents.Of(begun.Current))
                {
                    limit.Pause();
                    yield return update;
                    limit.Resume();
                }
            }
            while (await WithinAsync(limit, () => begun.MoveNextAsync().AsTask(), cancellationToken));
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata(connection.Endpoint.Host, connection.Endpoint.Completions, connection.Endpoint.Model)
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private static async Task<T> WithinAsync<T>(AnswerTime limit, Func<Task<T>> act, CancellationToken ct)
    {
        try
        {
            return await act();
        }
        catch (ProviderFault fault)
        {
            throw new SourceFailedException(fault.Code, fault.Message, fault.InnerException);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested && limit.Failure is { } late)
        {
            throw late;
        }
    }
}
