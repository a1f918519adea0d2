namespace EventSourcedStreams.Domain;

/// <summary>
/// What goes from a store or an export to another, one stream after the other. A stream is its events by revision from
/// 0 and one <see cref="End"/>; or a <see cref="Tombstone"/>, alone; or, where it is damaged, <see cref="Damaged"/>,
/// what is left of it, and <see cref="End"/>.
/// </summary>
internal abstract record CarriedItem
{
    private CarriedItem(StreamId stream) => Stream = stream;

    public StreamId Stream { get; }

    /// <param name="Stored">As it was appended: position and the log's own time are not carried.</param>
    public sealed record Event(StreamId Id, StoredEvent Stored) : CarriedItem(Id);

    /// <param name="Events">How many went before.</param>
    /// <param name="Head">Where it ends; null for a damaged stream.</param>
    public sealed record End(StreamId Id, long Events, StreamHead? Head) : CarriedItem(Id);

    /// <param name="Metadata">Actor and time (<see cref="TombstoneMetadata"/>); empty where the log keeps
    /// nothing.</param>
    public sealed record Tombstone(StreamId Id, ReadOnlyMemory<byte> Metadata) : CarriedItem(Id)
    {
        /// <summary>As a log has it, as far as that is carried.</summary>
        public StoredEvent AsStored(StreamPrefix prefix) => new(
            prefix.Text(Id), StoredEvent.TombstoneRevision, LogPosition.Start, DateTimeOffset.UnixEpoch, default,
            StoredEvent.TombstoneType, "", default, Metadata);
    }

    /// <param name="What">The first thing that was found.</param>
    public sealed record Damaged(StreamId Id, string What) : CarriedItem(Id);
}
