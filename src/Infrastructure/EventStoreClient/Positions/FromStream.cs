namespace EventStore.Client;

/// <summary>Where a subscription to a stream starts.</summary>
public readonly record struct FromStream
{
    public static readonly FromStream Start;

    private FromStream(StreamPosition position) => Position = position;

    /// <summary>Null for the start.</summary>
    internal StreamPosition? Position { get; }

    /// <summary>Exclusive: what comes next is the first delivered.</summary>
    /// <exception cref="ArgumentException">It is the end.</exception>
    public static FromStream After(StreamPosition streamPosition) => streamPosition == StreamPosition.End
        ? throw new ArgumentException("Nothing comes after the end.", nameof(streamPosition))
        : new(streamPosition);
}
