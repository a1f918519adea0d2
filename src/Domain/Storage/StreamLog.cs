namespace EventSourcedStreams.Domain;

/// <summary>
/// The log that all truth stands in: encodes what is appended to a store, and checks what is read of it. A revision
/// numbers a stream's events from 0; what is read of a text has been checked: revisions without gap and the hash chain.
/// The store remains its opener's.
/// </summary>
/// <remarks>
/// Reads throw <see cref="StreamGoneException"/> for a deleted stream, <see cref="LogDamagedException"/> for what
/// cannot be right, and <see cref="LogUnavailableException"/> while the log cannot be reached. A stream that never was
/// reads as empty.
/// </remarks>
internal sealed partial class StreamLog
{
    /// <summary>How long a request to cancel is kept: longer than any node is gone and still drives.</summary>
    private static readonly TimeSpan RequestsKept = TimeSpan.FromDays(1);

    /// <summary>A log that says nothing is away too: what waits for a read is told so.</summary>
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(5);

    private readonly IEventStore store;
    private readonly StreamPrefix prefix;
    private readonly Func<Guid> newId;
    private readonly TimeProvider time;
    private readonly WrittenLinks links = new();

    private StreamLog(IEventStore store, StreamPrefix prefix, Func<Guid> newId, TimeProvider time, string logId)
    {
        (this.store, this.prefix, this.newId, this.time) = (store, prefix, newId, time);
        LogId = logId;
    }

    /// <summary>The log's identity (<c>LogNamed</c>): another one means another log, whatever its address.</summary>
    public string LogId { get; }

    /// <summary>The clock of what stands on it.</summary>
    internal TimeProvider Time => time;

    /// <summary>Holds this process's appends behind its heartbeat; the node's presence beats it.</summary>
    internal HeartbeatGate Heartbeat { get; } = new();

    /// <summary>Gives a new log its identity, and bounds the streams that nodes write to.</summary>
    /// <param name="newId">Draws 128 random bits.</param>
    /// <param name="node">The process that opens it; its heartbeats keep only the last.</param>
    /// <exception cref="LogUnavailableException">The log does not answer; opening can be tried again.</exception>
    public static async Task<StreamLog> OpenAsync(
        IEventStore store, StreamPrefix prefix, Func<Guid> newId, TimeProvider time, NodeRun node, CancellationToken ct)
    {
        var proposal = new ServiceEvent.LogNamed(newId().ToString("D")) { At = time.GetUtcNow() };
        var logId = await LogIdentity.ReadOrNameAsync(store, prefix, proposal, new AppendId(newId()), ByNode(node), time, ct);
        await store.SetLimitsAsync(prefix.Requests, new StreamLimits(MaxCount: null, MaxAge: RequestsKept), ct);
        await store.SetLimitsAsync(prefix.Node(node.Node), new StreamLimits(MaxCount: 1, MaxAge: null), ct);
        return new StreamLog(store, prefix, newId, time, logId);
    }

    /// <summary>Removes a stream for ever and leaves a tombstone. Again is success.</summary>
    /// <exception cref="LogUnavailableException">Whether it was removed is not known: try again.</exception>
    public async Task TombstoneAsync(StreamId stream, Deletion deletion, CancellationToken ct) =>
        await store.TombstoneAsync(
            prefix.Text(stream), ExpectedRevision.Any, new EventId(newId()), TombstoneMetadata.Write(deletion), ct);

    /// <summary>The id of the event at a position; null where none of ours stands. Proves that a stored position is of
    /// this log.</summary>
    public async Task<EventId?> FindAsync(LogPosition position, CancellationToken ct) =>
        await store.FindAsync(position, ct) is { } stored && IsOurs(stored.Stream) ? stored.Id : null;

    private bool IsOurs(string streamName) =>
        prefix.TryGetText(streamName, out _)
        || streamName == prefix.Requests
        || streamName == prefix.Jobs
        || streamName == prefix.Log
        || prefix.IsNode(streamName);

    private Task<StoreRead> ReadAsync(string stream, long from, bool forward, int maxCount, ReadFrom leader, CancellationToken ct) =>
        TimeLimit.WithinAsync(
            ReadLimit,
            time,
            token => store.ReadAsync(stream, from, forward, maxCount, leader, token),
            static () => throw new LogUnavailableException("The event log does not answer."),
            ct);
}
