using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>UTF-8 as it has to be; a byte-order mark is text like any other.</summary>
internal sealed class StrictUtf8 : IUploadDecoder
{
    private readonly Utf8TextDecoder decoder = new();

    public int MaxChars(int bytes) => Utf8TextDecoder.MaxChars(bytes);

    public DecodedText Decode(ReadOnlySpan<byte> bytes, Span<char> chars, bool isLast)
    {
        var written = decoder.Decode(bytes, chars);
        if (isLast) decoder.End();
        return decoder.BadByteAt is { } at
            ? new(written, Fault: new("invalid-utf8", $"The upload is not UTF-8 at byte offset {at}. The text before it is kept."))
            : new(written);
    }
}
