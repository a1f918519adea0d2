namespace EventSourcedStreams.Domain;

/// <summary>UTF-8 bytes over all of a node's streams that are not durable yet.</summary>
internal sealed class UnsavedBudget(long limit)
{
    private long bytes;

    public bool IsFull => Interlocked.Read(ref bytes) >= limit;

    public long Bytes => Interlocked.Read(ref bytes);

    public void Add(long more) => Interlocked.Add(ref bytes, more);

    public void Remove(long saved) => Interlocked.Add(ref bytes, -saved);
}
