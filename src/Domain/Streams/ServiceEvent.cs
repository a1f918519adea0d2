namespace EventSourcedStreams.Domain;

/// <summary>What the nodes say to each other through the log. These streams carry no hash chain: they are not part of
/// any text.</summary>
internal abstract record ServiceEvent
{
    private ServiceEvent() { }

    /// <summary>By the writer's clock, UTC. Decides nothing.</summary>
    public required DateTimeOffset At { get; init; }

    /// <param name="Run">Which start of the process.</param>
    /// <param name="OutageLimit">After how long without a new heartbeat, plus 6 s, others take the node for
    /// dead.</param>
    /// <param name="Stopped">The node's last word: it drives nothing any more.</param>
    public sealed record NodeHeartbeat(
        NodeRun Run, DateTimeOffset StartedAt, TimeSpan OutageLimit, bool Stopped) : ServiceEvent;

    /// <param name="Epoch">Of the driver that is meant: a later one lets the stream go on. Null: any, as older nodes
    /// ask.</param>
    public sealed record StreamCancelRequested(StreamId Id, string? Reason, int? Epoch = null) : ServiceEvent;

    /// <summary>How far a handler of endings has come, and which process hands them to it.</summary>
    /// <param name="Handler">The handler's name.</param>
    /// <param name="Holder">Hands endings to it until it is dead.</param>
    /// <param name="UpTo">The place of the last ending that was handled; null: all that stands behind this handler's
    /// first such event.</param>
    public sealed record EndingsHandled(string Handler, NodeRun Holder, LogPosition? UpTo) : ServiceEvent;

    /// <summary>A caller was let at something, or was refused.</summary>
    /// <param name="Who">As an event's actor; of a refused credential the name that it gave, if any, else
    /// <c>anonymous</c>.</param>
    /// <param name="What">What it asked for: <c>query</c>, <c>text</c>, <c>events</c>, <c>list</c>, <c>mint</c>,
    /// <c>revoke</c>, ….</param>
    /// <param name="Stream">Null: no single stream.</param>
    /// <param name="From">The address that the connection came from; null: not known.</param>
    /// <param name="Refused">Why, as the last segment of a problem's type; null: it was let.</param>
    public sealed record AccessRecorded(string Who, string What, StreamId? Stream, string? From, string? Refused) : ServiceEvent;

    /// <summary>A job was asked for: something that is done with all streams that have certain labels.</summary>
    /// <param name="Job">Its id: 32 hexadecimal digits.</param>
    /// <param name="Labels">A stream that it concerns has them all; at least one.</param>
    /// <param name="With">What is asked for besides: of an export <c>damaged</c> and <c>running</c> streams.</param>
    public sealed record JobRequested(string Job, JobKind Kind, Labels Labels, Names With) : ServiceEvent;

    /// <summary>How far a job has come, with all that is to be known of it.</summary>
    /// <param name="By">The actor that asked for it.</param>
    /// <param name="RequestedAt">By the clock of the node that was asked.</param>
    /// <param name="AsOf">Where in the log it was asked for: an export has what stands before.</param>
    /// <param name="Holder">Does it until it is dead.</param>
    /// <param name="Total">Streams that it concerns, as far as is known.</param>
    /// <param name="Done">Streams with which it is through.</param>
    /// <param name="Failed">Streams with which it could not be done.</param>
    /// <param name="Failures">Some of those, each a code, a space, and the stream's id.</param>
    /// <param name="Bytes">Of an export: how many bytes of it have been handed over; null: not one.</param>
    /// <param name="Ended">There is nothing more to be done.</param>
    public sealed record JobProgressed(
        string Job,
        JobKind Kind,
        Labels Labels,
        Names With,
        string By,
        DateTimeOffset RequestedAt,
        LogPosition AsOf,
        NodeRun Holder,
        long Total,
        long Done,
        long Failed,
        Names Failures,
        long? Bytes,
        bool Ended) : ServiceEvent;

    /// <summary>The log's identity, written once, by the node that opens it first.</summary>
    public sealed record LogNamed(string LogId) : ServiceEvent;
}
