namespace EventStore.Client;

/// <summary>Where a subscription to a stream starts.</summary>
public readonly record struct FromStream : IComparable<FromStream>, IComparable
{
    public static readonly FromStream Start;

    public static readonly FromStream End = new(StreamPosition.End);

    private readonly StreamPosition? value;

    private FromStream(StreamPosition value) => this.value = value;

    /// <summary>Exclusive: what comes next is the first delivered.</summary>
    /// <exception cref="ArgumentException">It is the end, which is <see cref="End"/>.</exception>
    public static FromStream After(StreamPosition streamPosition) => streamPosition == StreamPosition.End
        ? throw new ArgumentException("Use FromStream.End.", nameof(streamPosition))
        : new(streamPosition);

    /// <exception cref="InvalidOperationException">It is the start.</exception>
    public ulong ToUInt64() => (value ?? throw new InvalidOperationException("FromStream.Start has no number.")).ToUInt64();

    public int CompareTo(FromStream other) => Comparer<StreamPosition?>.Default.Compare(value, other.value);

    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        FromStream other => CompareTo(other),
        _ => throw new ArgumentException("It is no FromStream.", nameof(obj)),
    };

    public override string ToString() => value is not { } after ? "Start" : after == StreamPosition.End ? "Live" : after.ToString();

    public static bool operator <(FromStream left, FromStream right) => left.CompareTo(right) < 0;

    public static bool operator >(FromStream left, FromStream right) => left.CompareTo(right) > 0;

    public static bool operator <=(FromStream left, FromStream right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FromStream left, FromStream right) => left.CompareTo(right) >= 0;
}
