namespace EventSourcedStreams.Domain;

/// <param name="NextCursor">Opaque, URL-safe; null on the last page.</param>
internal sealed record CatalogPage(IReadOnlyList<StreamSummary> Items, string? NextCursor)
{
    /// <summary>How many there are on all pages; null: that was not asked for.</summary>
    public long? Total { get; init; }
}
