namespace EventSourcedStreams.Domain;

/// <summary>What a driver is told of a part.</summary>
/// <param name="Part">Its number.</param>
internal abstract record DriverPart(int Part)
{
    /// <summary>What a start or an end costs about, beside its texts; a stream has few enough of them.</summary>
    private const int FewChars = 32;

    /// <inheritdoc cref="DriverItem.Chars"/>
    public abstract int Chars { get; }

    /// <param name="Offset">UTF-8 bytes of the body before it.</param>
    public sealed record Started(int Part, PartStart Start, long Offset) : DriverPart(Part)
    {
        public override int Chars =>
            FewChars + (Start.Detail?.Length ?? 0) + (Start.Name?.Length ?? 0) + (Start.CallId?.Length ?? 0) + (Start.MediaType?.Length ?? 0);
    }

    /// <param name="Offset">UTF-8 bytes of the part before it.</param>
    public sealed record TextCame(int Part, long Offset, string Text) : DriverPart(Part)
    {
        public override int Chars => Text.Length;
    }

    /// <param name="Length">UTF-8 bytes of its text.</param>
    public sealed record Ended(int Part, long Length, PartEnd End) : DriverPart(Part)
    {
        public override int Chars => FewChars + (End.Detail?.Length ?? 0) + (End.Error?.Length ?? 0);
    }
}
