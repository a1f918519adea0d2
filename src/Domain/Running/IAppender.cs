namespace EventSourcedStreams;

/// <summary>Takes a source's text, piece by piece, in the order of the calls, from one caller at a time.</summary>
public interface IAppender
{
    /// <summary>
    /// Hands a piece on at once: to the driver's connection and towards the log. It has been taken when the call
    /// returns; the returned task completes later only while too much text is unsaved, and need not be awaited. It
    /// never waits for the log otherwise. Text after the stream's end is dropped.
    /// </summary>
    Task AppendAsync(string text);

    /// <inheritdoc cref="AppendAsync(string)"/>
    Task AppendAsync(ReadOnlySpan<char> text);

    /// <summary>
    /// Begins something that is said beside the text: a thought, a tool's call and its result, a file. It has been
    /// taken when the call returns, in its place among the text and the other parts, and counts as activity. May be
    /// called beside an append, from any thread. An appender that knows no parts drops them, and so does one of a node
    /// that has them switched off: the text is as ever.
    /// </summary>
    /// <exception cref="ArgumentException">The kind is none, <see cref="PartStart.Of"/> names no earlier part, a name
    /// is longer than 256 bytes, or the detail is no JSON object or longer than 16 KiB. Nothing was begun, and the
    /// stream goes on.</exception>
    /// <exception cref="InvalidOperationException">The stream has 10,000 parts, or 256 of them are open: end one first.
    /// Nothing was begun, and the stream goes on.</exception>
    IPartAppender StartPart(PartStart start) => Domain.DroppedPart.Instance;

    /// <summary>
    /// Counts as activity for the stream's idle timeout, with nothing to show: a model that thinks, a tool that runs
    /// for long. May be called beside an append, from any thread. An appender that times nothing has nothing to do.
    /// </summary>
    void KeepAlive() { }
}
