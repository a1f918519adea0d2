using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace EventSourcedStreams.Domain;

/// <summary>One link of a stream's hash chain: 32 bytes of SHA-256. <see cref="Origin"/> (32 zero bytes) stands before
/// the first.</summary>
internal readonly struct ChainHash : IEquatable<ChainHash>
{
    public const int Bytes = 32;

    private readonly UInt128 high;
    private readonly UInt128 low;

    /// <param name="bytes">Exactly 32 bytes.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public ChainHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Bytes) throw new ArgumentException($"A hash has {Bytes} bytes, not {bytes.Length}.", nameof(bytes));
        high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        low = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    public static ChainHash Origin => default;

    /// <param name="destination">At least 32 bytes.</param>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], low);
    }

    /// <summary>False unless the text is what <see cref="ToString"/> writes: base64url of exactly 32 bytes, without
    /// padding, its two spare bits zero. So one hash has one text.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ChainHash hash)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        hash = default;
        // Not TryDecodeFromChars: that one throws where a character is not base64url.
        if (text.Length != 43
            || Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done
            || written != Bytes)
            return false;
        hash = new ChainHash(bytes);
        Span<char> own = stackalloc char[43];
        Base64Url.EncodeToChars(bytes, own);
        return text.SequenceEqual(own);
    }

    public bool Equals(ChainHash other) => high == other.high && low == other.low;

    public override bool Equals(object? obj) => obj is ChainHash other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(high, low);

    public static bool operator ==(ChainHash left, ChainHash right) => left.Equals(right);

    public static bool operator !=(ChainHash left, ChainHash right) => !left.Equals(right);

    /// <summary>Base64url without padding: 43 characters.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        CopyTo(bytes);
        return Base64Url.EncodeToString(bytes);
    }
}
