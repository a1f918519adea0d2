namespace EventStore.Client;

/// <summary>Where a subscription to all events starts.</summary>
public readonly record struct FromAll
{
    public static readonly FromAll Start;

    private FromAll(Position position) => Position = position;

    /// <summary>Null for the start.</summary>
    internal Position? Position { get; }

    /// <summary>Exclusive: what comes next is the first delivered.</summary>
    /// <exception cref="ArgumentException">It is the end.</exception>
    public static FromAll After(Position position) => position == Client.Position.End
        ? throw new ArgumentException("Nothing comes after the end.", nameof(position))
        : new(position);
}
