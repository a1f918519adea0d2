namespace EventStore.Client;

/// <summary>Where in the log an event stands.</summary>
public readonly record struct Position
{
    public static readonly Position End = new(ulong.MaxValue, ulong.MaxValue);

    internal static readonly Position Start = new(0, 0);

    public readonly ulong CommitPosition;

    public readonly ulong PreparePosition;

    /// <exception cref="ArgumentOutOfRangeException">Commit before prepare, or beyond
    /// <see cref="long.MaxValue"/>.</exception>
    public Position(ulong commitPosition, ulong preparePosition)
    {
        if (commitPosition < preparePosition)
            throw new ArgumentOutOfRangeException(nameof(commitPosition), "The commit position cannot be before the prepare position.");
        (CommitPosition, PreparePosition) = (Number.Checked(commitPosition), Number.Checked(preparePosition));
    }

    public override string ToString() => $"C:{CommitPosition}/P:{PreparePosition}";
}
