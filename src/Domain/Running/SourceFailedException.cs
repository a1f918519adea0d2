namespace EventSourcedStreams;

/// <summary>The source could not go on, in words that a reader of the stream may see. Never put a secret into
/// them.</summary>
/// <param name="code">A short kebab-case word, stable: clients tell cases apart by it.</param>
public sealed class SourceFailedException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}
