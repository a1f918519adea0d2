namespace EventSourcedStreams.Domain;

/// <param name="Status">The ending's status; null while the log could not be asked (<c>unknown</c>).</param>
/// <param name="Revision">Of the terminal event; null where it is not known.</param>
internal sealed record DriverEnd(StreamStatus? Status, Revision? Revision, long Length, StreamFailure? Error)
{
    public bool IsClean => Status is StreamStatus.Done;

    /// <summary>What the source said of its end.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The provider's own JSON.</summary>
    public string? Usage { get; init; }

    /// <summary>As the terminal event tells it; null: it is no ending.</summary>
    public static DriverEnd? Of(StreamEvent last, Revision revision) => StreamState.After(last, epoch: 1) switch
    {
        StreamState.Ended s => new DriverEnd(s.Status, revision, s.Length, StreamFailure.Of(last))
        {
            FinishReason = (last as StreamEvent.StreamCompleted)?.FinishReason,
            Usage = (last as StreamEvent.StreamCompleted)?.Usage,
        },
        StreamState.Deleted s => new DriverEnd(StreamStatus.Deleted, revision, s.Length, null),
        _ => null,
    };
}
