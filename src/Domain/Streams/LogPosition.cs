namespace EventSourcedStreams.Domain;

/// <summary>
/// A place in the whole log, as EventStoreDB counts it; a log with one counter sets both numbers to it. Positions of
/// one log are ordered and never reused; positions of two logs mean nothing to each other. <see cref="Start"/> stands
/// before the first event.
/// </summary>
internal readonly record struct LogPosition(ulong Commit, ulong Prepare) : IComparable<LogPosition>
{
    public static LogPosition Start => default;

    /// <summary>In a log with one counter.</summary>
    public static LogPosition At(long counter) => new((ulong)counter, (ulong)counter);

    public int CompareTo(LogPosition other) =>
        Commit != other.Commit ? Commit.CompareTo(other.Commit) : Prepare.CompareTo(other.Prepare);

    public static bool operator <(LogPosition left, LogPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(LogPosition left, LogPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(LogPosition left, LogPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LogPosition left, LogPosition right) => left.CompareTo(right) >= 0;
}
