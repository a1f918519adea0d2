namespace EventStore.Client;

/// <summary>The append is larger than the server takes.</summary>
public class MaximumAppendSizeExceededException : Exception
{
    internal MaximumAppendSizeExceededException(uint maxAppendSize, Exception? cause = null)
        : base($"Maximum append size of {maxAppendSize} bytes exceeded.", cause) => MaxAppendSize = maxAppendSize;

    /// <summary>Bytes.</summary>
    public uint MaxAppendSize { get; }
}
