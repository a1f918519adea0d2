using System.Globalization;

namespace EventStore.Client;

/// <summary>A stream's last event's number; what an append expects it to be.</summary>
public readonly record struct StreamRevision
{
    internal static readonly StreamRevision None = new(ulong.MaxValue);

    private readonly ulong value;

    internal StreamRevision(ulong value) => this.value = Number.Checked(value);

    /// <summary>−1 is no stream.</summary>
    public static StreamRevision FromInt64(long value) => value == -1 ? None : new(Convert.ToUInt64(value));

    public long ToInt64() => value == ulong.MaxValue ? -1 : Convert.ToInt64(value);

    public override string ToString() => this == None ? nameof(None) : value.ToString(CultureInfo.InvariantCulture);

    internal ulong ToUInt64() => value;
}
