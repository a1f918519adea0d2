using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace EventSourcedStreams.Domain;

/// <summary>
/// Strict UTF-8 that comes in pieces. A sequence cut by a piece's end waits for the next piece, so a surrogate pair is
/// never split between two outputs. Bytes in are bytes out: a byte order mark is text like any other. Not for several
/// threads.
/// </summary>
internal sealed class Utf8TextDecoder
{
    private readonly byte[] held = new byte[4];
    private int heldCount;
    private long decoded;

    /// <summary>
    /// Where the bytes stop being UTF-8, counted from the first byte ever given: everything before it has been decoded,
    /// and no longer beginning of the bytes is valid text. Null as long as all is well; once set, nothing more is
    /// decoded.
    /// </summary>
    public long? BadByteAt { get; private set; }

    /// <summary>The most UTF-16 code units that a piece of so many bytes decodes to, with what is waiting from
    /// before.</summary>
    public static int MaxChars(int bytes) => bytes + 1;

    /// <summary>Decodes as much as is whole; look at <see cref="BadByteAt"/> afterwards.</summary>
    /// <param name="chars">At least <see cref="MaxChars"/> of the bytes' length.</param>
    /// <returns>How many UTF-16 code units were written: text before a bad byte is.</returns>
    public int Decode(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        if (chars.Length < MaxChars(bytes.Length)) throw new ArgumentException("Too short for these bytes.", nameof(chars));
        if (BadByteAt is not null) return 0;

        var written = CompleteHeld(ref bytes, chars);
        if (heldCount > 0 || BadByteAt is not null) return written;

        var outcome = Utf8.ToUtf16(bytes, chars[written..], out var read, out var more, replaceInvalidSequences: false, isFinalBlock: false);
        decoded += read;
        if (outcome == OperationStatus.InvalidData) BadByteAt = decoded;
        else Keep(bytes[read..]);
        return written + more;
    }

    /// <summary>No more bytes come: a sequence that still waits for its rest is bad, from its first byte on.</summary>
    public void End()
    {
        if (heldCount > 0) BadByteAt ??= decoded;
    }

    private int CompleteHeld(ref ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        while (heldCount > 0 && !bytes.IsEmpty)
        {
            held[heldCount++] = bytes[0];
            bytes = bytes[1..];
            switch (Rune.DecodeFromUtf8(held.AsSpan(0, heldCount), out var rune, out _))
            {
                case OperationStatus.Done:
                    decoded += heldCount;
                    heldCount = 0;
                    return rune.EncodeToUtf16(chars);
                case OperationStatus.InvalidData:
                    BadByteAt = decoded;
                    return 0;
            }
        }

        return 0;
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        rest.CopyTo(held);
        heldCount = rest.Length;
    }
}
