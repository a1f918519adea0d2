namespace EventStore.Client;

/// <summary>The append is larger than the server takes.</summary>
public class MaximumAppendSizeExceededException(uint maxAppendSize, Exception? innerException = null)
    : Exception($"Maximum append size of {maxAppendSize} bytes exceeded.", innerException)
{
    public MaximumAppendSizeExceededException(int maxAppendSize, Exception? innerException = null)
        : this((uint)maxAppendSize, innerException)
    {
    }

    /// <summary>Bytes.</summary>
    public uint MaxAppendSize { get; } = maxAppendSize;
}
