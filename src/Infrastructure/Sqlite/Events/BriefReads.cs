namespace EventSourcedStreams.Sqlite;

/// <summary>
/// One more reader, for reads of a single event, by the thread that asks: a change of thread, there and back, costs
/// more than such a read. One caller at a time has it, and none for a while after a slow read, so that a slow disk
/// holds one thread of the pool at most.
/// </summary>
internal sealed class BriefReads<TReader>(TReader reader, TimeProvider time) : IDisposable where TReader : IDisposable
{
    /// <summary>A read from memory takes some ten microseconds, one from a disk that has to look for it
    /// more.</summary>
    public static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(2);

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private long? slowAt;
    private bool isClosed;

    /// <returns>False: it is not free now.</returns>
    public bool TryRead(Action<TReader> read)
    {
        if (gate.IsHeldByCurrentThread || !gate.TryEnter()) return false;
        try
        {
            var begun = time.GetTimestamp();
            if (isClosed || (slowAt is { } at && time.GetElapsedTime(at, begun) < Rest)) return false;
            read(reader);
            var ended = time.GetTimestamp();
            slowAt = time.GetElapsedTime(begun, ended) > Slow ? ended : null;
            return true;
        }
        finally
        {
            gate.Exit();
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isClosed = true;
            reader.Dispose();
        }
    }
}
