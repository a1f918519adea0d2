namespace EventSourcedStreams.Domain;

/// <summary>By the bytes of UTF-8, which is by code point: what <c>LC_ALL=C sort</c> does. UTF-16 puts what is beyond
/// U+FFFF before U+E000.</summary>
internal sealed class Utf8Order : IComparer<StreamId>
{
    public static Utf8Order Instance { get; } = new();

    public int Compare(StreamId x, StreamId y)
    {
        var (left, right) = (x.Value, y.Value);
        var same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length) return left.Length.CompareTo(right.Length);
        return Place(left[same]).CompareTo(Place(right[same]));
    }

    /// <summary>Surrogates behind all other code units.</summary>
    private static int Place(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
