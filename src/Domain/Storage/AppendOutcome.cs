namespace EventSourcedStreams.Domain;

/// <summary>How an append ended: one family from the store up to what builds on it, each level adding what it
/// knows.</summary>
internal abstract record AppendOutcome
{
    private AppendOutcome() { }

    /// <summary>Durable, now or by an earlier try of the same append.</summary>
    /// <param name="Last">The revision of the append's last event.</param>
    public sealed record Appended(long Last, LogPosition Position) : AppendOutcome
    {
        /// <summary>The chain's hash behind the append; only the log knows it, a store keeps bytes.</summary>
        public ChainHash Hash { get; init; }

        public StreamHead Head => new(Revision.From(Last), Hash);
    }

    /// <summary>
    /// The stream does not end where the append expected; nothing was written. Two of them are equal where
    /// <see cref="Actual"/> and <see cref="Missed"/> are: <see cref="Next"/> only saves a read.
    /// </summary>
    /// <param name="Actual">The stream's last revision; -1 for none. A store that lags may name one that is not beyond
    /// the expected one: then it is not certain that another append has won.</param>
    public sealed record Lost(long Actual) : AppendOutcome
    {
        /// <summary>The event right after the expected revision, from a store that knows it at once; null: it has to be
        /// read.</summary>
        public StoredEvent? Next { get; init; }

        /// <summary>What stands after the expected revision; null where only the store has spoken.</summary>
        public Missed? Missed { get; init; }

        /// <summary>The first missed event that its writer may not build on; the tail says it, which knows its
        /// policy.</summary>
        public RecordedEvent? By { get; init; }

        public bool Equals(Lost? other) => other is not null && Actual == other.Actual && Equals(Missed, other.Missed);

        public override int GetHashCode() => HashCode.Combine(Actual, Missed);
    }

    /// <summary>The stream has a tombstone.</summary>
    public sealed record Deleted : AppendOutcome;

    /// <summary>It may or may not be written, now or later. Only the same append again finds out.</summary>
    public sealed record Unknown(string Why, Exception? Cause) : AppendOutcome;
}

/// <summary>What an append has missed that lost, as the leader has it; checked from the head that the append built
/// on.</summary>
/// <param name="Beginning">The missed events in order, as many as one short read gives, at least one. Where they do not
/// reach <paramref name="Last"/>, the rest is read in pages.</param>
/// <param name="Last">The stream's last event.</param>
/// <param name="Ending">The first of the missed events that ends the text; null: none does.</param>
internal sealed record Missed(IReadOnlyList<RecordedEvent> Beginning, RecordedEvent Last, RecordedEvent? Ending)
{
    /// <summary>The event that stands where the append expected to write its first.</summary>
    public RecordedEvent First => Beginning[0];

    public bool Equals(Missed? other) => other is not null && (First, Last, Ending) == (other.First, other.Last, other.Ending);

    public override int GetHashCode() => HashCode.Combine(First, Last, Ending);
}
