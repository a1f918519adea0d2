using EventSourcedStreams.Domain;

namespace EventSourcedStreams;

/// <summary>Which streams to list; what is null is not asked for.</summary>
public sealed record StreamQuery
{
    public StreamStatus? Status { get; init; }

    /// <summary>A label's name and its whole value.</summary>
    public KeyValuePair<string, string>? Label { get; init; }

    /// <summary>A text source's name.</summary>
    public string? Source { get; init; }

    /// <summary>Created at this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Created before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Words, divided by white space, that all stand in id, title or labels, whatever their case.</summary>
    public string? Search { get; init; }

    internal CatalogQuery Page(string? cursor, int limit) => new(Status, cursor, limit)
    {
        Labels = Label is { } label ? [label] : [],
        Source = Source,
        From = From,
        To = To,
        Search = Search,
    };
}
