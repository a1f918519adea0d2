namespace EventSourcedStreams.Domain;

/// <summary>What the recovery looks for.</summary>
internal abstract record DueQuery
{
    private DueQuery() { }

    /// <summary>Claimed and not ended.</summary>
    public sealed record Streaming : DueQuery;

    public sealed record PendingSince(DateTimeOffset CreatedBefore) : DueQuery;

    /// <summary>Ended, and their retention (their own, else <paramref name="Default"/>) is over.</summary>
    public sealed record RetentionOver(DateTimeOffset Now, TimeSpan? Default) : DueQuery;

    /// <summary>Ended in order to be deleted, and not fenced.</summary>
    public sealed record CancelledForDeletion : DueQuery;

    /// <summary>Fenced by <c>StreamDeleted</c> and not yet gone.</summary>
    public sealed record DeletionCutShort : DueQuery;
}
