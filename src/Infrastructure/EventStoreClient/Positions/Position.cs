using System.Globalization;

namespace EventStore.Client;

/// <summary>Where in the log an event stands.</summary>
public readonly record struct Position : IComparable<Position>, IComparable, IPosition
{
    public static readonly Position Start = new(0, 0);

    public static readonly Position End = new(ulong.MaxValue, ulong.MaxValue);

    public readonly ulong CommitPosition;

    public readonly ulong PreparePosition;

    /// <exception cref="ArgumentOutOfRangeException">Commit before prepare, or beyond <see cref="long.MaxValue"/>.</exception>
    public Position(ulong commitPosition, ulong preparePosition)
    {
        if (commitPosition < preparePosition)
            throw new ArgumentOutOfRangeException(nameof(commitPosition), "The commit position cannot be before the prepare position.");
        if (commitPosition is > long.MaxValue and not ulong.MaxValue) throw new ArgumentOutOfRangeException(nameof(commitPosition));
        if (preparePosition is > long.MaxValue and not ulong.MaxValue) throw new ArgumentOutOfRangeException(nameof(preparePosition));
        (CommitPosition, PreparePosition) = (commitPosition, preparePosition);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string value, out Position? position)
    {
        position = value.Split('/') is [['C', ':', .. var commit], ['P', ':', .. var prepare]]
            && ulong.TryParse(commit, NumberStyles.None, CultureInfo.InvariantCulture, out var commitPosition)
            && ulong.TryParse(prepare, NumberStyles.None, CultureInfo.InvariantCulture, out var preparePosition)
                ? new Position(commitPosition, preparePosition)
                : null;
        return position is not null;
    }

    public int CompareTo(Position other) => (CommitPosition, PreparePosition).CompareTo((other.CommitPosition, other.PreparePosition));

    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        Position other => CompareTo(other),
        _ => throw new ArgumentException("It is no Position.", nameof(obj)),
    };

    public override string ToString() => $"C:{CommitPosition}/P:{PreparePosition}";

    public static bool operator <(Position p1, Position p2) => p1.CompareTo(p2) < 0;

    public static bool operator >(Position p1, Position p2) => p1.CompareTo(p2) > 0;

    public static bool operator >=(Position p1, Position p2) => p1.CompareTo(p2) >= 0;

    public static bool operator <=(Position p1, Position p2) => p1.CompareTo(p2) <= 0;
}
