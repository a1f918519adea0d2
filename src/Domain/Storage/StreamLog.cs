
namespace EventSourcedStreams.Domain;

/// <summary>The event log over any log of bytes: encodes what is written and checks what is read. The log of bytes remains its opener's.</summary>
public sealed partial class StreamLog : IEventLog, INodeLog
{
    /// <summary>How long a request to cancel is kept: longer than any node is gone and still drives.</summary>
    private static readonly TimeSpan RequestsKept = TimeSpan.FromDays(1);

    /// <summary>A log that says nothing is away too: whoever waits for a read is told so.</summary>
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(5);

    private readonly IEventStore bytes;
    private readonly StreamPrefix prefix;
    private readonly Func<Guid> newId;
    private readonly TimeProvider time;

    private StreamLog(IEventStore bytes, StreamPrefix prefix, Func<Guid> newId, TimeProvider time, string logId)
    {
        (this.bytes, this.prefix, this.newId, this.time) = (bytes, prefix, newId, time);
        LogId = logId;
    }

    public string LogId { get; }

    /// <summary>Gives a new log its identity, and bounds the streams that nodes write to.</summary>
    /// <param name="newId">Draws 128 random bits.</param>
    /// <param name="node">Who opens it; its heartbeats keep only the last.</param>
    /// <exception cref="LogUnavailableException">The log does not answer; opening can be tried again.</exception>
    public static async Task<StreamLog> OpenAsync(
        IEventStore bytes, StreamPrefix prefix, Func<Guid> newId, TimeProvider time, NodeRun node, CancellationToken ct)
    {
        var proposal = new ServiceEvent.LogNamed(newId().ToString("D")) { At = time.GetUtcNow() };
        var logId = await LogIdentity.ReadOrNameAsync(bytes, prefix, proposal, new AppendId(newId()), ByNode(node), ct);
        await bytes.SetLimitsAsync(prefix.Requests, new StreamLimits(MaxCount: null, MaxAge: RequestsKept), ct);
        await bytes.SetLimitsAsync(prefix.Node(node.Node), new StreamLimits(MaxCount: 1, MaxAge: null), ct);
        return new StreamLog(bytes, prefix, newId, time, logId);
    }

    public async Task<AppendResult> AppendAsync(Append append, CancellationToken ct)
    {
        var encoded = StreamCodec.Encode(append);
        var expected = ExpectedRevision.Exactly(append.Expected.Revision);
        return await AppendAsync(prefix.Text(append.Stream), expected, encoded.Events, _ => encoded.Head, ct);
    }

    public async Task TombstoneAsync(StreamId stream, Deletion deletion, CancellationToken ct) =>
        await bytes.TombstoneAsync(prefix.Text(stream), new EventId(newId()), TombstoneMetadata.Write(deletion), ct);

    public async Task<EventId?> FindAsync(LogPosition position, CancellationToken ct) =>
        await bytes.FindAsync(position, ct) is { } stored && IsOurs(stored.Stream) ? stored.Id : null;

    private bool IsOurs(string streamName) =>
        prefix.TryGetText(streamName, out _)
        || streamName == prefix.Requests
        || streamName == prefix.Log
        || prefix.IsNode(streamName);

    private async Task<StoreRead> ReadAsync(string stream, long from, bool forward, int maxCount, ReadFrom leader, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(ReadLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            return await bytes.ReadAsync(stream, from, forward, maxCount, leader, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new LogUnavailableException("The event log does not answer.");
        }
    }

    private async Task<AppendResult> AppendAsync(
        string stream,
        ExpectedRevision expected,
        IReadOnlyList<NewEvent> events,
        Func<StoreAppendResult.Appended, StreamHead> head,
        CancellationToken ct)
    {
        try
        {
            return await bytes.AppendAsync(stream, expected, events, ct) switch
            {
                StoreAppendResult.Appended appended => new AppendResult.Appended(head(appended)),
                StoreAppendResult.Conflict => new AppendResult.Conflict(),
                StoreAppendResult.Deleted => new AppendResult.Deleted(),
                StoreAppendResult.Unknown unknown => new AppendResult.Unknown(unknown.Why),
                var other => throw new InvalidOperationException($"{other} is no answer to an append."),
            };
        }
        catch (LogUnavailableException e)
        {
            return new AppendResult.Unknown(e.Message);
        }
    }
}
