namespace EventSourcedStreams;

/// <param name="Usage">The provider's own JSON, as it came. What is none, nests deeper than 255 levels or is longer
/// than 8 KiB is left out; the text and the ending are kept all the same, and the log says so.</param>
public sealed record SourceResult(string? FinishReason = null, string? Usage = null)
{
    public static SourceResult Ended { get; } = new();
}
