using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Asks a chat client. A stream's input holds the messages, with what an answer's query gives as
/// content.</summary>
internal sealed class ChatClientSource(
    string name, Func<IServiceProvider, IChatClient> client, ChatClientSourceOptions options, IServiceScopeFactory scopes, TimeProvider time) : ITextSource
{
    private readonly ChatClientSourceOptions options = Checked(options);

    public string Name => name;

    public void Validate(JsonElement? input) => ChatInput.Read(input, name, options);

    public SourceDescription Describe(JsonElement? input) => new(options.Provider, ChatInput.ModelOf(input) ?? options.Model ?? options.Defaults?.ModelId);

    public async Task<SourceResult> RunAsync(SourceRequest request, IAppender output, CancellationToken ct)
    {
        var input = Read(request.Input);
        await using var scope = scopes.CreateAsyncScope();
        var tools = new ToolRuns(output, time);
        var answer = new AnswerWriter(output, tools, ct);
        var asked = input.OptionsWith(options, tool => tools.Observed(options.Tools[tool](scope.ServiceProvider)), tools.Observed);
        var asking = ChatClientPipeline.Of(client(scope.ServiceProvider), asked.Tools is { Count: > 0 }, options.Retries, time, output.KeepAlive);
        try
        {
            await foreach (var update in asking.GetStreamingResponseAsync(input.Messages, asked, ct).WithCancellation(ct)) await answer.WriteAsync(update);
        }
        catch (Exception e) when (ClientFailure.Of(e, answer.HasContent) is { } failure && !ct.IsCancellationRequested)
        {
            throw failure;
        }

        return await answer.EndAsync();
    }

    private ChatInput Read(JsonElement? given)
    {
        try
        {
            return ChatInput.Read(given, name, options);
        }
        catch (InvalidInputException e)
        {
            // It was valid when the stream was created: the app's options have changed since.
            throw new SourceFailedException("invalid-input", e.Message, e);
        }
    }

    private static ChatClientSourceOptions Checked(ChatClientSourceOptions options) =>
        options.Retries is >= 0 and <= 10 ? options : throw new ArgumentException($"Retries is 0 to 10, not {options.Retries}.");
}
