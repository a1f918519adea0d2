using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Chat;

/// <summary>
/// Answers anything, pleasantly and at a readable pace, so that the sample needs no key and no network: it thinks
/// aloud, calls the tool where a question is of the weather, and counts its words as tokens. A question that speaks of
/// failing is obeyed.
/// </summary>
internal sealed partial class BuiltInClient(TimeSpan pause) : IChatClient
{
    private static readonly string[] Thoughts =
    [
        "Most good answers begin with a walk. Leave the question on the desk, go round the block once, and look at it again when you are "
            + "back: it will have become smaller, or it will have become two questions, and one of them you know.",
        "I would begin with the smallest piece that could be wrong, try it today, and let the result argue with me. Plans are pleasant to "
            + "write; small experiments are pleasant to have written.",
        "A gardener would say: water it in the morning, do not pull at it, and come back tomorrow. Surprisingly many things are gardens, "
            + "and hardly anything grows faster because somebody looks at it.",
        "There is an old trick: explain it to somebody who does not mind asking why. By the third why you will either have the answer or "
            + "know exactly whom to ask for it, which is nearly as good.",
    ];

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var said = messages.ToList();
        var question = said.Last(message => message.Role == ChatRole.User).Text;
        var results = said[^1].Contents.OfType<FunctionResultContent>().ToList();
        var id = $"answer-{Guid.CreateVersion7():N}";
        var (read, written) = (said.Sum(message => Words(message.Text).Length), 0);
        if (results.Count == 0)
        {
            var town = options?.Tools?.Any(tool => tool.Name == Weather.Name) == true ? TownIn(question) : null;
            await foreach (var word in SpokenAsync(ThoughtOn(question, town), cancellationToken)) yield return Said(new TextReasoningContent(word));
            if (town is not null)
            {
                yield return Said(new FunctionCallContent($"call-{id[^8..]}", Weather.Name, new Dictionary<string, object?> { ["town"] = town }));
                yield return Over(ChatFinishReason.ToolCalls);
                yield break;
            }
        }

        var fails = question.Contains("fail", StringComparison.OrdinalIgnoreCase);
        var text = results.Count > 0 ? Told(results[^1].Result) : AnswerTo(question);
        await foreach (var word in SpokenAsync(fails ? text[..(text.Length / 2)] : text, cancellationToken)) yield return Said(new TextContent(word));
        if (fails) throw new SourceFailedException("asked-to-fail", "The built-in writer was asked to fail, and did.");
        yield return Over(ChatFinishReason.Stop);

        ChatResponseUpdate Said(AIContent content)
        {
            written++;
            return new(ChatRole.Assistant, [content]) { ResponseId = id, MessageId = id, ModelId = "built-in" };
        }

        ChatResponseUpdate Over(ChatFinishReason reason)
        {
            var usage = new UsageDetails { InputTokenCount = read, OutputTokenCount = written, TotalTokenCount = read + written };
            return new(ChatRole.Assistant, [new UsageContent(usage)]) { ResponseId = id, MessageId = id, ModelId = "built-in", FinishReason = reason };
        }
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() { }

    private async IAsyncEnumerable<string> SpokenAsync(string text, [EnumeratorCancellation] CancellationToken ct)
    {
        var space = "";
        foreach (var word in Words(text))
        {
            yield return space + word;
            space = " ";
            await Task.Delay(pause, ct);
        }
    }

    private static string[] Words(string text) => text.Split(' ');

    private static string ThoughtOn(string question, string? town) => town is null
        ? $"The question has {Words(question).Length} words and no weather in it, so I need no tool. A kind answer will do."
        : $"This is about the weather in {town}. I had better look than guess.";

    private static string AnswerTo(string question) =>
        $"You asked: “{Shortened(question)}” – a good thing to wonder about.\n\n{Thoughts[question.Length % Thoughts.Length]}\n\n"
        + "I am the writer that this sample has built in, so take it as a kind word and not as advice. Reload the page while I write, "
        + "or open it in a second tab: every word that you have seen is kept, and the rest follows.";

    private static string Told(object? result) =>
        (result is JsonElement json ? json : JsonSerializer.SerializeToElement(result, JsonSerializerOptions.Web)) is { ValueKind: JsonValueKind.Object } today
            ? $"In {today.GetProperty("town")} it is {today.GetProperty("sky")} today, with {today.GetProperty("degrees")} °C.\n\n"
                + "I looked it up with a tool, whose call and result you find above these words: they are kept like every word of mine."
            : "The weather could not be found out: the tool failed. Ask once more, or look out of the window.";

    private static string? TownIn(string question) =>
        !question.Contains("weather", StringComparison.OrdinalIgnoreCase) ? null : Town().Match(question) is { Success: true } town ? town.Value : "Oakhaven";

    private static string Shortened(string question) => question.Length <= 80 ? question : question[..80].TrimEnd() + "…";

    [GeneratedRegex(@"(?<=\b(?:in|of|at)\s)\p{Lu}[\p{L}’'-]*(?:\s\p{Lu}[\p{L}’'-]*)*")]
    private static partial Regex Town();
}
