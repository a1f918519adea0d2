using System.Text.Json;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>One call of a client, as the source of its answer's stream: each update is written, and told to the caller
/// as it is. What the model has used is told when its call is over, as the log has it.</summary>
/// <param name="told">Gets the updates at once.</param>
internal sealed class LiveAnswer(
    string name, IChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options, UpdateQueue told, TimeProvider time) : ITextSource
{
    private readonly WholeText whole = new();

    public string Name => name;

    /// <summary>What the client threw.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The last reason that the client gave for the end of a call; null: it has given none since anything else
    /// came.</summary>
    public ChatFinishReason? FinishReason { get; private set; }

    public void Validate(JsonElement? input) { }

    public SourceDescription Describe(JsonElement? input)
    {
        var metadata = client.GetService<ChatClientMetadata>();
        return new SourceDescription(TextCut.ToBytes(metadata?.ProviderName, 256), options?.ModelId ?? metadata?.DefaultModelId);
    }

    public async Task<SourceResult> RunAsync(SourceRequest request, IAppender output, CancellationToken ct)
    {
        var marked = new MarkedAppender(output);
        var tools = new ToolRuns(marked, time);
        var answer = new AnswerWriter(marked, tools, ct);
        try
        {
            await foreach (var update in client.GetStreamingResponseAsync(messages, OptionsFor(tools), ct).WithCancellation(ct))
            {
                if (answer.EndsStep(update)) Tell(await answer.EndStepAsync(), marked, tools, ct);
                var clone = update.Clone();
                clone.Contents = whole.Of(update.Contents);
                await answer.WriteAsync(clone);
                FinishReason = update.FinishReason;
                if (clone.Contents.Any(content => content is UsageContent)) clone.Contents = [.. clone.Contents.Where(content => content is not UsageContent)];
                Tell(clone, marked, tools, ct);
            }
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Failure = e;
            if (ClientFailure.Of(e, answer.HasContent) is { } failure) throw failure;
            throw;
        }

        if (whole.End() is { } rest)
        {
            var last = new ChatResponseUpdate(ChatRole.Assistant, rest);
            await answer.WriteAsync(last);
            Tell(last, marked, tools, ct);
        }

        Tell(await answer.EndStepAsync(), marked, tools, ct);
        return await answer.EndAsync();
    }

    /// <summary>For the client alone: background and continuation are this answer's matter.</summary>
    private ChatOptions? OptionsFor(ToolRuns tools)
    {
        if (options?.Clone() is not { } asked) return null;
        (asked.AllowBackgroundResponses, asked.ContinuationToken) = (null, null);
        if (asked.Tools is { Count: > 0 } given) asked.Tools = [.. given.Select(tools.Observed)];
        return asked;
    }

    private void Tell(UsageDetails? usage, MarkedAppender marked, ToolRuns tools, CancellationToken ct)
    {
        if (usage is not null) Tell(AnswerEnd.Usage(usage), marked, tools, ct);
    }

    /// <summary>What comes after the stream's end is not kept, and so is not told.</summary>
    private void Tell(ChatResponseUpdate update, MarkedAppender marked, ToolRuns tools, CancellationToken ct)
    {
        if (!ct.IsCancellationRequested) told.Add(new ToldUpdate(update, marked.Mark(tools)));
    }
}
