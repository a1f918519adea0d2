using System.Text;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// UTF-16 or UTF-32, whose byte-order mark says which byte comes first, whatever the charset's name says, and is no
/// text then.
/// </summary>
internal sealed class SignedUnicode(Encoding encoding, bool replaces) : IUploadDecoder
{
    private readonly int unit = encoding is UTF32Encoding ? 4 : 2;
    private readonly List<byte> first = [];
    private CharsetDecoder? decoder;

    public int MaxChars(int bytes) => new CharsetDecoder(encoding, replaces).MaxChars(bytes + unit);

    public DecodedText Decode(ReadOnlySpan<byte> bytes, Span<char> chars, bool isLast)
    {
        if (decoder is not null) return decoder.Decode(bytes, chars, isLast);
        first.AddRange(bytes);
        if (first.Count < unit && !isLast) return default;
        var (own, mark) = Signed(first);
        decoder = new CharsetDecoder(own, replaces);
        return decoder.Decode([.. first.Skip(mark)], chars, isLast);
    }

    private (Encoding Encoding, int MarkBytes) Signed(List<byte> begin) => (unit, begin) switch
    {
        (4, [0xFF, 0xFE, 0, 0, ..]) => (new UTF32Encoding(bigEndian: false, byteOrderMark: true), 4),
        (4, [0, 0, 0xFE, 0xFF, ..]) => (new UTF32Encoding(bigEndian: true, byteOrderMark: true), 4),
        (2, [0xFF, 0xFE, ..]) => (new UnicodeEncoding(bigEndian: false, byteOrderMark: true), 2),
        (2, [0xFE, 0xFF, ..]) => (new UnicodeEncoding(bigEndian: true, byteOrderMark: true), 2),
        _ => (encoding, 0),
    };
}
