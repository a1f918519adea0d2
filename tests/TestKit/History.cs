using EventSourcedStreams.Domain;

namespace EventSourcedStreams.TestKit;

/// <summary>Folds a stream's events by every rule that there is of them.</summary>
internal static class History
{
    /// <exception cref="System.Diagnostics.UnreachableException">An event cannot follow.</exception>
    public static AnswerContent Content(IEnumerable<RecordedEvent> events)
    {
        var (content, state, open, body) = (new AnswerContent(), (StreamState)new StreamState.Missing(), OpenParts.None, default(StreamBody));
        foreach (var recorded in events)
        {
            state = StreamRules.Evolve(state, recorded.Event);
            open = open.After(recorded.Event);
            content.Apply(recorded);
            body = StreamBody.Apply(body, recorded);
            if (recorded.Event is not StreamNote && StreamState.After(recorded) != state)
                throw new InvalidOperationException($"The state behind {recorded.Event} is not that of folding all.");
            if (content.Length != body.Summary.Length || content.Parts != body.Summary.Parts)
                throw new InvalidOperationException($"Behind {recorded.Event} the folds differ.");
        }

        return content;
    }
}
