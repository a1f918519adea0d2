namespace EventStore.Client;

/// <summary>Where a subscription to all events starts.</summary>
public readonly record struct FromAll : IComparable<FromAll>, IComparable
{
    public static readonly FromAll Start;

    public static readonly FromAll End = new(Position.End);

    private readonly Position? value;

    private FromAll(Position value) => this.value = value;

    /// <summary>Exclusive: what comes next is the first delivered.</summary>
    /// <exception cref="ArgumentException">It is the end, which is <see cref="End"/>.</exception>
    public static FromAll After(Position position) => position == Position.End
        ? throw new ArgumentException("Use FromAll.End.", nameof(position))
        : new(position);

    /// <exception cref="InvalidOperationException">It is the start.</exception>
    public (ulong commitPosition, ulong preparePosition) ToUInt64() => value is { } after
        ? (after.CommitPosition, after.PreparePosition)
        : throw new InvalidOperationException("FromAll.Start has no numbers.");

    public int CompareTo(FromAll other) => Comparer<Position?>.Default.Compare(value, other.value);

    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        FromAll other => CompareTo(other),
        _ => throw new ArgumentException("It is no FromAll.", nameof(obj)),
    };

    public override string ToString() => value is not { } after ? "Start" : after == Position.End ? "Live" : after.ToString();

    public static bool operator <(FromAll left, FromAll right) => left.CompareTo(right) < 0;

    public static bool operator >(FromAll left, FromAll right) => left.CompareTo(right) > 0;

    public static bool operator <=(FromAll left, FromAll right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FromAll left, FromAll right) => left.CompareTo(right) >= 0;
}
