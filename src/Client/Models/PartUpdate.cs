namespace EventSourcedStreams.Client;

/// <summary>What is said of a part: that it begins (<see cref="Start"/>), a piece of its text (<see cref="Text"/>), or
/// that it is complete (<see cref="End"/>). Parts may be open side by side.</summary>
/// <param name="Number">1, 2, … in the order in which parts begin; a number that is missing is not for this
/// client.</param>
public sealed record PartUpdate(int Number)
{
    /// <summary>What it is; null: it has begun before.</summary>
    public PartStart? Start { get; init; }

    /// <summary>A piece of its text; null: this update has none.</summary>
    public string? Text { get; init; }

    /// <summary>UTF-8 bytes of the part before <see cref="Text"/>; null where there is none.</summary>
    public long? Offset { get; init; }

    /// <summary>Null: it goes on. A part without an end when its stream ends was cut off.</summary>
    public PartEnd? End { get; init; }
}
