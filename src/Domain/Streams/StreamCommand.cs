using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Domain;

/// <summary>A request to change a stream. It carries the time, so that the rules need no clock.</summary>
internal abstract record StreamCommand
{
    private StreamCommand() { }

    /// <summary>UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Of an ending: how many U+FFFD in the text stand for bytes that were no text; null where none were to be
    /// replaced.</summary>
    public long? Replaced { get; init; }

    public sealed record Create(
        StreamId Id,
        string Source,
        string? Input,
        string ContentType,
        TimeSpan IdleTimeout,
        TimeSpan? Retain,
        Labels Labels,
        Names Given) : StreamCommand
    {
        public TimeSpan? MaxDuration { get; init; }

        public OnDisconnect OnDisconnect { get; init; }

        /// <summary>Whether this is the request that made a stream, once more: the fields that the client gave, and
        /// their values.</summary>
        /// <param name="sameJson">Compares two <c>input</c>s by meaning.</param>
        public bool Repeats(StreamCreated created, Func<string, string, bool> sameJson) =>
            Given.Equals(created.Given)
            && (!Given.Contains("source") || Source == created.Source)
            && (!Given.Contains("idleTimeoutSeconds") || IdleTimeout == created.IdleTimeout)
            && (!Given.Contains("retainSeconds") || Retain == created.Retain)
            && MaxDuration == created.MaxDuration
            && OnDisconnect == created.OnDisconnect
            && Labels.Equals(created.Labels)
            && (Input is null) == (created.Input is null)
            && (Input is null || created.Input is null || sameJson(Input, created.Input));
    }

    public sealed record Start(NodeRun Driver, string? Provider, string? Model, string Engine) : StreamCommand;

    /// <param name="Since">When its first piece came.</param>
    public sealed record PersistChunk(string Text, DateTimeOffset Since) : StreamCommand;

    /// <param name="Since">When the source said it.</param>
    public sealed record StartPart(PartStart What, DateTimeOffset Since) : StreamCommand;

    /// <param name="Since">When its first piece came.</param>
    public sealed record PersistPart(int Part, string Text, DateTimeOffset Since) : StreamCommand;

    /// <param name="Since">When the source said it.</param>
    public sealed record EndPart(int Part, PartEnd End, DateTimeOffset Since) : StreamCommand;

    public sealed record Complete(string? FinishReason, string? Usage) : StreamCommand;

    public sealed record Fail(string Code, string Message) : StreamCommand;

    public sealed record Cancel(string By, string? Reason, DateTimeOffset RequestedAt) : StreamCommand
    {
        /// <summary>The event id that the <c>StreamDeleted</c> will have of which this is the first half; null: it is
        /// no part of a deletion.</summary>
        public string? ForDeletion { get; init; }
    }

    public sealed record TimeOut(TimeSpan IdleFor, DateTimeOffset LastActivityAt) : StreamCommand
    {
        /// <summary>The longest that it was allowed to run, where that ends it; null: silence does.</summary>
        public TimeSpan? MaxDuration { get; init; }
    }

    public sealed record Delete(string By, string? Reason) : StreamCommand;
}
