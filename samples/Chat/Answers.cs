using System.ClientModel;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;

namespace EventSourcedStreams.Chat;

/// <summary>Where answers come from: a model where one is configured, else a writer that is built in.</summary>
internal static class Answers
{
    public static Func<SourceRequest, AppendText, CancellationToken, Task> From(IConfiguration configuration)
    {
        var pause = configuration.GetValue("Writer:Pause", TimeSpan.FromMilliseconds(45));
        return configuration["OpenAI:ApiKey"] is { Length: > 0 } key
            ? (request, append, ct) => AskAsync(Model(configuration, key), Said(request), append, ct)
            : (request, append, ct) => BuiltInWriter.WriteAsync(Said(request)[^1].Content, pause, append, ct);
    }

    private static async Task AskAsync(ChatClient model, Message[] said, AppendText append, CancellationToken ct)
    {
        ChatMessage[] messages = [.. said.Select(Converted)];
        try
        {
            await foreach (var update in model.CompleteChatStreamingAsync(messages, cancellationToken: ct))
            {
                foreach (var part in update.ContentUpdate) await append(part.Text);
            }
        }
        catch (ClientResultException e)
        {
            throw new SourceFailedException("model-failed", e.Status == 0 ? "The model could not be reached." : $"The model's endpoint answered {e.Status}.");
        }
    }

    private static ChatMessage Converted(Message message) =>
        message.Role == "user" ? new UserChatMessage(message.Content) : new AssistantChatMessage(message.Content);

    private static ChatClient Model(IConfiguration configuration, string key)
    {
        var options = new OpenAIClientOptions();
        if (configuration["OpenAI:BaseUrl"] is { Length: > 0 } url) options.Endpoint = new Uri(url);
        return new ChatClient(configuration["OpenAI:Model"] ?? "gpt-4o-mini", new ApiKeyCredential(key), options);
    }

    private static Message[] Said(SourceRequest request) => request.Input!.Value.Deserialize<Message[]>(JsonSerializerOptions.Web)!;
}
