namespace EventSourcedStreams;

/// <summary>The log cannot be reached, or cannot serve, for now.</summary>
public sealed class LogUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What is the matter and what to do, for any client; null: only to try again.</summary>
    internal string? Advice { get; init; }
}
