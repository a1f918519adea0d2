using System.Text.Json;

namespace EventSourcedStreams;

/// <summary>Where a stream's text comes from.</summary>
public interface ITextSource
{
    /// <summary>The name by which <c>source</c> chooses it.</summary>
    string Name { get; }

    /// <summary>Checks a stream's <c>input</c> before the stream is created; null where nothing was given.</summary>
    /// <exception cref="InvalidInputException">Names the field and says what to do.</exception>
    void Validate(JsonElement? input);

    /// <summary>Whether the driving request's body is the text.</summary>
    bool TakesBody => false;

    /// <summary>Checks the driving request before the stream is claimed; null: it sent no Content-Type.</summary>
    /// <exception cref="InvalidInputException">Names what to send instead.</exception>
    void ValidateBody(string? contentType) { }

    /// <summary>What is noted in <c>StreamStarted</c>.</summary>
    SourceDescription Describe(JsonElement? input);

    /// <summary>
    /// Produces the text. Returning ends the stream well. Throwing ends it as an error:
    /// <see cref="SourceFailedException"/> says its own code and message; of any other exception only its type goes
    /// into the log. When <paramref name="ct"/> fires, the stream is being ended from elsewhere, and what is appended
    /// from then on is not kept.
    /// </summary>
    Task<SourceResult> RunAsync(SourceRequest request, IAppender output, CancellationToken ct);
}

/// <param name="Provider">The service that makes the text, where it is not this process; at most 256
/// characters.</param>
public sealed record SourceDescription(string? Provider, string? Model);

/// <param name="Body">The driving request's body, for sources that take their text from it; it can be read while the
/// source runs.</param>
public sealed record SourceRequest(StreamId Stream, JsonElement? Input, Stream? Body, string? BodyContentType);

/// <param name="Usage">The provider's own JSON, as it came. What is none, nests deeper than 255 levels or is longer
/// than 8 KiB is left out; the text and the ending are kept all the same, and the log says so.</param>
public sealed record SourceResult(string? FinishReason = null, string? Usage = null)
{
    public static SourceResult Ended { get; } = new();
}

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

/// <summary>The source could not go on, in words that a reader of the stream may see. Never put a secret into
/// them.</summary>
/// <param name="code">A short kebab-case word, stable: clients tell cases apart by it.</param>
public sealed class SourceFailedException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}

/// <summary>A stream's input is not what its source takes.</summary>
/// <param name="field">The field's path in the body, as <c>input.rate</c>.</param>
public sealed class InvalidInputException(string field, string message) : Exception(message)
{
    public string Field { get; } = field;
}
