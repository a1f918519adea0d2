using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Writes a client's updates to the stream: text is its text, all else becomes parts.</summary>
/// <param name="ct">Ends a wait for unsaved text.</param>
internal sealed class AnswerWriter(IAppender output, ToolRuns tools, CancellationToken ct)
{
    private readonly TextOffsets body = new(codePoints: false);
    private readonly ReasoningWriter reasoning = new(output);
    private readonly CallWriter calls = new(output, tools);
    private AnswerStep? step;
    private UsageDetails? usage;
    private ChatFinishReason? finishReason;

    /// <summary>Where the step's message begins in the body, in UTF-16 code units.</summary>
    private long messageAt;

    /// <summary>Something of the answer has been told.</summary>
    public bool HasContent { get; private set; }

    public async Task WriteAsync(ChatResponseUpdate update)
    {
        // Text is a sign of life itself.
        if (update.Contents is not [TextContent { Text.Length: > 0 }]) output.KeepAlive();
        if (IsSilent(update)) return;
        await InStepAsync(update);
        if (update.RawRepresentation is ToolCallDelta delta) await TakenAsync(WriteAsync(delta));
        foreach (var content in update.Contents)
        {
            await TakenAsync(WriteAsync(content));
        }

        if (update.FinishReason is { } reason)
        {
            finishReason = reason;
            step?.FinishReason = reason;
        }
    }

    /// <summary>Whether an update is of another call of the model than the one before.</summary>
    public bool EndsStep(ChatResponseUpdate update) => step is not null && update.Role != ChatRole.Tool && !step.Holds(update);

    /// <summary>The call of the model is over.</summary>
    /// <returns>What it has used; null: that was not told.</returns>
    public async ValueTask<UsageDetails?> EndStepAsync()
    {
        await reasoning.EndAsync();
        if (step is null) return null;
        var ended = step;
        step = null;
        await ended.EndAsync();
        return ended.Usage;
    }

    public async Task<SourceResult> EndAsync()
    {
        await EndStepAsync();
        return new SourceResult(finishReason?.Value, UsageJson.Of(usage)?.ToJsonString());
    }

    /// <summary>It only says that the model is at work.</summary>
    private static bool IsSilent(ChatResponseUpdate update) => update is
    {
        Contents.Count: 0, FinishReason: null, MessageId: null, ResponseId: null, ConversationId: null, ModelId: null, AuthorName: null, RawRepresentation: not ToolCallDelta,
    };

    /// <summary>Waits while too much is unsaved, but no longer than the stream goes on.</summary>
    private ValueTask TakenAsync(ValueTask taken) => taken.IsCompletedSuccessfully ? taken : new ValueTask(taken.AsTask().WaitAsync(ct));

    /// <summary>Results of tools come between two calls of the model, and are of neither.</summary>
    private async ValueTask InStepAsync(ChatResponseUpdate update)
    {
        if (update.Role == ChatRole.Tool && step is not null) return;
        if (step?.Holds(update) == true)
        {
            step.Add(update);
            return;
        }

        await EndStepAsync();
        calls.NextAnswer();
        step = new AnswerStep(output, update);
        messageAt = body.Length;
    }

    private async ValueTask WriteAsync(ToolCallDelta delta)
    {
        HasContent = true;
        await reasoning.EndAsync();
        await calls.WriteAsync(delta);
    }

    private async ValueTask WriteAsync(AIContent content)
    {
        HasContent |= content is not UsageContent;
        if (content is TextReasoningContent thought)
        {
            await reasoning.WriteAsync(thought);
            return;
        }

        if (content is UsageContent used)
        {
            (usage ??= new UsageDetails()).Add(used.Details);
            if (step is not null) (step.Usage ??= new UsageDetails()).Add(used.Details);
            return;
        }

        if (content is not TextContent { Text: "" or null }) await reasoning.EndAsync();
        if (content is TextContent text) await WriteAsync(text);
        else if (!await calls.TryWriteAsync(content)) await ContentWriter.WriteAsync(content, output);
        if (content is not TextContent) await SourceWriter.WriteAsync(content.Annotations, output, body, messageAt, body.Length);
    }

    private async ValueTask WriteAsync(TextContent text)
    {
        var begins = body.Length;
        if (!string.IsNullOrEmpty(text.Text))
        {
            body.Add(text.Text);
            await output.AppendAsync(text.Text);
        }

        await SourceWriter.WriteAsync(text.Annotations, output, body, messageAt, begins);
    }
}
