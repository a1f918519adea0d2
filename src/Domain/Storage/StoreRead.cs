namespace EventSourcedStreams.Domain;

/// <summary>What a read of one page found.</summary>
internal abstract record StoreRead
{
    private StoreRead() { }

    /// <param name="AtEnd">Nothing further lies in the reading direction, as far as this reader saw.</param>
    public sealed record Page(IReadOnlyList<StoredEvent> Events, bool AtEnd) : StoreRead;

    /// <summary>No such stream, or none yet.</summary>
    public sealed record Missing : StoreRead;

    public sealed record Tombstoned : StoreRead;
}
