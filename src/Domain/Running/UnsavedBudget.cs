namespace EventSourcedStreams.Domain;

/// <summary>UTF-8 bytes over all of a node's streams that are not durable yet. Past the limit nothing new is claimed,
/// and a source is paused until its own text is durable.</summary>
internal sealed class UnsavedBudget(long limit, TextMemory memory)
{
    private long bytes;

    public bool IsFull => Volatile.Read(ref bytes) >= limit;

    public long Bytes => Volatile.Read(ref bytes);

    public void Add(long more)
    {
        Interlocked.Add(ref bytes, more);
        memory.Hold(more);
    }

    public void Remove(long saved)
    {
        Interlocked.Add(ref bytes, -saved);
        memory.Release(saved);
    }
}
