namespace EventSourcedStreams.Domain;

/// <param name="Cursor">From the page before; null for the first.</param>
/// <param name="Limit">1…200.</param>
internal sealed record CatalogQuery(StreamStatus? Status, string? Cursor, int Limit)
{
    /// <summary>Names and values that all must have, in any order; empty for any.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];

    /// <summary>The streams that have all of these labels.</summary>
    /// <exception cref="ArgumentException">None is given: that would be every stream.</exception>
    public static CatalogQuery Of(Labels labels, string? cursor, int limit) => labels.Count > 0
        ? new(Status: null, cursor, limit) { Labels = [.. labels] }
        : throw new ArgumentException("Streams are asked for by one label or more.", nameof(labels));

    /// <summary>Null for any.</summary>
    public string? Source { get; init; }

    /// <summary>Created at this time or later; null: however long ago.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Created before this time; null: until now.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Words, divided by white space, that all stand in id, title or labels, whatever their case; null for
    /// any.</summary>
    public string? Search { get; init; }

    /// <summary>Whether to count what there is on all pages, which takes longer the more there is.</summary>
    public bool WithTotal { get; init; }
}
