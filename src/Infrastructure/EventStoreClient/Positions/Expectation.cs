namespace EventStore.Client;

/// <summary>What a write expects of its stream: a revision, or a state.</summary>
internal readonly record struct Expectation(StreamRevision? Revision, StreamState State)
{
    public static implicit operator Expectation(StreamRevision revision) => new(revision, default);

    public static implicit operator Expectation(StreamState state) => new(null, state);

    /// <summary>Calls the one setter of a request that fits.</summary>
    public void WriteTo(Action<ulong> revision, Action noStream, Action any, Action streamExists)
    {
        if (Revision is { } number) revision(number.ToUInt64());
        else if (State == StreamState.NoStream) noStream();
        else if (State == StreamState.Any) any();
        else if (State == StreamState.StreamExists) streamExists();
        else throw new InvalidOperationException("An expected state is NoStream, Any or StreamExists.");
    }
}
