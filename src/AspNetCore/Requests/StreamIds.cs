using System.Buffers;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The ids that clients may choose and use: <c>[A-Za-z0-9][A-Za-z0-9._~-]{0,127}</c>.</summary>
internal static class StreamIds
{
    public const string Grammar = "1 to 128 of the characters A-Z a-z 0-9 . _ ~ -, the first a letter or digit";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-");

    public static StreamId Parse(string id) => IsValid(id)
        ? new StreamId(id)
        : throw new RefusedException(Refusals.Invalid("id", $"An id is {Grammar}."));

    public static StreamId New(TimeProvider time) => new(Guid.CreateVersion7(time.GetUtcNow()).ToString("N"));

    private static bool IsValid(string id) =>
        id.Length is >= 1 and <= 128 && char.IsAsciiLetterOrDigit(id[0]) && id.AsSpan().IndexOfAnyExcept(Allowed) < 0;
}
