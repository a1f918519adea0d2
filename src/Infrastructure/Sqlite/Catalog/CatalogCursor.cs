using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>A stream's place in the list, newest first: its creation and the position of that event. As text, a page's
/// cursor.</summary>
internal readonly record struct CatalogCursor(long CreatedTicks, long Commit, long Prepare) : IComparable<CatalogCursor>
{
    private const int KeyBytes = 3 * sizeof(long);

    /// <summary>Tells a mistyped or shortened cursor; it is no secret. With it all characters are full: one text for
    /// one place.</summary>
    private const int CheckBytes = 3;

    /// <param name="created">A stream's first event.</param>
    /// <exception cref="OverflowException">A position that no log can have: SQLite counts to 2^63−1.</exception>
    public static CatalogCursor Of(RecordedEvent created) =>
        new(created.Event.At.UtcTicks, checked((long)created.Position.Commit), checked((long)created.Position.Prepare));

    /// <exception cref="InvalidCursorException"></exception>
    public static CatalogCursor Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[KeyBytes + CheckBytes];
        Span<byte> check = stackalloc byte[CheckBytes];
        if (text.Length != 36
            || Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done
            || written != bytes.Length)
            throw new InvalidCursorException();
        Check(bytes[..KeyBytes], check);
        if (!check.SequenceEqual(bytes[KeyBytes..])) throw new InvalidCursorException();
        return new(
            BinaryPrimitives.ReadInt64BigEndian(bytes),
            BinaryPrimitives.ReadInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[16..]));
    }

    public int CompareTo(CatalogCursor other) =>
        (CreatedTicks, Commit, Prepare).CompareTo((other.CreatedTicks, other.Commit, other.Prepare));

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[KeyBytes + CheckBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, CreatedTicks);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Commit);
        BinaryPrimitives.WriteInt64BigEndian(bytes[16..], Prepare);
        Check(bytes[..KeyBytes], bytes[KeyBytes..]);
        return Base64Url.EncodeToString(bytes);
    }

    private static void Check(ReadOnlySpan<byte> key, Span<byte> check)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        hash[..CheckBytes].CopyTo(check);
    }
}
