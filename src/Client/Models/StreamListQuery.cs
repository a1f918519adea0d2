namespace EventSourcedStreams.Client;

/// <summary>Which streams a list has; what is null matters not.</summary>
public sealed record StreamListQuery
{
    public StreamStatus? Status { get; init; }

    /// <summary>A label that they have.</summary>
    public KeyValuePair<string, string>? Label { get; init; }

    /// <summary>Words that all stand in id, title or labels, whatever their case; at most 200 characters.</summary>
    public string? Search { get; init; }

    public string? Source { get; init; }

    /// <summary>Created at this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Created before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Streams in a page, 1 to 200; null: 50.</summary>
    public int? Limit { get; init; }

    /// <summary>Whether <see cref="StreamList.Total"/> is counted, which takes longer the more there are.</summary>
    public bool WithTotal { get; init; }
}
