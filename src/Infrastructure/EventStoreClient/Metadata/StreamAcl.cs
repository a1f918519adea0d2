namespace EventStore.Client;

/// <summary>Which roles may use a stream; null leaves it to the server's default.</summary>
public sealed class StreamAcl : IEquatable<StreamAcl>
{
    public StreamAcl(
        string? readRole = null, string? writeRole = null, string? deleteRole = null, string? metaReadRole = null, string? metaWriteRole = null)
        : this(Only(readRole), Only(writeRole), Only(deleteRole), Only(metaReadRole), Only(metaWriteRole))
    {
    }

    public StreamAcl(
        string[]? readRoles = null,
        string[]? writeRoles = null,
        string[]? deleteRoles = null,
        string[]? metaReadRoles = null,
        string[]? metaWriteRoles = null) =>
        (ReadRoles, WriteRoles, DeleteRoles, MetaReadRoles, MetaWriteRoles) =
            (readRoles, writeRoles, deleteRoles, metaReadRoles, metaWriteRoles);

    public string[]? ReadRoles { get; }

    public string[]? WriteRoles { get; }

    public string[]? DeleteRoles { get; }

    public string[]? MetaReadRoles { get; }

    public string[]? MetaWriteRoles { get; }

    public bool Equals(StreamAcl? other) =>
        other is not null
        && Same(ReadRoles, other.ReadRoles)
        && Same(WriteRoles, other.WriteRoles)
        && Same(DeleteRoles, other.DeleteRoles)
        && Same(MetaReadRoles, other.MetaReadRoles)
        && Same(MetaWriteRoles, other.MetaWriteRoles);

    public override bool Equals(object? obj) => Equals(obj as StreamAcl);

    public override int GetHashCode() =>
        HashCode.Combine(ReadRoles?.Length, WriteRoles?.Length, DeleteRoles?.Length, MetaReadRoles?.Length, MetaWriteRoles?.Length);

    public static bool operator ==(StreamAcl? left, StreamAcl? right) => Equals(left, right);

    public static bool operator !=(StreamAcl? left, StreamAcl? right) => !Equals(left, right);

    private static string[]? Only(string? role) => role is null ? null : [role];

    private static bool Same(string[]? ours, string[]? theirs) =>
        ours is null || theirs is null ? ReferenceEquals(ours, theirs) : ours.SequenceEqual(theirs);
}
