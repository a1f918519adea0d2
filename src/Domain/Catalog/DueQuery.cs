namespace EventSourcedStreams.Domain;

/// <summary>What the recovery looks for.</summary>
internal abstract record DueQuery
{
    private DueQuery() { }

    /// <summary>Claimed and not ended, but for what is known to be driven.</summary>
    public sealed record Streaming : DueQuery
    {
        /// <summary>Streams that are left out.</summary>
        public IReadOnlyCollection<StreamId> Driven { get; init; } = [];

        /// <summary>Runs whose streams are left out.</summary>
        public IReadOnlyCollection<NodeRun> Alive { get; init; } = [];
    }

    public sealed record PendingSince(DateTimeOffset CreatedBefore) : DueQuery;

    /// <summary>Ended, and their retention (their own, else <paramref name="Default"/>) is over.</summary>
    public sealed record RetentionOver(DateTimeOffset Now, TimeSpan? Default) : DueQuery;

    /// <summary>Ended in order to be deleted, and not fenced.</summary>
    public sealed record CancelledForDeletion : DueQuery;

    /// <summary>Fenced by <c>StreamDeleted</c> and not yet gone.</summary>
    public sealed record DeletionCutShort : DueQuery;
}
