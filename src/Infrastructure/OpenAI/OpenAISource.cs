using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>
/// A chat completion of any provider that speaks OpenAI's API, by a chat client for each endpoint. The stream's input
/// is the request, as the provider documents it, and goes out as it came.
/// </summary>
internal sealed class OpenAISource : ITextSource, IDisposable
{
    private readonly ProviderChoice providers;
    private readonly HttpClient http;

    /// <param name="options">Read once, here.</param>
    /// <param name="time">For waits between tries, timeouts, and the silence after an answer's end.</param>
    /// <param name="handler">Sends the requests, and stays its owner's; null: connections of the source's own, without
    /// redirects and cookies.</param>
    /// <exception cref="ArgumentException">Names the key of the configuration that is wrong. Never holds a
    /// secret.</exception>
    public OpenAISource(OpenAIOptions options, TimeProvider time, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        // A model may think for long; the stream's idle timeout and the endpoint's own watch over silence.
        http = new HttpClient(handler ?? ProviderTries.Connections(), disposeHandler: handler is null) { Timeout = Timeout.InfiniteTimeSpan };
        providers = new ProviderChoice(options, endpoint => new OpenAICompatibleChatClient(endpoint, http, time));
    }

    public string Name => "openai";

    public void Validate(JsonElement? input) => ChatRequest.Validate(input, providers.Of(input, out _).Calls.Endpoint);

    public SourceDescription Describe(JsonElement? input)
    {
        var endpoint = providers.Find(input, out _)?.Calls.Endpoint;
        return new(endpoint?.Host, ChatRequest.ModelOf(input, endpoint));
    }

    public async Task<SourceResult> RunAsync(SourceRequest request, IAppender output, CancellationToken ct)
    {
        try
        {
            Validate(request.Input);
        }
        catch (InvalidInputException e)
        {
            // It was valid when the stream was created: the configuration has changed since.
            throw new SourceFailedException("invalid-input", e.Message, e);
        }

        var client = providers.Of(request.Input, out var isNamed);
        using var limit = client.Calls.Limit(ct);
        return await AnswerAsync(client.Calls.AskAsync(request.Input!.Value, isNamed, limit), limit, output, ct);
    }

    public void Dispose() => http.Dispose();

    private static async Task<SourceResult> AnswerAsync(IAsyncEnumerable<ChatUpdate> answer, AnswerTime limit, IAppender output, CancellationToken ct)
    {
        var parts = new PartWriter(output);
        await foreach (var update in answer)
        {
            if (update is ChatUpdate.PartStart or ChatUpdate.PartText or ChatUpdate.PartEnd) output.KeepAlive();
            switch (update)
            {
                case ChatUpdate.Text(var text):
                    await TakenAsync(output.AppendAsync(text), limit, ct);
                    break;
                case ChatUpdate.PartStart(var part):
                    await TakenAsync(parts.StartAsync(part).AsTask(), limit, ct);
                    break;
                case ChatUpdate.PartText(var part, var text):
                    await TakenAsync(parts.AppendAsync(part, text).AsTask(), limit, ct);
                    break;
                case ChatUpdate.PartEnd end:
                    await TakenAsync(parts.EndAsync(end).AsTask(), limit, ct);
                    break;
                case ChatUpdate.Alive:
                    output.KeepAlive();
                    break;
                case ChatUpdate.End(var reason, var usage):
                    return new SourceResult(reason, usage);
            }
        }

        throw new System.Diagnostics.UnreachableException("An answer ends or throws.");
    }

    /// <summary>Waits while too much is unsaved, but no longer than the stream goes on.</summary>
    private static async Task TakenAsync(Task taken, AnswerTime limit, CancellationToken ct)
    {
        if (taken.IsCompletedSuccessfully) return;
        limit.Pause();
        await taken.WaitAsync(ct);
        limit.Resume();
    }
}
