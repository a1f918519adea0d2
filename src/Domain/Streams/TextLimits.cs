namespace EventSourcedStreams.Domain;

/// <summary>
/// The same on every log, because EventStoreDB refuses an append over 1 MiB. All are bytes, and a bound includes its
/// end. They are checked before an append gets its id: what is cut later would have other bytes under the same id.
/// </summary>
/// <remarks>
/// "Encoded" means as a JSON string is stored: UTF-8, and one byte more for each quotation mark, backslash, backspace,
/// form feed, line feed, carriage return and tab, five more for each other control character below U+0020. Nothing else
/// is escaped.
/// </remarks>
internal static class TextLimits
{
    /// <summary>The text of one chunk, as UTF-8. A chunk is cut on a code point.</summary>
    public const int ChunkBytes = 128 * 1024;

    /// <summary>The text of one chunk, encoded: a text of control characters grows sixfold.</summary>
    public const int ChunkEncodedBytes = 256 * 1024;

    /// <summary>One append, data and metadata of all its events. More text goes in several appends.</summary>
    public const int AppendBytes = 512 * 1024;

    /// <summary>Of an append, what text leaves free: an ending always fits beside the last chunk.</summary>
    public const int EndingBytes = 64 * 1024;

    /// <summary>A stream's <c>input</c> as it came, together with its labels, encoded; more is refused.</summary>
    public const int InputBytes = 256 * 1024;

    /// <summary>A message, a reason or a finish reason, as UTF-8; cut when the event is built.</summary>
    public const int MessageBytes = 4 * 1024;

    /// <summary>A provider's <c>usage</c>; left out when it is longer, since half of it would not be JSON.</summary>
    public const int UsageBytes = 8 * 1024;

    /// <summary>A failure's code, a provider's or a model's name, as UTF-8; a source may say anything; cut when the
    /// event is built.</summary>
    public const int CodeBytes = 256;

    /// <summary>The actor's name, as UTF-8; cut when the event is built.</summary>
    public const int ActorBytes = 256;
}
