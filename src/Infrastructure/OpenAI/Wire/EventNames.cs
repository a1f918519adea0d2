namespace EventSourcedStreams.OpenAI;

/// <summary>What the name of an event, or the type of an object, says of its content.</summary>
internal static class EventNames
{
    private static readonly HashSet<string> Errors = new(StringComparer.OrdinalIgnoreCase)
    {
        "error", "errors", "exception", "failure", "failed", "fail", "fatal", "abort", "aborted", "cancelled", "canceled", "interrupted", "timeout",
    };

    private static readonly HashSet<string> Texts = new(StringComparer.OrdinalIgnoreCase)
    {
        "message", "data", "text", "content", "token", "delta", "chunk", "completion", "completions", "answer", "output", "response", "refusal",
        "assistant", "chat", "generation", "result",
    };

    /// <summary>By its words, as <c>response.failed</c> or <c>overloaded_error</c>, or by how it ends, as
    /// <c>InternalServerError</c>.</summary>
    public static bool IsError(string? name) =>
        name is not null && (name.EndsWith("error", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("exception", StringComparison.OrdinalIgnoreCase) || Words(name).Any(Errors.Contains));

    /// <summary>May hold text of the answer. An event with no name is a message.</summary>
    public static bool IsText(string? name) => string.IsNullOrEmpty(name) || (Words(name).Any(Texts.Contains) && !IsReasoning(name));

    public static bool IsReasoning(string? name) =>
        name is not null && (name.Contains("reason", StringComparison.OrdinalIgnoreCase) || name.Contains("think", StringComparison.OrdinalIgnoreCase)
            || name.Contains("thought", StringComparison.OrdinalIgnoreCase));

    /// <summary>An event about a tool: what text it has is arguments, or a result.</summary>
    public static bool IsTool(string? name) =>
        name is not null && Words(name).Any(word => word is "function" or "arguments" or "mcp" or "interpreter" or "tool");

    public static bool IsDone(string? name) => string.Equals(name, "done", StringComparison.OrdinalIgnoreCase);

    private static string[] Words(string name) => name.Split(['.', '_', '-', '/', ':', ' '], StringSplitOptions.RemoveEmptyEntries);
}
