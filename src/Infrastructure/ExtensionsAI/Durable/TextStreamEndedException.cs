namespace EventSourcedStreams.Extensions.AI;

/// <summary>
/// An answer is not whole: its stream ended otherwise than well, or holds less than was told before (the process died).
/// What is stored of it has been told when this is thrown.
/// </summary>
public sealed class TextStreamEndedException : Exception
{
    internal TextStreamEndedException(StreamId stream, StreamStatus status, string code, long length, string message, Exception? inner = null)
        : base(message, inner) => (Stream, Status, Code, Length) = (stream, status, code, length);

    /// <summary>The answer's stream.</summary>
    public StreamId Stream { get; }

    /// <summary>How it ended.</summary>
    public StreamStatus Status { get; }

    /// <summary>A short kebab-case word, stable: as the stream's own error has it (<c>cancelled</c>, <c>timeout</c>,
    /// <c>interrupted</c>, <c>provider-error</c>, …), <c>deleted</c>, or <c>too-short</c> for a stream that ended well
    /// before the token's place.</summary>
    public string Code { get; }

    /// <summary>UTF-8 bytes of text that are stored.</summary>
    public long Length { get; }
}
