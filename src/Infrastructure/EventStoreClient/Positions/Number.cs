namespace EventStore.Client;

/// <summary>Revisions and positions: up to 2^63−1, and one value beyond for none, or for the end.</summary>
internal static class Number
{
    /// <exception cref="ArgumentOutOfRangeException">It is neither.</exception>
    public static ulong Checked(ulong value) => value is <= long.MaxValue or ulong.MaxValue
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, "The highest number is 9223372036854775807.");
}
