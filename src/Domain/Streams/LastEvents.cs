namespace EventSourcedStreams.Domain;

/// <summary>A stream's end as it was read: the last event that is no note, and the notes behind it, in order.</summary>
/// <param name="Decisive">It alone says what the stream is: its content so far, its ending, its deletion.</param>
internal sealed record LastEvents(RecordedEvent Decisive, IReadOnlyList<RecordedEvent> Notes)
{
    /// <summary>What the next append builds on.</summary>
    public RecordedEvent Last => Notes is [.., var last] ? last : Decisive;

    public StreamState State => Notes.Aggregate(StreamState.After(Decisive), (state, note) => StreamRules.Evolve(state, note.Event));
}
