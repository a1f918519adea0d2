using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Makes an answer's updates end between characters: half of a surrogate pair goes with its other half, so
/// that the place behind each update is a place in what is stored.</summary>
internal sealed class WholeText
{
    private SurrogateNormalizer body;
    private SurrogateNormalizer thought;

    /// <summary>What is told for an update, in its order; mostly its own contents.</summary>
    public IList<AIContent> Of(IList<AIContent> contents)
    {
        if (!contents.Any(IsTouched)) return contents;
        var whole = new List<AIContent>(contents.Count + 1);
        foreach (var content in contents)
        {
            if (content is not TextReasoningContent and not UsageContent and not TextContent { Text: "" or null }) EndThought(whole);
            whole.Add(Whole(content));
        }

        return whole;
    }

    /// <summary>What the end of the answer makes of a half that was held back; null: there is none.</summary>
    public IList<AIContent>? End()
    {
        var rest = new List<AIContent>();
        EndThought(rest);
        if (body.Finish() is { Length: > 0 } text) rest.Add(new TextContent(text));
        return rest.Count == 0 ? null : rest;
    }

    private bool IsTouched(AIContent content) => content switch
    {
        TextContent text => body.IsWaiting || thought.IsWaiting || HasSurrogates(text.Text),
        TextReasoningContent text => thought.IsWaiting || HasSurrogates(text.Text),
        _ => thought.IsWaiting,
    };

    private static bool HasSurrogates(string? text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');

    private void EndThought(List<AIContent> to)
    {
        if (thought.Finish() is { Length: > 0 } rest) to.Add(new TextReasoningContent(rest));
    }

    private AIContent Whole(AIContent content)
    {
        switch (content)
        {
            case TextContent text when body.Next(text.Text ?? "") is var whole && whole != text.Text:
                return new TextContent(whole) { Annotations = text.Annotations, AdditionalProperties = text.AdditionalProperties, RawRepresentation = text.RawRepresentation };
            case TextReasoningContent text when Thought(text) is var whole && whole != text.Text:
                return new TextReasoningContent(whole)
                {
                    ProtectedData = text.ProtectedData,
                    Annotations = text.Annotations,
                    AdditionalProperties = text.AdditionalProperties,
                    RawRepresentation = text.RawRepresentation,
                };
            default:
                return content;
        }
    }

    /// <summary>What only the provider reads ends a thought.</summary>
    private string Thought(TextReasoningContent content)
    {
        var text = thought.Next(content.Text ?? "");
        return string.IsNullOrEmpty(content.ProtectedData) ? text : text + thought.Finish();
    }
}
