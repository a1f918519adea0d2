using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.TestKit;

/// <summary>
/// A log of which the near node lags behind the leader, as a follower in a cluster does. Its reads of texts can be
/// held, and are counted; another log can take its place, as when a backup is restored.
/// </summary>
internal sealed class NearNodeStore(IEventStore first) : DelegatingEventStore(first)
{
    private readonly ConcurrentQueue<(string Stream, long From, int Events)> reads = new();
    private TaskCompletionSource? gate;
    private Exception? followFault;
    private int reading;

    /// <summary>The last revision of any text that the near node has heard of; null: all.</summary>
    public long? NearSees { get; set; }

    /// <summary>Reads of texts that are under way.</summary>
    public int Reading => Volatile.Read(ref reading);

    /// <summary>Reads of texts: where they began, and how many events they got.</summary>
    public IReadOnlyCollection<(string Stream, long From, int Events)> Reads => reads;

    public void ForgetReads() => reads.Clear();

    public void HoldReads() => gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => Interlocked.Exchange(ref gate, null)?.TrySetResult();

    /// <summary>The next follower of a text gets this instead of an event.</summary>
    public void FailFollower(Exception fault) => followFault = fault;

    public override async Task<StoreRead> ReadAsync(string stream, long from, bool forward, int maxCount, ReadFrom leader, CancellationToken ct)
    {
        if (!IsText(stream)) return await Behind.ReadAsync(stream, from, forward, maxCount, leader, ct);
        Interlocked.Increment(ref reading);
        try
        {
            if (gate is { } held) await held.Task.WaitAsync(ct);
            var read = await Behind.ReadAsync(stream, from, forward, maxCount, leader, ct);
            if (leader == ReadFrom.Anywhere && NearSees is { } end) read = Before(read, end);
            reads.Enqueue((stream, from, read is StoreRead.Page page ? page.Events.Count : 0));
            return read;
        }
        finally
        {
            Interlocked.Decrement(ref reading);
        }
    }

    public override async IAsyncEnumerable<StoredEvent> FollowAsync(string stream, long from, [EnumeratorCancellation] CancellationToken ct)
    {
        if (IsText(stream) && Interlocked.Exchange(ref followFault, null) is { } fault) throw fault;
        await foreach (var stored in Behind.FollowAsync(stream, from, ct)) yield return stored;
    }

    private static bool IsText(string stream) => StreamPrefix.Default.TryGetText(stream, out _);

    private static StoreRead Before(StoreRead read, long end)
    {
        if (end < 0) return new StoreRead.Missing();
        if (read is not StoreRead.Page page) return read;
        var seen = page.Events.Where(stored => stored.Revision <= end).ToList();
        return new StoreRead.Page(seen, page.AtEnd || seen.Count < page.Events.Count);
    }
}
