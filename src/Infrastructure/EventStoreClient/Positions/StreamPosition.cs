using System.Globalization;

namespace EventStore.Client;

/// <summary>Where in a stream to read: its events are numbered from 0.</summary>
public readonly record struct StreamPosition : IComparable<StreamPosition>, IComparable, IPosition
{
    public static readonly StreamPosition Start = new(0);

    public static readonly StreamPosition End = new(ulong.MaxValue);

    private readonly ulong value;

    /// <exception cref="ArgumentOutOfRangeException">Beyond <see cref="long.MaxValue"/>, and not <see cref="End"/>.</exception>
    public StreamPosition(ulong value)
    {
        if (value > long.MaxValue && value != ulong.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(value), value, "The highest number is 9223372036854775807.");
        this.value = value;
    }

    /// <summary>−1 is <see cref="End"/>.</summary>
    public static StreamPosition FromInt64(long value) => value == -1 ? End : new(Convert.ToUInt64(value));

    public static StreamPosition FromStreamRevision(StreamRevision revision) => new(revision.ToUInt64());

    public StreamPosition Next() => this + 1;

    public int CompareTo(StreamPosition other) => value.CompareTo(other.value);

    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        StreamPosition other => CompareTo(other),
        _ => throw new ArgumentException($"It is no {nameof(StreamPosition)}.", nameof(obj)),
    };

    public long ToInt64() => value == ulong.MaxValue ? -1 : Convert.ToInt64(value);

    public ulong ToUInt64() => value;

    public override string ToString() => this == End ? nameof(End) : value.ToString(CultureInfo.InvariantCulture);

    public static StreamPosition operator +(StreamPosition left, ulong right) => new(checked(left.value + right));

    public static StreamPosition operator +(ulong left, StreamPosition right) => right + left;

    public static StreamPosition operator -(StreamPosition left, ulong right) => new(checked(left.value - right));

    public static StreamPosition operator -(ulong left, StreamPosition right) => new(checked(left - right.value));

    public static bool operator >(StreamPosition left, StreamPosition right) => left.value > right.value;

    public static bool operator <(StreamPosition left, StreamPosition right) => left.value < right.value;

    public static bool operator >=(StreamPosition left, StreamPosition right) => left.value >= right.value;

    public static bool operator <=(StreamPosition left, StreamPosition right) => left.value <= right.value;

    public static implicit operator ulong(StreamPosition streamPosition) => streamPosition.value;

    public static implicit operator StreamPosition(ulong value) => new(value);
}
