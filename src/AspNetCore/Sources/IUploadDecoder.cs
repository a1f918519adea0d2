namespace EventSourcedStreams.AspNetCore;

/// <summary>From an upload's bytes, cut anywhere, to text.</summary>
internal interface IUploadDecoder
{
    /// <summary>UTF-16 code units that so many bytes can become, with what was held back before.</summary>
    int MaxChars(int bytes);

    /// <summary>Decodes as much as is whole.</summary>
    /// <param name="isLast">No more bytes come.</param>
    DecodedText Decode(ReadOnlySpan<byte> bytes, Span<char> chars, bool isLast);
}

/// <param name="Chars">UTF-16 code units that were written, of text before a fault too.</param>
/// <param name="Replaced">How many U+FFFD among them stand for bytes that are no text.</param>
/// <param name="Fault">In words, with its byte offset; nothing is decoded behind it.</param>
internal readonly record struct DecodedText(int Chars, int Replaced = 0, UploadFault? Fault = null);

/// <param name="Code">As the stream's ending has it.</param>
internal sealed record UploadFault(string Code, string Message);
