namespace EventSourcedStreams;

/// <summary>Something that a source says beside the text: what it is, before its own text comes.</summary>
/// <param name="Kind">One of <see cref="PartKinds"/>, or one's own: a lower-case letter, then at most 63 more
/// lower-case letters, digits and hyphens.</param>
public sealed record PartStart(string Kind)
{
    /// <summary>The number of the part that this one belongs to, which was started before; null: it stands by
    /// itself.</summary>
    public int? Of { get; init; }

    /// <summary>Of a tool, a file, a piece of data. At most 256 UTF-8 bytes.</summary>
    public string? Name { get; init; }

    /// <summary>The provider's id of a call, kept as it came: it may be empty, and need not be unique. At most 256
    /// UTF-8 bytes.</summary>
    public string? CallId { get; init; }

    /// <summary>At most 256 UTF-8 bytes.</summary>
    public string? MediaType { get; init; }

    public PartEncoding Encoding { get; init; }

    /// <summary>What there is to say of it, as a JSON object, kept byte for byte. At most 16 KiB; what is longer is
    /// text.</summary>
    public string? Detail { get; init; }
}
