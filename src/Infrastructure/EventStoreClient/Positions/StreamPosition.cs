using System.Globalization;

namespace EventStore.Client;

/// <summary>Where in a stream to read: its events are numbered from 0.</summary>
public readonly record struct StreamPosition
{
    public static readonly StreamPosition End = new(ulong.MaxValue);

    internal static readonly StreamPosition Start = new(0);

    private readonly ulong value;

    /// <exception cref="ArgumentOutOfRangeException">Beyond <see cref="long.MaxValue"/>, and not
    /// <see cref="End"/>.</exception>
    public StreamPosition(ulong value) => this.value = Number.Checked(value);

    /// <summary>−1 is <see cref="End"/>.</summary>
    public static StreamPosition FromInt64(long value) => value == -1 ? End : new(Convert.ToUInt64(value));

    public long ToInt64() => value == ulong.MaxValue ? -1 : Convert.ToInt64(value);

    public override string ToString() => this == End ? nameof(End) : value.ToString(CultureInfo.InvariantCulture);

    internal ulong ToUInt64() => value;
}
