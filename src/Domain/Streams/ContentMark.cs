namespace EventSourcedStreams.Domain;

/// <summary>
/// A place in a stream's content that holds for what its driver saw and for the log alike, however text was joined: a
/// driver is ahead of any revision.
/// </summary>
/// <param name="Length">UTF-8 bytes of the body.</param>
/// <param name="Parts">How many parts were started.</param>
/// <param name="Open">The parts that are open there, ascending, each with the UTF-8 bytes of its text.</param>
internal sealed record ContentMark(long Length, int Parts, IReadOnlyList<(int Part, long Length)> Open)
{
    public static ContentMark None { get; } = new(0, 0, []);

    /// <summary>Whether all text and all starts and ends before the other place are before this one too.</summary>
    public bool Covers(ContentMark other) =>
        Length >= other.Length
        && Parts >= other.Parts
        && Open.All(part => part.Part > other.Parts || other.Open.Any(open => open.Part == part.Part && open.Length <= part.Length));

    public bool Equals(ContentMark? other) =>
        other is not null && (Length, Parts) == (other.Length, other.Parts) && Open.SequenceEqual(other.Open);

    public override int GetHashCode() => HashCode.Combine(Length, Parts, Open.Count);
}
