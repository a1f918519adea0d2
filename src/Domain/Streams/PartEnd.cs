namespace EventSourcedStreams;

/// <summary>How a part ended.</summary>
public sealed record PartEnd
{
    /// <inheritdoc cref="PartStart.Detail"/>
    public string? Detail { get; init; }

    /// <summary>In words that a reader of the stream may see: the part failed. Cut at 4 KiB; null: it went
    /// well.</summary>
    public string? Error { get; init; }
}
