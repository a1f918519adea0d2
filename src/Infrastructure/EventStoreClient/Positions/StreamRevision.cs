using System.Globalization;

namespace EventStore.Client;

/// <summary>A stream's last event's number; what an append expects it to be.</summary>
public readonly record struct StreamRevision : IComparable<StreamRevision>, IComparable
{
    public static readonly StreamRevision None = new(ulong.MaxValue);

    private readonly ulong value;

    /// <exception cref="ArgumentOutOfRangeException">Beyond <see cref="long.MaxValue"/>, and not <see cref="None"/>.</exception>
    public StreamRevision(ulong value)
    {
        if (value > long.MaxValue && value != ulong.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(value), value, "The highest number is 9223372036854775807.");
        this.value = value;
    }

    /// <summary>−1 is <see cref="None"/>.</summary>
    public static StreamRevision FromInt64(long value) => value == -1 ? None : new(Convert.ToUInt64(value));

    public static StreamRevision FromStreamPosition(StreamPosition position) => position == StreamPosition.End
        ? throw new ArgumentOutOfRangeException(nameof(position), "The end is no revision.")
        : new(position.ToUInt64());

    public StreamRevision Next() => this + 1;

    public int CompareTo(StreamRevision other) => value.CompareTo(other.value);

    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        StreamRevision other => CompareTo(other),
        _ => throw new ArgumentException($"It is no {nameof(StreamRevision)}.", nameof(obj)),
    };

    public long ToInt64() => value == ulong.MaxValue ? -1 : Convert.ToInt64(value);

    public ulong ToUInt64() => value;

    public override string ToString() => this == None ? nameof(None) : value.ToString(CultureInfo.InvariantCulture);

    public static StreamRevision operator +(StreamRevision left, ulong right) => new(checked(left.value + right));

    public static StreamRevision operator +(ulong left, StreamRevision right) => right + left;

    public static StreamRevision operator -(StreamRevision left, ulong right) => new(checked(left.value - right));

    public static StreamRevision operator -(ulong left, StreamRevision right) => new(checked(left - right.value));

    public static bool operator >(StreamRevision left, StreamRevision right) => left.value > right.value;

    public static bool operator <(StreamRevision left, StreamRevision right) => left.value < right.value;

    public static bool operator >=(StreamRevision left, StreamRevision right) => left.value >= right.value;

    public static bool operator <=(StreamRevision left, StreamRevision right) => left.value <= right.value;

    public static implicit operator ulong(StreamRevision streamRevision) => streamRevision.value;

    public static implicit operator StreamRevision(ulong value) => new(value);
}
