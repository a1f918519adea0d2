using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>Finds what went wrong in what a provider sent: providers say it at any level, and in many shapes.</summary>
internal static class ProviderErrors
{
    public const string NoWords = "an error with no words";

    private const int MaxDepth = 8;
    private const int MaxRawChars = 1024;

    private static readonly HashSet<string> ErrorFields = new(StringComparer.OrdinalIgnoreCase)
    {
        "error", "errors", "error_message", "errorMessage", "error_msg", "errorMsg", "exception",
    };

    /// <summary>What stands in these is part of an answer that goes on: a tool's failure, a filter that did not
    /// run.</summary>
    private static readonly HashSet<string> OfTheAnswer = new(StringComparer.OrdinalIgnoreCase)
    {
        "tool_calls", "tool_call", "tool_results", "function_call", "functionCall", "executed_tools", "arguments", "args", "input", "annotations", "citations", "search_results", "web_search", "logprobs",
        "content_filter_results", "content_filter_result", "prompt_filter_results", "prompt_annotations", "prompt_feedback",
    };

    private static readonly string[] WordFields = ["message", "msg", "detail", "error_description", "error_message", "errorMessage", "error_msg", "status_msg", "reason", "title"];

    /// <summary>The provider's words; null: nothing went wrong.</summary>
    public static string? Find(JsonElement chunk) => Search(chunk, 0) ?? (FlatError.Is(chunk) ? Words(chunk) : null);

    /// <summary>Providers say what went wrong in one of several ways; what is none of them is shown as it is.</summary>
    public static string Words(JsonElement error) => Message(error) ?? (error.ValueKind == JsonValueKind.True ? NoWords : Raw(error));

    /// <summary>Null where it has none.</summary>
    public static string? Message(JsonElement error)
    {
        if (ProviderJson.Text(error) is { } text) return string.IsNullOrWhiteSpace(text) ? null : text;
        if (error.ValueKind == JsonValueKind.Array) return error.EnumerateArray().Select(Message).FirstOrDefault(words => words is not null);
        if ((ProviderJson.Member(error, "error") ?? ProviderJson.Member(error, "base_resp")) is { } inner && Message(inner) is { } words) return words;
        return WordFields.Select(field => ProviderJson.Member(error, field) is { } given ? Message(given) : null).FirstOrDefault(said => said is not null);
    }

    private static string? Search(JsonElement value, int depth)
    {
        if (depth > MaxDepth) return null;
        if (value.ValueKind == JsonValueKind.Array)
            return value.EnumerateArray().Select(item => Search(item, depth + 1)).FirstOrDefault(words => words is not null);
        if (value.ValueKind != JsonValueKind.Object) return null;
        foreach (var member in value.EnumerateObject())
        {
            var isError = ErrorFields.Contains(member.Name);
            if (isError && !ProviderJson.IsNothing(member.Value)) return Message(member.Value) ?? Message(value) ?? Words(member.Value);
            if (isError || OfTheAnswer.Contains(member.Name)) continue;
            if (Search(member.Value, depth + 1) is { } words) return words;
        }

        return null;
    }

    private static string Raw(JsonElement error)
    {
        var raw = error.GetRawText();
        return raw.Length <= MaxRawChars ? raw : raw[..MaxRawChars];
    }
}
