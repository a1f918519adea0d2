using System.Text.Json.Serialization;

namespace EventSourcedStreams;

/// <summary>The number of an event in its stream, from 0 without gap; <see cref="None"/> stands before the
/// first.</summary>
[JsonConverter(typeof(RevisionJsonConverter))]
public readonly record struct Revision : IComparable<Revision>
{
    private readonly long next;

    private Revision(long value) => next = value + 1;

    public static Revision None => default;

    /// <summary>-1 for <see cref="None"/>.</summary>
    public long Value => next - 1;

    public Revision Next => new(Value + 1);

    /// <exception cref="ArgumentOutOfRangeException">Below -1.</exception>
    public static Revision From(long value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, -1);
        return new(value);
    }

    public Revision Plus(int events) => new(Value + events);

    public int CompareTo(Revision other) => Value.CompareTo(other.Value);

    public static bool operator <(Revision left, Revision right) => left.CompareTo(right) < 0;

    public static bool operator >(Revision left, Revision right) => left.CompareTo(right) > 0;

    public static bool operator <=(Revision left, Revision right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Revision left, Revision right) => left.CompareTo(right) >= 0;

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
