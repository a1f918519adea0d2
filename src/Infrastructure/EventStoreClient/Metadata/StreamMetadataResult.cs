namespace EventStore.Client;

public readonly struct StreamMetadataResult : IEquatable<StreamMetadataResult>
{
    public readonly string StreamName;

    public readonly bool StreamDeleted;

    public readonly StreamMetadata Metadata;

    /// <summary>Null where none was ever set.</summary>
    public readonly StreamPosition? MetastreamRevision;

    private StreamMetadataResult(string streamName, StreamPosition? metastreamRevision, StreamMetadata metadata, bool streamDeleted) =>
        (StreamName, MetastreamRevision, Metadata, StreamDeleted) = (streamName, metastreamRevision, metadata, streamDeleted);

    public static StreamMetadataResult None(string streamName) => new(streamName, null, default, false);

    public static StreamMetadataResult Create(string streamName, StreamPosition revision, StreamMetadata metadata) =>
        new(streamName, revision, metadata, false);

    public bool Equals(StreamMetadataResult other) =>
        (StreamName, StreamDeleted, MetastreamRevision) == (other.StreamName, other.StreamDeleted, other.MetastreamRevision)
        && Metadata == other.Metadata;

    public override bool Equals(object? obj) => obj is StreamMetadataResult other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(StreamName, MetastreamRevision, Metadata);

    public static bool operator ==(StreamMetadataResult left, StreamMetadataResult right) => left.Equals(right);

    public static bool operator !=(StreamMetadataResult left, StreamMetadataResult right) => !left.Equals(right);
}
